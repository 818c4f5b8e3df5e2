namespace Lfa.Testing;

/// <summary>Measures what a thread allocates.</summary>
public static class Allocations
{
    private const int Rounds = 5;

    /// <summary>Returns the fewest bytes that the thread allocated in one of five runs of an action: the runtime itself may allocate in one of them, as when it compiles a method again.</summary>
    public static long Least(Action action)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
