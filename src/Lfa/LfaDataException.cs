namespace Lfa;

/// <summary>Reports data that cannot be used: a file, features, labels or names that are damaged, contradict each other, or are not enough for what is asked.</summary>
/// <remarks>
/// The message is one line, "what is wrong, with names and shapes; what to do." A fault of a program that calls this library,
/// such as an option out of its range, is an <see cref="ArgumentException"/> instead.
/// </remarks>
public sealed class LfaDataException : Exception
{
    private const string Separator = "; ";

    /// <summary>Initializes the exception.</summary>
    /// <param name="message">What is wrong and, after a semicolon, what to do.</param>
    /// <param name="inner">The cause. Default: none.</param>
    public LfaDataException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Gets what the data are: the path of a file, or the name of a parameter. Default: unknown.</summary>
    public string? Subject { get; init; }

    /// <summary>Gets the first row that is wrong, from 0. Default: none in particular.</summary>
    public long? Row { get; init; }

    /// <summary>Gets what to do: the last clause of the message; null where it has one clause only.</summary>
    public string? Remedy => Message.LastIndexOf(Separator, StringComparison.Ordinal) is var start and >= 0 ? Message[(start + Separator.Length)..].TrimEnd('.') : null;
}
