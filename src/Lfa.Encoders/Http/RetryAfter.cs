namespace Lfa.Encoders.Http;

/// <summary>Reads how long a busy server asks to wait.</summary>
internal static class RetryAfter
{
    /// <summary>Returns the wait, zero where its date is past, or null where the answer does not say.</summary>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider time)
    {
        var after = response.Headers.RetryAfter;
        var wait = after?.Delta ?? after?.Date - time.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
