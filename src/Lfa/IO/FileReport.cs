namespace Lfa.IO;

/// <summary>Represents what a file holds and what is wrong with it.</summary>
public sealed record FileReport
{
    /// <summary>Gets the path of the file, as it was given.</summary>
    public required string Path { get; init; }

    /// <summary>Gets what the file is.</summary>
    public required FileKind Kind { get; init; }

    /// <summary>Gets the arrays, in the order of the file.</summary>
    public IReadOnlyList<ArrayReport> Arrays { get; init; } = [];

    /// <summary>Gets the metadata of a model, strings by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the classes of a feature file, or null.</summary>
    public ClassReport? Classes { get; init; }

    /// <summary>Gets what keeps the file from being used, a sentence each, of one line.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Gets what is worth knowing but keeps nothing from working, a sentence each, of one line.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
