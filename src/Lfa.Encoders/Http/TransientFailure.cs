namespace Lfa.Encoders.Http;

/// <summary>A failure that may be over in a moment, so that the request is worth another try.</summary>
/// <param name="message">The line for the user when no try is left.</param>
/// <param name="inner">The cause.</param>
/// <param name="wait">How long the server asks to wait; null where it does not say.</param>
internal sealed class TransientFailure(string message, Exception? inner = null, TimeSpan? wait = null) : IOException(message, inner)
{
    public TimeSpan? Wait => wait;
}
