namespace Lfa.Encoders.Tests.Http;

/// <summary>A clock that stands still and whose waits are over at once; it remembers them.</summary>
/// <remarks>A timer that is made idle and set later measures a silence: it runs out when the test says so, never by itself.</remarks>
internal sealed class ImmediateTime : TimeProvider
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _waits = [];
    private readonly HashSet<SilenceTimer> _running = [];
    private bool _isSilent;

    public IReadOnlyList<TimeSpan> Waits => _waits;

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan)
            return new SilenceTimer(this, () => callback(state));
        lock (_lock)
            _waits.Add(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
    }

    /// <summary>Lets the silence that is measured now be too long; where none is, the next one.</summary>
    public void FallSilent()
    {
        SilenceTimer[] running;
        lock (_lock)
        {
            running = [.. _running];
            _running.Clear();
            _isSilent = running.Length == 0;
        }
        foreach (var timer in running)
            timer.Elapse();
    }

    private void Change(SilenceTimer timer, bool runs)
    {
        lock (_lock)
        {
            if (!runs || _isSilent)
                _running.Remove(timer);
            else
                _running.Add(timer);
            if (!runs || !_isSilent)
                return;
            _isSilent = false;
        }
        timer.Elapse();
    }

    private sealed class SilenceTimer(ImmediateTime time, Action elapse) : ITimer
    {
        public void Elapse() => elapse();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Change(this, runs: dueTime != Timeout.InfiniteTimeSpan);
            return true;
        }

        public void Dispose() => time.Change(this, runs: false);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
