using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Lfa.Encoders.Http;
using Microsoft.Extensions.Logging;

namespace Lfa.Encoders.Hub;

/// <summary>Speaks with the hub for one pull: redirects, the token, retries.</summary>
/// <param name="connection">Sends the requests.</param>
/// <param name="options">Where the hub is, and how patient we are.</param>
/// <param name="failures">Words what goes wrong.</param>
/// <param name="time">Waits between tries, and measures silence.</param>
/// <param name="logger">Takes what is tried again.</param>
internal sealed class HubClient(Connection connection, ModelHubOptions options, HubFailures failures, TimeProvider time, ILogger logger)
{
    private const int MostRedirects = 10;
    private const int LargestJson = 1 << 26;

    // A hub that has never answered is most likely out of reach: its user should not wait for all tries.
    private const int RetriesBeforeFirstAnswer = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private bool _hasAnswered;

    /// <summary>Gets what words failures.</summary>
    public HubFailures Failures => failures;

    /// <summary>Returns an address under the endpoint.</summary>
    /// <param name="path">The escaped path, without a slash at its start.</param>
    public Uri Address(string path) => new($"{options.Endpoint.AbsoluteUri.TrimEnd('/')}/{path}");

    /// <summary>Gets a JSON document, with retries.</summary>
    /// <returns>The document, and the address of the next page or null.</returns>
    public Task<(T Value, Uri? Next)> GetJsonAsync<T>(Uri address, CancellationToken cancellationToken) where T : class =>
        RetryAsync(() => ReadJsonAsync<T>(address, cancellationToken), progress: () => 0, cancellationToken);

    /// <summary>Tries something until it succeeds, fails for good, or has failed too often without progress.</summary>
    /// <param name="attempt">One try; a <see cref="TransientFailure"/> asks for another.</param>
    /// <param name="progress">Returns how far the tries have come.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<T> RetryAsync<T>(Func<Task<T>> attempt, Func<long> progress, CancellationToken cancellationToken)
    {
        var schedule = new RetrySchedule(options.RetryDelay, progress());
        while (true)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (TransientFailure e)
            {
                var retries = _hasAnswered ? options.Retries : Math.Min(options.Retries, RetriesBeforeFirstAnswer);
                if (schedule.Next(progress(), retries, e.Wait) is not { } wait)
                    throw new ModelHubException(e.Message, e);
                HttpLog.Retrying(logger, e.Message, wait);
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Sends a request once, following redirects; the token goes to the hub's own host only.</summary>
    /// <param name="address">The address.</param>
    /// <param name="offset">The first byte wanted.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>An answer of status 200, 206, or 416 where the offset is beyond the end.</returns>
    public async Task<HubResponse> OpenAsync(Uri address, long offset, CancellationToken cancellationToken)
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            var response = await SendAsync(address, offset, cancellationToken).ConfigureAwait(false);
            if (response.Message.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent || offset > 0 && response.Message.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                return response;
            using (response)
                address = Redirect(response.Message, address) ?? throw failures.Status(response.Message);
        }
        throw failures.Malformed("redirects without an end");
    }

    private async Task<HubResponse> SendAsync(Uri address, long offset, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (offset > 0)
            request.Headers.Range = new RangeHeaderValue(offset, null);
        if (options.Token is not null && IsOfEndpoint(address))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
        var silence = new Silence(options.Timeout, time, cancellationToken);
        silence.Start();
        try
        {
            var message = await connection.SendAsync(request, silence.Token).ConfigureAwait(false);
            _hasAnswered = true;
            return new HubResponse(message, silence, failures);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            silence.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw e switch
            {
                OperationCanceledException => failures.Silent(address, e),
                HttpRequestException { HttpRequestError: not HttpRequestError.ResponseEnded } failed => failures.Unreachable(failed, address),
                _ => failures.Broken(e, "a request"),
            };
        }
    }

    private Uri? Redirect(HttpResponseMessage message, Uri address)
    {
        if ((int)message.StatusCode is not (301 or 302 or 303 or 307 or 308) || message.Headers.Location is not { } location)
            return null;
        return Target(address, location.OriginalString, "redirects to");
    }

    /// <summary>Returns where an answer sends us on to, which must not be less safe than where it came from.</summary>
    private Uri Target(Uri address, string location, string verb) =>
        Uri.TryCreate(address, location, out var target) && (target.Scheme == Uri.UriSchemeHttps || target.Scheme == address.Scheme)
            ? target
            : throw failures.Malformed(OneLine.Of($"{verb} '{location}', which is less safe than {address.Scheme}"));

    private bool IsOfEndpoint(Uri address) => Uri.Compare(address, options.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private async Task<(T Value, Uri? Next)> ReadJsonAsync<T>(Uri address, CancellationToken cancellationToken) where T : class
    {
        using var response = await OpenAsync(address, offset: 0, cancellationToken).ConfigureAwait(false);
        var body = await ReadAllAsync(response, cancellationToken).ConfigureAwait(false);
        try
        {
            var value = JsonSerializer.Deserialize<T>(body.Span, Json) ?? throw failures.Malformed("sent an empty document");
            return (value, NextPage(response.Message, address));
        }
        catch (JsonException e)
        {
            throw failures.Malformed($"sent {response.Message.Content.Headers.ContentType?.MediaType ?? "something"} that is not the JSON of a hub", e);
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAllAsync(HubResponse response, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[1 << 14];
        while (await response.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            if (body.Length + read > LargestJson)
                throw failures.Malformed("sends a document without an end");
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    // Link: <https://…?cursor=…>; rel="next"
    private Uri? NextPage(HttpResponseMessage message, Uri address)
    {
        if (!message.Headers.TryGetValues("Link", out var links))
            return null;
        var next = links.SelectMany(link => link.Split(',')).Select(link => link.Split(';', StringSplitOptions.TrimEntries))
            .FirstOrDefault(parts => parts[0] is ['<', .., '>'] && parts.Skip(1).Any(part => part is "rel=\"next\"" or "rel=next"));
        return next is null ? null : Target(address, next[0][1..^1], "goes on at");
    }
}
