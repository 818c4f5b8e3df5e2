using System.Text.Json;

namespace Lfa.Encoders.Api;

/// <summary>Reads what an embeddings API answers: {"data": [{"index": 0, "embedding": [0.1, …]}, …]}.</summary>
internal static class EmbeddingsAnswer
{
    /// <summary>Reads the embeddings, ordered by their index; where an entry has none, its place is its index.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="count">The number of texts that were sent.</param>
    /// <param name="width">The number of components to expect, or null for any.</param>
    /// <param name="failures">Words what is wrong.</param>
    /// <returns>One embedding for each text.</returns>
    public static float[][] Read(byte[] body, int count, int? width, EmbeddingsFailures failures)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Order(document.RootElement.GetProperty("data"), count, width, failures);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw failures.Malformed("with something that is not the JSON of embeddings", e);
        }
    }

    private static float[][] Order(JsonElement data, int count, int? width, EmbeddingsFailures failures)
    {
        if (data.GetArrayLength() != count)
            throw failures.Malformed(Invariant($"{count} texts with {data.GetArrayLength()} embeddings"));
        var ordered = new float[count][];
        foreach (var (place, entry) in data.EnumerateArray().Index())
        {
            var index = entry.TryGetProperty("index", out var given) ? given.GetInt32() : place;
            if ((uint)index >= (uint)count || ordered[index] is not null)
                throw failures.Malformed(Invariant($"with an embedding of the index {index}, which is {((uint)index >= (uint)count ? Invariant($"not from 0 to {count - 1}") : "there twice")}"));
            ordered[index] = Components(entry.GetProperty("embedding"), width, failures);
            width = ordered[index].Length;
        }
        return ordered;
    }

    private static float[] Components(JsonElement values, int? width, EmbeddingsFailures failures)
    {
        float[] embedding = [.. values.EnumerateArray().Select(value => value.GetSingle())];
        if (width is { } expected && embedding.Length != expected)
            throw failures.Malformed(Invariant($"with an embedding of {embedding.Length} components where {expected} are expected"));
        return embedding.All(float.IsFinite) && embedding.Any(value => value != 0)
            ? embedding
            : throw failures.Malformed("with an embedding that is zero or not finite");
    }
}
