using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Lfa.Encoders.Http;
using Microsoft.Extensions.Logging;

namespace Lfa.Encoders.Api;

/// <summary>Sends texts to an embeddings API, one request at a time, with retries.</summary>
/// <param name="connection">Sends the requests.</param>
/// <param name="options">Where the API is, and how patient we are.</param>
/// <param name="time">Waits between tries, and measures silence.</param>
/// <param name="logger">Takes what is tried again.</param>
internal sealed class EmbeddingsClient(Connection connection, EmbeddingsApiOptions options, TimeProvider time, ILogger logger)
{
    // An answer of 2048 texts of 4096 components, as text.
    private const int LargestAnswer = 1 << 28;

    private readonly Uri _address = new($"{options.Endpoint.AbsoluteUri.TrimEnd('/')}/embeddings");
    private readonly EmbeddingsFailures _failures = new(options, time);

    /// <summary>Embeds the texts of one request.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="width">The number of components d to expect, or null for any.</param>
    /// <param name="cancellationToken">Ends the request or the wait.</param>
    /// <returns>One embedding of d components for each text, in their order.</returns>
    public async Task<float[][]> EmbedAsync(string[] texts, int? width, CancellationToken cancellationToken)
    {
        var schedule = new RetrySchedule(options.RetryDelay);
        while (true)
        {
            try
            {
                return EmbeddingsAnswer.Read(await PostAsync(texts, cancellationToken).ConfigureAwait(false), texts.Length, options.Dimensions ?? width, _failures);
            }
            catch (TransientFailure e)
            {
                if (schedule.Next(reached: 0, options.Retries, e.Wait) is not { } wait)
                    throw new EmbeddingsApiException(e.Message, e);
                HttpLog.Retrying(logger, e.Message, wait);
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<byte[]> PostAsync(string[] texts, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = Body(texts) };
        if (options.Key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
        using var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return response.StatusCode == HttpStatusCode.OK ? body : throw _failures.Status(response, body);
    }

    /// <summary>Sends a request and waits for the whole answer.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var silence = new Silence(options.Timeout, time, cancellationToken);
        silence.Start();
        HttpResponseMessage? response = null;
        try
        {
            response = await connection.SendAsync(request, silence.Token).ConfigureAwait(false);
            await response.Content.LoadIntoBufferAsync(LargestAnswer, silence.Token).ConfigureAwait(false);
            return response;
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            response?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw e is OperationCanceledException ? _failures.Silent(e) : _failures.NoAnswer(e);
        }
    }

    // {"model": "…", "input": ["…", …], "dimensions": d}
    private ByteArrayContent Body(string[] texts)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("model", options.Model);
            json.WriteStartArray("input");
            foreach (var text in texts)
                json.WriteStringValue(text);
            json.WriteEndArray();
            if (options.Dimensions is { } dimensions)
                json.WriteNumber("dimensions", dimensions);
            json.WriteEndObject();
        }
        var content = new ByteArrayContent(buffer.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
