using System.Net;
using System.Text;
using System.Text.Json;
using Lfa.Encoders.Http;

namespace Lfa.Encoders.Api;

/// <summary>Words what goes wrong between us and an embeddings API, and tells what may pass from what will not. The key is never shown.</summary>
/// <param name="options">Where the API is, and how patient we are.</param>
/// <param name="time">Tells how far a date is.</param>
internal sealed class EmbeddingsFailures(EmbeddingsApiOptions options, TimeProvider time)
{
    private const int LongestReason = 200;
    private const string Spent = "insufficient_quota";

    private string Address => options.Endpoint.AbsoluteUri.TrimEnd('/');

    /// <summary>Makes the exception for an answer that is not the one asked for.</summary>
    public IOException Status(HttpResponseMessage response, byte[] body)
    {
        var code = (int)response.StatusCode;
        return response.StatusCode switch
        {
            // The reason may repeat a part of the key.
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Failure(Invariant($"refuses access ({code}); {KeyAdvice}")),
            HttpStatusCode.TooManyRequests when Reason(body).Code == Spent => Failure("says that the quota of the key is used up (429); check the account."),
            HttpStatusCode.TooManyRequests => Busy(response, "asks for fewer requests (429)"),
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => Busy(response, Invariant($"fails ({code})")),
            HttpStatusCode.NotFound => Failure($"knows no such address or model (404{Reason(body).Text}); the address is that before /embeddings, and ends in /v1 for most servers."),
            _ => Failure(Invariant($"refuses the request ({code}{Reason(body).Text}); check the address, the model and what it takes.")),
        };
    }

    /// <summary>Makes the exception for a server that sends nothing.</summary>
    public TransientFailure Silent(Exception e) => new(Line(Invariant($"did not answer within {options.Timeout.TotalSeconds:0.##} seconds; {Later}")), e);

    /// <summary>Makes the exception for a server that was not reached, or that broke off.</summary>
    public IOException NoAnswer(Exception e)
    {
        var reason = (e.InnerException ?? e).Message.TrimEnd('.');
        return (e as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError =>
                Failure($"cannot be reached ({reason}); check the address and the network.", e),
            HttpRequestError.ConfigurationLimitExceeded => Malformed("without an end", e),
            _ => new TransientFailure(Line($"broke off ({reason}); {Later}"), e),
        };
    }

    /// <summary>Makes the exception for an answer that makes no sense.</summary>
    public EmbeddingsApiException Malformed(string problem, Exception? e = null) => Failure($"answered {problem}; is it the address of an embeddings API, and of this model?", e);

    private string Later => options.CacheFolder is null ? "try again later." : "try again later, the same command goes on from the cache.";

    private string KeyAdvice => options.Key is null
        ? $"no key was sent: set the environment variable {options.KeyVariable}, or name the one that holds it."
        : $"check the key in {options.KeyVariable}, and that it may use the model.";

    private IOException Busy(HttpResponseMessage response, string problem)
    {
        var wait = RetryAfter.Of(response, time);
        return wait > options.LongestWait
            ? Failure(Invariant($"{problem} and wants {wait.Value.TotalSeconds:F0} seconds of patience; {Later}"))
            : new TransientFailure(Line($"{problem}; {Later}"), null, wait);
    }

    // {"error": {"message": "…", "code": "…"}}, as most servers word it.
    private (string Text, string? Code) Reason(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var error = document.RootElement.GetProperty("error");
            var code = error.TryGetProperty("code", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
            return ($": {Shorten(error.GetProperty("message").GetString() ?? "")}", code);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return (body.Length is > 0 and < LongestReason && body[0] != '<' ? $": {Shorten(Encoding.UTF8.GetString(body))}" : "", null);
        }
    }

    private string Shorten(string reason)
    {
        reason = options.Key is { Length: > 0 } key ? reason.Replace(key, "…", StringComparison.Ordinal) : reason;
        return (reason.Length <= LongestReason ? reason : $"{reason[..LongestReason]}…").Trim().TrimEnd('.');
    }

    private string Line(string problem) => OneLine.Of($"{options.Model}: {Address} {problem}");

    private EmbeddingsApiException Failure(string problem, Exception? e = null) => new(Line(problem), e);
}
