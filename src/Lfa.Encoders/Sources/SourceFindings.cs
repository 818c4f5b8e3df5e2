using Lfa.Encoders.Datasets;

namespace Lfa.Encoders.Sources;

/// <summary>What was passed over while images were read.</summary>
public sealed record SourceFindings
{
    /// <summary>Gets the value for a source of which nothing was passed over.</summary>
    public static SourceFindings None { get; } = new();

    /// <summary>Gets what was skipped while images were looked for, one line each: links in a loop, folders that cannot be read. Default: none.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Gets the number of files that are neither images nor videos. Default: 0.</summary>
    public int IgnoredFiles { get; init; }

    /// <summary>Gets the images that could not be read, in their order. Default: none.</summary>
    public IReadOnlyList<UnreadableImage> Unreadable { get; init; } = [];

    internal static SourceFindings Create(ImageDataset dataset, IReadOnlyList<UnreadableImage> unreadable) =>
        new() { Warnings = dataset.Warnings, IgnoredFiles = dataset.IgnoredFiles, Unreadable = unreadable };
}
