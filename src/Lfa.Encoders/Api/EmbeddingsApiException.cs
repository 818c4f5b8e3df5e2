namespace Lfa.Encoders.Api;

/// <summary>The exception for an embeddings API that gives no embeddings; the message is one line that says why and what to do, and never holds the key.</summary>
public sealed class EmbeddingsApiException : IOException
{
    /// <summary>Initializes an exception.</summary>
    public EmbeddingsApiException()
    {
    }

    /// <summary>Initializes an exception with a message.</summary>
    /// <param name="message">One line: what failed, and the remedy.</param>
    public EmbeddingsApiException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes an exception with a message and its cause.</summary>
    /// <param name="message">One line: what failed, and the remedy.</param>
    /// <param name="innerException">The cause.</param>
    public EmbeddingsApiException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
