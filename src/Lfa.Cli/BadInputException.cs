namespace Lfa.Cli;

/// <summary>Reports something that the user can put right, in one line.</summary>
internal sealed class BadInputException : Exception
{
    public BadInputException(string message)
        : base(message)
    {
    }

    public BadInputException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Runs a step of the library; what it finds wrong with its arguments becomes a report about a file.</summary>
    /// <param name="path">The file that the arguments came from.</param>
    /// <param name="step">The step.</param>
    public static T Naming<T>(string path, Func<T> step)
    {
        try
        {
            return step();
        }
        // What is wrong with a file names it already.
        catch (LfaDataException e) when (!Path.Exists(e.Subject))
        {
            throw new BadInputException($"{path}: {e.Message}", e);
        }
    }

    /// <inheritdoc cref="Naming{T}"/>
    public static void Naming(string path, Action step) => Naming(path, () =>
    {
        step();
        return true;
    });

    /// <summary>Removes what .NET adds to the message of an argument exception: the parameter's name, and a line with its value.</summary>
    public static string WithoutParameter(string message)
    {
        var end = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
