using Lfa.Encoders.Datasets;

namespace Lfa.Encoders.Pipeline;

/// <summary>Embeds the pictures of a data set.</summary>
internal interface IImageFeatureSource : IDisposable
{
    /// <summary>Gets a text, fit for the name of a file, that differs between sources that embed a picture differently.</summary>
    string Fingerprint { get; }

    /// <summary>Gets the number of crops embedded of each picture.</summary>
    int CropCount { get; }

    /// <summary>Gets how many pictures make a batch.</summary>
    int BatchSize { get; }

    /// <summary>Embeds pictures.</summary>
    /// <param name="items">The pictures.</param>
    /// <param name="start">The first to take, a multiple of <see cref="BatchSize"/>.</param>
    /// <param name="cancellationToken">Stops the work between two pictures.</param>
    /// <returns>The batches in order; enumerating them drives the work.</returns>
    IEnumerable<EncodedImage[]> Encode(IReadOnlyList<ImageItem> items, int start, CancellationToken cancellationToken);
}
