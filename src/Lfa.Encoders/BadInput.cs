namespace Lfa.Encoders;

/// <summary>Words what is wrong with an input in one line that begins with its path.</summary>
internal static class BadInput
{
    /// <summary>Makes the exception for a file or folder that cannot be used.</summary>
    public static LfaDataException At(string path, string problem, Exception? inner = null) => new(OneLine.Of($"{path}: {problem}"), inner) { Subject = path };

    /// <summary>Makes the exception for a file that the caller names: one line.</summary>
    public static LfaDataException Because(string problem, Exception? inner = null) => new(OneLine.Of(problem), inner);

    /// <summary>Makes the exception for a list of class names that is empty.</summary>
    public static LfaDataException NoClassName() => new("There is no class name; give one at least.");

    /// <summary>Makes the exception for images of which none can be read.</summary>
    public static LfaDataException NoneReadable(IReadOnlyList<UnreadableImage> images)
    {
        var first = $"{images[0].Name}: {images[0].Problem}";
        return new LfaDataException(OneLine.Of(images.Count == 1 ? first : Invariant($"none of the {images.Count} images can be read; the first: {first}"))) { Subject = images[0].Name };
    }

    /// <summary>Runs a step; what it finds wrong without naming a file is told of a subject.</summary>
    public static T Naming<T>(string subject, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (LfaDataException e) when (IsUnnamed(e))
        {
            throw At(subject, e.Message, e);
        }
    }

    /// <inheritdoc cref="Naming{T}"/>
    public static async Task<T> NamingAsync<T>(string subject, Func<Task<T>> step)
    {
        try
        {
            return await step().ConfigureAwait(false);
        }
        catch (LfaDataException e) when (IsUnnamed(e))
        {
            throw At(subject, e.Message, e);
        }
    }

    // What is wrong with a file names it already.
    private static bool IsUnnamed(LfaDataException e) => !Path.Exists(e.Subject);
}
