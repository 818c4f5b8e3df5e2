using System.Diagnostics;

namespace Lfa.Protocols.Comparison;

/// <summary>Measures time and memory of work.</summary>
internal static class MeasuredWork
{
    /// <summary>Does some work on the calling thread.</summary>
    /// <param name="work">The work; its exceptions pass through.</param>
    /// <returns>What it gave, and what it took; the memory is its own only where nothing else works beside it.</returns>
    public static (T Value, TimeSpan Time, long PeakBytes) Run<T>(Func<T> work)
    {
        using var memory = new PeakMemory();
        var start = Stopwatch.GetTimestamp();
        var value = work();
        return (value, Stopwatch.GetElapsedTime(start), memory.Stop());
    }

    /// <summary>Watches the managed heap from a timer.</summary>
    private sealed class PeakMemory : IDisposable
    {
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

        private readonly long _start;
        private readonly Timer _timer;
        private long _peak;

        public PeakMemory()
        {
            GC.Collect();
            _start = _peak = GC.GetTotalMemory(forceFullCollection: false);
            _timer = new Timer(static watch => ((PeakMemory)watch!).Sample(), this, Interval, Interval);
        }

        /// <summary>Returns the most bytes above those at the start.</summary>
        public long Stop()
        {
            Sample();
            return Interlocked.Read(ref _peak) - _start;
        }

        public void Dispose() => _timer.Dispose();

        private void Sample()
        {
            var now = GC.GetTotalMemory(forceFullCollection: false);
            for (var seen = Interlocked.Read(ref _peak); now > seen; seen = Interlocked.Read(ref _peak))
                Interlocked.CompareExchange(ref _peak, now, seen);
        }
    }
}
