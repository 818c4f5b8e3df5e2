using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using Lfa.Encoders.Http;

namespace Lfa.Encoders.Hub;

/// <summary>Words what goes wrong between us and the hub, and tells what may pass from what will not.</summary>
/// <param name="model">The model that was asked for.</param>
/// <param name="revision">Its revision.</param>
/// <param name="options">Where the hub is, and how patient we are.</param>
/// <param name="time">Tells how far a date is.</param>
internal sealed class HubFailures(string model, string revision, ModelHubOptions options, TimeProvider time)
{
    private const string Advice = "check the network, set HF_ENDPOINT to a hub that can be reached, or HF_HUB_OFFLINE=1 to work from the cache.";
    private const string Resumes = "the same command goes on where it stopped.";

    private string Endpoint => options.Endpoint.AbsoluteUri.TrimEnd('/');

    /// <summary>Makes the exception for an answer that is not the one asked for.</summary>
    public IOException Status(HttpResponseMessage response)
    {
        var code = (int)response.StatusCode;
        return response.StatusCode switch
        {
            HttpStatusCode.NotFound => new ModelHubException($"{model}: no such model or revision '{revision}' at {Endpoint}; see ModelCatalog.All."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new ModelHubException(Invariant(
                $"{model}: {Endpoint} refuses access ({code}): the model may be private, gated or misspelled; set HF_TOKEN to a token that may read it, or see ModelCatalog.All.")),
            HttpStatusCode.TooManyRequests => Busy(response, "asks for fewer requests (429)"),
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => Busy(response, Invariant($"fails ({code})")),
            _ => new ModelHubException(Invariant($"{model}: {Host(response)} answered {code} {response.ReasonPhrase} to {response.RequestMessage?.RequestUri?.AbsolutePath}; is HF_ENDPOINT a hub?")),
        };
    }

    /// <summary>Makes the exception for a hub that was not reached.</summary>
    public IOException Unreachable(HttpRequestException e, Uri address)
    {
        var reason = (e.InnerException ?? e).Message.TrimEnd('.');
        if (e.HttpRequestError == HttpRequestError.SecureConnectionError || e.InnerException is AuthenticationException)
            return new ModelHubException($"{model}: no secure connection to {address.Host} ({reason}); check the clock and the certificates of this machine and of any proxy, or set HF_ENDPOINT.", e);
        var problem = e.HttpRequestError == HttpRequestError.NameResolutionError ? $"the host {address.Host} is not known" : $"no connection to {HttpSettings.Origin(address)}";
        return new TransientFailure($"{model}: {problem} ({reason}); {Advice}", e);
    }

    /// <summary>Makes the exception for a transfer that broke.</summary>
    public TransientFailure Broken(Exception? e, string what) =>
        new($"{model}: the connection to {Endpoint} broke during {what}{(e is null ? "" : $" ({e.Message.TrimEnd('.')})")}; check the network, {Resumes}", e);

    /// <summary>Makes the exception for a hub that sends nothing.</summary>
    public TransientFailure Silent(Uri address, Exception e) =>
        new(Invariant($"{model}: {HttpSettings.Origin(address)} sent nothing for {options.Timeout.TotalSeconds:0.##} seconds; check the network, {Resumes}"), e);

    /// <summary>Makes the exception for an answer that makes no sense.</summary>
    public ModelHubException Malformed(string problem, Exception? e = null) =>
        new($"{model}: {Endpoint} {problem}; a proxy or a login page may have answered instead of a hub: open the address in a browser, or set HF_ENDPOINT.", e);

    /// <summary>Makes the exception for an answer that is not the file asked for.</summary>
    public ModelHubException AnotherFile(HubFile file, HttpContentHeaders content) =>
        Malformed(Invariant($"sent {(content.ContentLength is { } length ? Invariant($"{length} bytes of ") : "")}{content.ContentType?.MediaType ?? "something"} in place of {file.Path}, which has {file.Size} bytes"));

    /// <summary>Makes the exception for a file that is needed and whose path is dangerous.</summary>
    public ModelHubException Unsafe(string path) =>
        new(OneLine.Of($"{model}: its file '{path}' has an unsafe path, which leads out of the model's folder or holds characters that not every system allows; nothing was downloaded: take another repository, see ModelCatalog.All."));

    /// <summary>Makes the exception for a file that arrives damaged again and again.</summary>
    public ModelHubException Damaged(HubFile file, string actual) => new(Invariant(
        $"{model}: {file.Path} arrives damaged from {Endpoint}: expected {file.Size} bytes with the {file.Digest.Kind} {file.Digest.Hex}, got {actual}; nothing of it was kept: try again later or from another hub (HF_ENDPOINT)."));

    private static string Host(HttpResponseMessage response) => response.RequestMessage?.RequestUri?.Host ?? "the hub";

    private IOException Busy(HttpResponseMessage response, string problem)
    {
        var wait = RetryAfter.Of(response, time);
        if (wait > options.LongestWait)
            return new ModelHubException(Invariant($"{model}: {Host(response)} {problem} and wants {wait.Value.TotalSeconds:F0} seconds of patience; try again later, or set HF_TOKEN: known users may ask more."));
        return new TransientFailure($"{model}: {Host(response)} {problem}; try again later, {Resumes}", null, wait);
    }
}
