namespace Lfa.Encoders.Http;

/// <summary>Counts failures and says how long to wait: twice as long each time, unless the server says how long.</summary>
/// <param name="first">The first wait.</param>
/// <param name="reached">How far the work has come before the first try.</param>
internal sealed class RetrySchedule(TimeSpan first, long reached = 0)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private long _furthest = reached;
    private int _failures;

    /// <summary>Counts a failure.</summary>
    /// <param name="reached">How far the work has come; further than ever before is progress, and counting starts anew.</param>
    /// <param name="retries">How many failures in a row may pass.</param>
    /// <param name="wait">How long the server asks to wait, or null.</param>
    /// <returns>How long to wait, or null where no try is left.</returns>
    public TimeSpan? Next(long reached, int retries, TimeSpan? wait)
    {
        _failures = reached > _furthest ? 1 : _failures + 1;
        _furthest = Math.Max(_furthest, reached);
        if (_failures > retries)
            return null;
        var own = first * Math.Pow(2, _failures - 1);
        return wait ?? (own < Longest ? own : Longest);
    }
}
