using System.Buffers;

namespace Lfa.Protocols;

/// <summary>The names of datasets and domains, which stand in tables and names of files.</summary>
internal static class DataName
{
    private static readonly string[] Reserved = ["average", "source"]; // a plot, and a column

    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>Gets what tells names apart: not upper and lower case, which some systems take for one in names of files.</summary>
    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    /// <summary>Returns the name, or throws.</summary>
    public static string Check(string name) => !string.IsNullOrEmpty(name) && !Reserved.Contains(name, Comparer) && !name.AsSpan().ContainsAnyExcept(Characters) && name.Trim('.').Length > 0
        ? name
        : throw new LfaDataException($"\"{name}\" cannot name a dataset; take letters, digits, -, _ and ., and another name than {string.Join(" and ", Reserved)}.");
}
