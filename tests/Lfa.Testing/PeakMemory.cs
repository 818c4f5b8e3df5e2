namespace Lfa.Testing;

/// <summary>Measures the memory of the whole process; tests that use it run beside no other.</summary>
public static class PeakMemory
{
    /// <summary>Returns how much more memory is in use at any time of the work than before it, sampled right after collections.</summary>
    public static long Of(Action work)
    {
        var start = GC.GetTotalMemory(forceFullCollection: true);
        var (peak, done) = (start, false);
        var watcher = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                GC.Collect();
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
                Thread.Sleep(5);
            }
        });
        watcher.Start();
        work();
        Volatile.Write(ref done, true);
        watcher.Join();
        return peak - start;
    }
}
