using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Lfa.Extensions.DependencyInjection.Tests;

/// <summary>Keeps the warnings.</summary>
internal sealed class WarningList : ILogger<LfaModels>
{
    private readonly ConcurrentQueue<string> _warnings = [];

    public IReadOnlyCollection<string> All => _warnings;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel == LogLevel.Warning)
            _warnings.Enqueue(formatter(state, exception));
    }
}
