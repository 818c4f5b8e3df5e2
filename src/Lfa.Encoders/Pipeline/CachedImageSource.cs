using Lfa.Encoders.Datasets;

namespace Lfa.Encoders.Pipeline;

/// <summary>Takes the features of pictures that were embedded before from a cache, and embeds only the others.</summary>
internal sealed class CachedImageSource(IImageFeatureSource source, string folder) : IImageFeatureSource
{
    // Files read at once to see whether they are known.
    private const int ItemsPerLook = 1024;

    public string Fingerprint => source.Fingerprint;

    public int CropCount => source.CropCount;

    public int BatchSize => ItemsPerLook;

    public IEnumerable<EncodedImage[]> Encode(IReadOnlyList<ImageItem> items, int start, CancellationToken cancellationToken)
    {
        using var cache = FeatureCache.Open(Fingerprint, folder);
        foreach (var part in items.Skip(start).Chunk(ItemsPerLook))
            yield return Encode(part, cache, cancellationToken);
    }

    public void Dispose()
    {
        // The source belongs to its maker.
    }

    private EncodedImage[] Encode(ImageItem[] items, FeatureCache cache, CancellationToken cancellationToken)
    {
        var keys = OrderedPipeline.Run(items.Length, 2 * Environment.ProcessorCount, index => KeyOf(items[index], cancellationToken)).ToArray();
        var encoded = Array.ConvertAll(keys, key => new EncodedImage(key is null ? null : cache.Find(key.Value), null));
        int[] unknown = [.. Enumerable.Range(0, items.Length).Where(index => encoded[index].Features is null)];
        var done = 0;
        foreach (var image in source.Encode([.. unknown.Select(index => items[index])], 0, cancellationToken).SelectMany(batch => batch))
        {
            var index = unknown[done++];
            encoded[index] = image;
            if (keys[index] is { } key && image.Features is { } features)
                cache.Add(key, features);
        }
        return encoded;
    }

    // A file that cannot be read has no key; the source will say what is wrong with it.
    private static UInt128? KeyOf(ImageItem item, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return PictureFile.HasContent(item.Path) ? ContentHash.OfFile(item.Path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
