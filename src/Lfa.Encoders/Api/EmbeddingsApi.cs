using Lfa.Encoders.Http;
using Lfa.Encoders.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lfa.Encoders.Api;

/// <summary>Embeds texts with an API that answers POST …/embeddings as OpenAI's does; many services and local servers do.</summary>
/// <remarks>
/// Requests hold a bounded number of texts, are tried again where the server is busy, fails or is silent, and never where it refuses.
/// Embeddings come as the API gives them. Instances are safe for use by several threads at once.
/// </remarks>
public sealed class EmbeddingsApi : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly Connection _connection;
    private readonly EmbeddingsClient _client;
    private readonly ILogger _logger;

    /// <summary>Initializes a generator; nothing is sent yet.</summary>
    /// <param name="options">The API and the model.</param>
    /// <param name="client">Sends the requests, and is not disposed; it should follow no redirect, which would carry the key elsewhere, and have no timeout. Default: one of its own.</param>
    /// <param name="time">Waits between tries, and measures silence. Default: the system's clock.</param>
    /// <param name="logger">Takes what is asked, and what is tried again; never the key. Default: none.</param>
    public EmbeddingsApi(EmbeddingsApiOptions options, HttpClient? client = null, TimeProvider? time = null, ILogger<EmbeddingsApi>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Options, _logger) = (options, logger ?? NullLogger<EmbeddingsApi>.Instance);
        _connection = new Connection(client, options.Timeout);
        _client = new EmbeddingsClient(_connection, options, time ?? TimeProvider.System, _logger);
    }

    /// <summary>Gets the options.</summary>
    public EmbeddingsApiOptions Options { get; }

    /// <summary>Embeds texts; those in the cache are not sent, and none is sent twice.</summary>
    /// <param name="values">The texts, none empty.</param>
    /// <param name="options">Not used: the model and the dimensions are those of <see cref="Options"/>.</param>
    /// <param name="cancellationToken">Ends the request or the wait; what was answered is kept in the cache.</param>
    /// <returns>One embedding for each text, in their order.</returns>
    /// <exception cref="LfaDataException">A text is null or empty; the message names the first.</exception>
    /// <exception cref="EmbeddingsApiException">The API refuses, fails or cannot be reached, or its answer is not one embedding for each text.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] texts = [.. values];
        if (Array.FindIndex(texts, string.IsNullOrEmpty) is >= 0 and var empty)
            throw new LfaDataException(Invariant($"values[{empty}] is empty; every text must have a character.")) { Row = empty };
        var known = await EmbedAsync(texts, cancellationToken).ConfigureAwait(false);
        return [.. texts.Select(text => new Embedding<float>(known[text]) { ModelId = Options.Model })];
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        return serviceType == typeof(EmbeddingGeneratorMetadata)
            ? new EmbeddingGeneratorMetadata("openai", Options.Endpoint, Options.Model, Options.Dimensions)
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Closes the connections of its own client.</summary>
    public void Dispose() => _connection.Dispose();

    private async Task<Dictionary<string, float[]>> EmbedAsync(string[] texts, CancellationToken cancellationToken)
    {
        using var cache = Options.CacheFolder is { } folder ? FeatureCache.Open(CacheName(), folder) : null;
        var known = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            if (cache?.Find(ContentHash.OfText(text)) is { } embedding)
                known[text] = embedding;
        }
        string[] unknown = [.. texts.Where(text => !known.ContainsKey(text)).Distinct(StringComparer.Ordinal)];
        HttpLog.Asking(_logger, Options.Model, unknown.Length, known.Count);
        foreach (var batch in unknown.Chunk(Options.BatchSize))
        {
            var width = known.Count == 0 ? null : (int?)known.First().Value.Length;
            foreach (var (text, embedding) in batch.Zip(await _client.EmbedAsync(batch, width, cancellationToken).ConfigureAwait(false)))
            {
                known.Add(text, embedding);
                cache?.Add(ContentHash.OfText(text), embedding);
            }
        }
        return known;
    }

    private string CacheName() =>
        Invariant($"api-{ContentHash.OfText(Invariant($"{Options.Endpoint.AbsoluteUri.TrimEnd('/')}\0{Options.Model}\0{Options.Dimensions}")):x32}");
}
