namespace Lfa.Encoders.Text;

/// <summary>Represents the token ids of several texts, padded to one length, as a text encoder takes them.</summary>
/// <param name="Ids">The ids, count × length, by rows.</param>
/// <param name="Mask">1 where the model reads the id and 0 where it does not, which is padding, count × length, by rows.</param>
/// <param name="Count">The number of texts.</param>
/// <param name="Length">The number of ids a text, padding included.</param>
internal sealed record TokenBatch(ReadOnlyMemory<long> Ids, ReadOnlyMemory<long> Mask, int Count, int Length);
