namespace Lfa.Cli;

/// <summary>Reports that the user stopped a command, in one line that says what that leaves.</summary>
/// <param name="message">The line.</param>
/// <param name="inner">The cause.</param>
internal sealed class CanceledException(string message, Exception inner) : OperationCanceledException(message, inner);
