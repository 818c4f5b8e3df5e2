using Lfa.Data;

namespace Lfa.Encoders.Pipeline;

/// <summary>Takes the prompts of class names that were embedded before from a cache, and embeds only the others.</summary>
internal sealed class CachedTextSource(ITextFeatureSource source, Func<string> fingerprint, string folder) : ITextFeatureSource
{
    public EncoderIdentity? Identity => source.Identity;

    public int PromptCount => source.PromptCount;

    public string Sentences => source.Sentences;

    public IReadOnlyList<float[]> Encode(IReadOnlyList<string> classNames, CancellationToken cancellationToken)
    {
        using var cache = FeatureCache.Open(fingerprint() + "-prompts", folder);
        UInt128[] keys = [.. classNames.Select(name => ContentHash.OfText($"{Sentences}\0{name}"))];
        var prompts = Array.ConvertAll(keys, cache.Find);
        int[] unknown = [.. Enumerable.Range(0, keys.Length).Where(index => prompts[index] is null)];
        var encoded = unknown.Length == 0 ? [] : source.Encode([.. unknown.Select(index => classNames[index])], cancellationToken);
        foreach (var (index, ofName) in unknown.Zip(encoded))
        {
            prompts[index] = ofName;
            cache.Add(keys[index], ofName);
        }
        return prompts!;
    }

    public void Dispose() => source.Dispose();
}
