namespace Lfa.Encoders.Hub;

/// <summary>Counts failures and says how long to wait: twice as long each time, unless the hub says how long.</summary>
/// <param name="first">The first wait.</param>
internal sealed class RetrySchedule(TimeSpan first)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private int _failures;

    /// <summary>Counts a failure.</summary>
    /// <param name="progressed">Whether more was got than at the last failure, so that counting starts anew.</param>
    /// <param name="retries">How many failures in a row may pass.</param>
    /// <param name="wait">How long the hub asks to wait, or null.</param>
    /// <returns>How long to wait, or null where no try is left.</returns>
    public TimeSpan? Next(bool progressed, int retries, TimeSpan? wait)
    {
        _failures = progressed ? 1 : _failures + 1;
        if (_failures > retries)
            return null;
        var own = first * Math.Pow(2, _failures - 1);
        return wait ?? (own < Longest ? own : Longest);
    }
}
