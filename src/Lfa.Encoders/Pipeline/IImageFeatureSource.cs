using Lfa.Data;
using Lfa.Encoders.Datasets;

namespace Lfa.Encoders.Pipeline;

/// <summary>Embeds the images of a dataset.</summary>
internal interface IImageFeatureSource : IDisposable
{
    /// <summary>Gets a text, fit for the name of a file, that differs between sources that embed an image differently.</summary>
    string Fingerprint { get; }

    /// <summary>Gets the encoder, without its dimension; null where it is unknown.</summary>
    EncoderIdentity? Identity { get; }

    /// <summary>Gets the number of crops embedded of each image.</summary>
    int CropCount { get; }

    /// <summary>Gets how many images make a batch.</summary>
    int BatchSize { get; }

    /// <summary>Embeds images.</summary>
    /// <param name="items">The images.</param>
    /// <param name="start">The first to take, a multiple of <see cref="BatchSize"/>.</param>
    /// <param name="cancellationToken">Stops the work between two images.</param>
    /// <returns>The batches in order; enumerating them drives the work.</returns>
    IEnumerable<EncodedImage[]> Encode(IReadOnlyList<ImageItem> items, int start, CancellationToken cancellationToken);
}
