using System.Diagnostics;

namespace Lfa.Methods;

/// <summary>Measures the parts of a fit.</summary>
internal sealed class FitClock
{
    private readonly Dictionary<string, TimeSpan> _parts = [];
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Gets the parts and the whole so far.</summary>
    public IReadOnlyList<FitDuration> Durations => [.. _parts.Select(part => new FitDuration(part.Key, part.Value)), new FitDuration("total", Stopwatch.GetElapsedTime(_start))];

    /// <summary>Runs a part, and adds its time to that of its name.</summary>
    public T Measure<T>(string part, Func<T> work)
    {
        var start = Stopwatch.GetTimestamp();
        var value = work();
        _parts[part] = _parts.GetValueOrDefault(part) + Stopwatch.GetElapsedTime(start);
        return value;
    }
}
