using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Pipeline;

namespace Lfa.Encoders;

/// <summary>The features of a dataset.</summary>
/// <param name="Features">The images that could be read, and the class prototypes, with the encoders of both.</param>
/// <param name="Unreadable">The images that could not be read, in the order of the dataset.</param>
/// <param name="FitOptions">The options of a fit to these features: the defaults, with the name and fingerprint of the encoder, and its temperature where its files tell one.</param>
public sealed record EncodedDataset(FeatureSet Features, IReadOnlyList<UnreadableImage> Unreadable, LfaOptions FitOptions)
{
    internal static EncodedDataset Create(ImageDataset dataset, IReadOnlyList<EncodedImage> images, TextFeatures texts, IImageFeatureSource source, LfaOptions fitOptions)
    {
        var all = EncodedBatch.Create(dataset.Items, 0, images, source.CropCount);
        if (all.Items.Count == 0)
            throw BadInput.NoneReadable(all.Unreadable);
        int[] labels = dataset.IsLabeled ? [.. all.Items.Select(item => item.Label)] : [];
        var features = new FeatureSet(all.Crops, texts.ClassPrototypes, labels, dataset.ClassNames, [.. all.Items.Select(item => item.Name)], normalize: false)
        {
            ImageEncoder = source.Identity is { } encoder ? encoder with { Dimension = all.Crops[0].Columns } : null,
            TextEncoder = texts.Encoder,
        };
        return new EncodedDataset(features, all.Unreadable, fitOptions);
    }
}
