namespace Lfa.Encoders.Hub;

/// <summary>The exception for a model that cannot be had; the message is one line that says why and what to do.</summary>
public sealed class ModelHubException : IOException
{
    /// <summary>Initializes an exception.</summary>
    public ModelHubException()
    {
    }

    /// <summary>Initializes an exception with a message.</summary>
    /// <param name="message">One line: what failed, and the remedy.</param>
    public ModelHubException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes an exception with a message and its cause.</summary>
    /// <param name="message">One line: what failed, and the remedy.</param>
    /// <param name="innerException">The cause.</param>
    public ModelHubException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
