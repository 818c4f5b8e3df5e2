using Lfa.Data;
using Lfa.Encoders.Datasets;

namespace Lfa.Encoders.Pipeline;

/// <summary>Takes the features of images that were embedded before from a cache, and embeds only the others.</summary>
internal sealed class CachedImageSource(IImageFeatureSource source, string folder) : IImageFeatureSource
{
    // Files read at once to see whether they are known.
    private const int ItemsPerLook = 1024;

    public string Fingerprint => source.Fingerprint;

    public EncoderIdentity? Identity => source.Identity;

    public int CropCount => source.CropCount;

    public int BatchSize => source.BatchSize;

    public IEnumerable<EncodedImage[]> Encode(IReadOnlyList<ImageItem> items, int start, CancellationToken cancellationToken)
    {
        using var cache = FeatureCache.Open(Fingerprint, folder);
        foreach (var part in items.Skip(start).Chunk(ItemsPerLook))
        {
            foreach (var batch in Encode(part, cache, cancellationToken))
                yield return batch;
        }
    }

    public void Dispose()
    {
        // The source belongs to its maker.
    }

    private IEnumerable<EncodedImage[]> Encode(ImageItem[] items, FeatureCache cache, CancellationToken cancellationToken)
    {
        var keys = OrderedPipeline.Run(items.Length, 2 * Environment.ProcessorCount, index => KeyOf(items[index], cancellationToken)).ToArray();
        var encoded = Array.ConvertAll(keys, key => new EncodedImage(key is null ? null : cache.Find(key.Value), null));
        int[] unknown = [.. Enumerable.Range(0, items.Length).Where(index => encoded[index].Features is null)];
        var (done, given) = (0, 0);
        foreach (var batch in source.Encode([.. unknown.Select(index => items[index])], 0, cancellationToken))
        {
            foreach (var image in batch)
            {
                var index = unknown[done++];
                encoded[index] = image;
                if (keys[index] is { } key && image.Features is { } features)
                    cache.Add(key, features);
            }
            // Up to the next one that is still unknown.
            var end = done < unknown.Length ? unknown[done] : items.Length;
            yield return encoded[given..end];
            given = end;
        }
        if (given < items.Length)
            yield return encoded[given..];
    }

    // A file that cannot be read has no key; the source will say what is wrong with it.
    private static UInt128? KeyOf(ImageItem item, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (!ImageFile.HasContent(item))
                return null;
            // The name decides whether the content is taken for a video.
            return item.IsVideo ? ~ContentHash.OfItem(item) : ContentHash.OfItem(item);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
