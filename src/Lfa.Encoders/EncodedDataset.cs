using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Pipeline;

namespace Lfa.Encoders;

/// <summary>The features of a dataset.</summary>
/// <param name="Features">The images that could be read, and the class prototypes, with the encoders of both.</param>
/// <param name="Unreadable">The images that could not be read, in the order of the dataset.</param>
public sealed record EncodedDataset(FeatureSet Features, IReadOnlyList<UnreadableImage> Unreadable)
{
    internal static EncodedDataset Create(ImageDataset dataset, IReadOnlyList<EncodedImage> images, TextFeatures texts, IImageFeatureSource source)
    {
        var all = EncodedBatch.Create(dataset.Items, 0, images, source.CropCount);
        if (all.Items.Count == 0)
            throw BadInput.NoneReadable(all.Unreadable);
        int[] labels = dataset.IsLabeled ? [.. all.Items.Select(item => item.Label)] : [];
        var features = new FeatureSet(all.Crops, texts.ClassPrototypes, labels, dataset.ClassNames, [.. all.Items.Select(item => item.Name)], normalize: false)
        {
            // The temperature of a model is that of its own space, which texts of an unknown encoder need not share.
            ImageEncoder = source.Identity is { } encoder ? encoder with { Dimension = all.Crops[0].Columns, Temperature = texts.Encoder is null ? null : encoder.Temperature } : null,
            TextEncoder = texts.Encoder,
        };
        return new EncodedDataset(texts.Prompts is { } prompts ? features.WithPrompts(prompts, texts.Encoder) : features, all.Unreadable);
    }
}
