namespace Lfa.Encoders.Hub;

/// <summary>Checks the names that come into addresses and folders of the cache.</summary>
internal static class RepositoryName
{
    private const int LongestName = 96;

    /// <summary>Returns whether a text is "name" or "owner/name" in the characters that the hub allows.</summary>
    public static bool IsValid(string text) =>
        text.Length <= LongestName && text.Split('/') is { Length: 1 or 2 } parts && Array.TrueForAll(parts, IsPart);

    /// <summary>Returns whether a text can be a branch, a tag or a commit.</summary>
    public static bool IsRevision(string text) => text.Length <= 255 && Array.TrueForAll(text.Split('/'), IsPart);

    /// <summary>Returns whether a path of a repository stays within its folder, on every system.</summary>
    public static bool IsSafePath(string path) =>
        !path.Any(character => character is '\\' or ':' || char.IsControl(character))
        && Array.TrueForAll(path.Split('/'), part => part is not ("" or "." or ".."));

    // "--" stands for the slash in the cache, so no name holds it.
    private static bool IsPart(string part) =>
        part.Length > 0 && part[0] is not ('.' or '-') && part[^1] is not '.'
        && part.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.')
        && !part.Contains("--", StringComparison.Ordinal) && !part.Contains("..", StringComparison.Ordinal);
}
