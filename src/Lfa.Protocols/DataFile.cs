using Lfa.Encoders.Datasets;

namespace Lfa.Protocols;

/// <summary>A feature file of a protocol.</summary>
/// <param name="Name">What the results call it.</param>
/// <param name="Path">The path to open.</param>
public sealed record DataFile(string Name, string Path)
{
    /// <summary>Gets the images that <see cref="EmbeddedImages"/> embeds to it, or null for a file that is there. Default: null.</summary>
    public DatasetImages? Images { get; init; }
}

/// <summary>The images of a dataset that is known by name.</summary>
/// <param name="Dataset">The dataset.</param>
/// <param name="Split">The split.</param>
/// <param name="Root">The folder of all datasets.</param>
public sealed record DatasetImages(DatasetDescription Dataset, DatasetSplit Split, string Root);
