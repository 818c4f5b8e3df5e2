using Lfa.Encoders.Datasets;

namespace Lfa.Protocols;

/// <summary>A feature file of a protocol.</summary>
/// <param name="Name">What the results call it.</param>
/// <param name="Path">The path to open.</param>
public sealed record DataFile(string Name, string Path)
{
    /// <summary>Gets the pictures that <see cref="PictureFeatures"/> embeds to it, or null for a file that is there. Default: null.</summary>
    public KnownPictures? Pictures { get; init; }
}

/// <summary>The pictures of a data set that is known by name.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Split">The split.</param>
/// <param name="Root">The folder of all data sets.</param>
public sealed record KnownPictures(KnownDataset Dataset, DatasetSplit Split, string Root);
