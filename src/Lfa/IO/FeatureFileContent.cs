using Lfa.Data;

namespace Lfa.IO;

/// <summary>Everything of a feature file but the image features, for writing these row by row.</summary>
public sealed record FeatureFileContent
{
    /// <summary>Gets the number of images n.</summary>
    public required int ImageCount { get; init; }

    /// <summary>Gets the number of components d of the embedding of an image.</summary>
    public required int Dimension { get; init; }

    /// <summary>Gets the number of crops stored of each image. Default: 1.</summary>
    public int CropCount { get; init; } = 1;

    /// <summary>Gets the text features of the class names, C × d, or of another number of columns in two spaces; null for images without classes. Default: null.</summary>
    public Matrix? ClassPrototypes { get; init; }

    /// <summary>Gets the names of the C classes. Default: none.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>Gets the class of each image, n values from 0 to C − 1; empty for images without labels. Default: empty.</summary>
    public ReadOnlyMemory<int> Labels { get; init; }

    /// <summary>Gets the names of the n images, or null. Default: null.</summary>
    public IReadOnlyList<string>? FileNames { get; init; }
}
