using System.Buffers;

namespace Lfa.Protocols;

/// <summary>A data set of a protocol: what to fit to and what to measure on.</summary>
public sealed record ProtocolData
{
    private const string Reserved = "average";

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>Gets the name, which results and plots carry: letters, digits, "-", "_" and ".", and not "average".</summary>
    /// <exception cref="ArgumentException">The name has another character, or is taken.</exception>
    public required string Name
    {
        get;
        init => field = IsName(value) ? value : throw new ArgumentException($"\"{value}\" cannot name a data set; take letters, digits, -, _ and ., and another name than {Reserved}.");
    }

    /// <summary>Gets the file to fit to.</summary>
    public required DataFile Train { get; init; }

    /// <summary>Gets the file to measure on.</summary>
    public required DataFile Test { get; init; }

    /// <summary>Gets the other domains to measure on, by their names. Default: none.</summary>
    public IReadOnlyList<ProtocolTarget> Targets { get; init; } = [];

    /// <summary>Gets the iterations of the refinement on this data set, at least 1, or null for those of the plan. Default: null.</summary>
    public int? Iterations { get; init; }

    /// <summary>Gets every file, the one to fit to first.</summary>
    public IEnumerable<DataFile> Files => [Train, Test, .. Targets.Select(target => target.Test)];

    /// <summary>Returns the file that a part of the results was measured on.</summary>
    /// <param name="part">The part: a target's name, or any other for the test file.</param>
    public DataFile MeasuredOn(string part) => Targets.FirstOrDefault(target => target.Name == part)?.Test ?? Test;

    private static bool IsName(string value) => value is not (null or "" or Reserved) && !value.AsSpan().ContainsAnyExcept(NameCharacters) && value.Trim('.').Length > 0;
}

/// <summary>Another domain that a classifier is measured on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Test">The file with its images.</param>
public sealed record ProtocolTarget(string Name, DataFile Test);
