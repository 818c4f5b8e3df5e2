using Lfa.Data;

namespace Lfa.Encoders.Pipeline;

/// <summary>Takes the prototypes of class names that were embedded before from a cache, and embeds only the others.</summary>
internal sealed class CachedTextSource(ITextFeatureSource source, Func<string> fingerprint, string folder) : ITextFeatureSource
{
    public EncoderIdentity? Identity => source.Identity;

    public string Sentences => source.Sentences;

    public IReadOnlyList<float[]> Encode(IReadOnlyList<string> classNames, CancellationToken cancellationToken)
    {
        using var cache = FeatureCache.Open(fingerprint() + "-texts", folder);
        UInt128[] keys = [.. classNames.Select(name => ContentHash.OfText($"{Sentences}\0{name}"))];
        var prototypes = Array.ConvertAll(keys, cache.Find);
        int[] unknown = [.. Enumerable.Range(0, keys.Length).Where(index => prototypes[index] is null)];
        var encoded = unknown.Length == 0 ? [] : source.Encode([.. unknown.Select(index => classNames[index])], cancellationToken);
        foreach (var (index, prototype) in unknown.Zip(encoded))
        {
            prototypes[index] = prototype;
            cache.Add(keys[index], prototype);
        }
        return prototypes!;
    }

    public void Dispose() => source.Dispose();
}
