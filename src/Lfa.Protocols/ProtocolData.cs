namespace Lfa.Protocols;

/// <summary>A dataset of a protocol: what to fit to and what to measure on.</summary>
public sealed record ProtocolData
{
    /// <summary>Gets the name, which results and plots carry: letters, digits, "-", "_" and ".", and not "average" or "source".</summary>
    /// <exception cref="LfaDataException">The name has another character, or is taken.</exception>
    public required string Name
    {
        get;
        init => field = DataName.Check(value);
    }

    /// <summary>Gets the file to fit to.</summary>
    public required DataFile Train { get; init; }

    /// <summary>Gets the file to measure on.</summary>
    public required DataFile Test { get; init; }

    /// <summary>Gets the file with text features that take the place of those in the other files, found by the names of the classes; null for none. Default: null.</summary>
    public DataFile? Text { get; init; }

    /// <summary>Gets the other domains to measure on, by their names. Default: none.</summary>
    public IReadOnlyList<ProtocolTarget> Targets { get; init; } = [];

    /// <summary>Gets the iterations of the refinement on this dataset, at least 1, or null for those of the plan. Default: null.</summary>
    public int? Iterations { get; init; }

    /// <summary>Gets every file, the one to fit to first.</summary>
    public IEnumerable<DataFile> Files => [Train, Test, .. Targets.Select(target => target.Test), .. Text is null ? Array.Empty<DataFile>() : [Text]];

    /// <summary>Returns the file that a part of the results was measured on.</summary>
    /// <param name="part">The part: a target's name, or any other for the test file.</param>
    public DataFile MeasuredOn(string part) => Targets.FirstOrDefault(target => target.Name == part)?.Test ?? Test;
}

/// <summary>Another domain that a classifier is measured on.</summary>
public sealed record ProtocolTarget
{
    /// <summary>Gets the name, by the rules of <see cref="ProtocolData.Name"/>.</summary>
    /// <exception cref="LfaDataException">The name has another character, or is taken.</exception>
    public required string Name
    {
        get;
        init => field = DataName.Check(value);
    }

    /// <summary>Gets the file with its images.</summary>
    public required DataFile Test { get; init; }
}
