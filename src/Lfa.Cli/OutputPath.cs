
namespace Lfa.Cli;

/// <summary>Checks where a command is to write, before it works.</summary>
internal static class OutputPath
{
    /// <summary>Throws when the file cannot be written, or would replace one that the command reads.</summary>
    public static void Check(string? output, params ReadOnlySpan<string?> inputs)
    {
        if (output is null)
            return;
        foreach (var input in inputs)
        {
            if (input is not null && Target(input) == Target(output))
                throw new BadInputException($"{output}: the output would replace an input; give -o another name.");
        }
        AtomicFile.ThrowIfNotWritable(output);
    }

    /// <summary>Returns the file that a name stands for in the end: writing follows links.</summary>
    private static string Target(string path)
    {
        path = Path.GetFullPath(path); // From a relative name, .NET resolves a relative link against the root.
        return File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.FullName : path;
    }

    /// <summary>Throws when the name does not end in one of the given ways.</summary>
    public static void RequireExtension(string output, params ReadOnlySpan<string> extensions)
    {
        if (!extensions.Contains(Path.GetExtension(output).ToLowerInvariant()))
            throw new BadInputException($"{output}: the name of the output must end in {string.Join(" or ", extensions.ToArray())}.");
    }
}
