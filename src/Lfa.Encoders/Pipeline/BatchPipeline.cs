namespace Lfa.Encoders.Pipeline;

/// <summary>Prepares inputs side by side while earlier ones are encoded in batches.</summary>
/// <remarks>An input that cannot be prepared takes no place in its batch, so which inputs share a batch depends on their order alone.</remarks>
/// <typeparam name="TInput">What is to be encoded.</typeparam>
/// <typeparam name="TPrepared">What the encoder takes.</typeparam>
/// <param name="batchSize">How many inputs make a batch.</param>
/// <param name="prepare">Reads an input; what it throws for unreadable ones becomes their <see cref="EncodedImage.Problem"/>.</param>
/// <param name="encode">Encodes a batch: one outcome for each prepared input, in their order.</param>
internal sealed class BatchPipeline<TInput, TPrepared>(int batchSize, Func<TInput, TPrepared> prepare, Func<IReadOnlyList<TPrepared>, IReadOnlyList<EncodedImage>> encode)
{
    // One batch is encoded while the next is prepared.
    private const int BatchesAhead = 2;

    /// <summary>Encodes inputs.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="start">The first to take, a multiple of the batch size.</param>
    /// <param name="cancellationToken">Stops the work between two inputs.</param>
    /// <returns>The batches in order; enumerating them drives the work.</returns>
    public IEnumerable<EncodedImage[]> Run(IReadOnlyList<TInput> inputs, int start, CancellationToken cancellationToken)
    {
        var prepared = OrderedPipeline.Run(inputs.Count - start, BatchesAhead * batchSize, index => Prepare(inputs[start + index], cancellationToken));
        foreach (var batch in prepared.Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Encode(batch);
        }
    }

    private Prepared Prepare(TInput input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return new Prepared(prepare(input), null);
        }
        catch (Exception e) when (e is LfaDataException or IOException or UnauthorizedAccessException)
        {
            return new Prepared(default, e.Message);
        }
    }

    private EncodedImage[] Encode(Prepared[] batch)
    {
        TPrepared[] readable = [.. batch.Where(item => item.Problem is null).Select(item => item.Value!)];
        var encoded = new Queue<EncodedImage>(readable.Length == 0 ? [] : encode(readable));
        return [.. batch.Select(item => item.Problem is null ? encoded.Dequeue() : new EncodedImage(null, item.Problem))];
    }

    private readonly record struct Prepared(TPrepared? Value, string? Problem);
}
