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

    /// <summary>Gets the prompts of the C classes, which are written in place of the prototypes, their means; null for one a class. Default: null.</summary>
    public ClassPrompts? Prompts { get; init; }

    /// <summary>Gets the names of the C classes. Default: none.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>Gets the class of each image, n values from 0 to C − 1; empty for images without labels. Default: empty.</summary>
    public ReadOnlyMemory<int> Labels { get; init; }

    /// <summary>Gets the names of the n images, or null. Default: null.</summary>
    public IReadOnlyList<string>? FileNames { get; init; }

    /// <summary>Gets the encoder of the images. Default: unknown.</summary>
    public EncoderIdentity? ImageEncoder { get; init; }

    /// <summary>Gets the encoder of the class names. Default: unknown.</summary>
    public EncoderIdentity? TextEncoder { get; init; }

    /// <summary>Takes a task.</summary>
    internal static FeatureFileContent From(FeatureSet set) => new()
    {
        ImageCount = set.SampleCount,
        Dimension = set.Dimension,
        CropCount = set.Crops.Count,
        ClassPrototypes = set.ClassPrototypes,
        Prompts = set.Prompts,
        ClassNames = set.ClassNames,
        Labels = set.Labels,
        FileNames = set.FileNames,
        ImageEncoder = set.ImageEncoder,
        TextEncoder = set.TextEncoder,
    };

    /// <summary>Gets the shape of the image features, n × d or n × crops × d.</summary>
    internal long[] ImageShape => CropCount == 1 ? [ImageCount, Dimension] : [ImageCount, CropCount, Dimension];

    /// <summary>Writes the image features part by part and checks that they are as many as announced.</summary>
    internal void WriteImages(IEnumerable<ReadOnlyMemory<float>> imageFeatures, Action<ReadOnlyMemory<float>> write)
    {
        var left = (long)ImageCount * CropCount * Dimension;
        foreach (var part in imageFeatures)
        {
            write(part);
            left -= part.Length;
        }
        if (left != 0)
            throw new LfaDataException(Invariant($"The image features have {-left:+#;-#} values beside the {ImageCount} × {CropCount} × {Dimension} announced."));
    }

    /// <summary>Throws where parts contradict each other.</summary>
    internal void ThrowIfContradictory()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ImageCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(CropCount, 1);
        if (ClassPrototypes is { } prototypes && prototypes.Rows != ClassNames.Count)
            throw new LfaDataException(Invariant($"classPrototypes is {prototypes.Rows} × {prototypes.Columns} but there are {ClassNames.Count} class names; give one for each row."));
        if (Prompts is { } prompts && (prompts.ClassCount, prompts.Features.Columns) != (ClassPrototypes?.Rows, ClassPrototypes?.Columns))
            throw new LfaDataException(Invariant($"The prompts are of {prompts.ClassCount} classes and {prompts.Features.Columns} components; class prototypes must be their means."));
        if (FileNames is { } names && names.Count != ImageCount)
            throw new LfaDataException(Invariant($"There are {names.Count} file names but {ImageCount} images."));
        if (Labels.Length > 0 && (ClassPrototypes is null || Labels.Length != ImageCount))
            throw new LfaDataException(Invariant($"There are {Labels.Length} labels but {ImageCount} images and {ClassNames.Count} classes."));
        foreach (var label in Labels.Span)
        {
            if ((uint)label >= (uint)ClassNames.Count)
                throw new LfaDataException(Invariant($"The label {label} is none of the classes 0 to {ClassNames.Count - 1}."));
        }
        ThrowIfOther(ImageEncoder, Dimension, "image features");
        ThrowIfOther(TextEncoder, ClassPrototypes?.Columns, "text features");
    }

    private static void ThrowIfOther(EncoderIdentity? encoder, int? columns, string features)
    {
        if (encoder?.Dimension is { } dimension && columns is not null && columns != dimension)
            throw new LfaDataException(Invariant($"The {features} have {columns} components but the embeddings of {encoder.Name} have {dimension}; these are not its features. Embed again, or leave its identity out."));
    }
}
