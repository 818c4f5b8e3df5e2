using Microsoft.Extensions.Logging;

namespace Lfa.Cli.Rendering;

/// <summary>Tells the warnings of the library, a line each, and the same one once.</summary>
internal sealed class WarningLogger(ProgressDisplay display) : ILogger
{
    private readonly HashSet<string> _told = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var line = $"lfa: {OneLine.Of(formatter(state, exception))}";
        lock (_told)
        {
            if (_told.Add(line))
                display.Tell(line);
        }
    }
}
