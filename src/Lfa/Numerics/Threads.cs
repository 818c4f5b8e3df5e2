namespace Lfa.Numerics;

/// <summary>Reads the option that says how many threads to use.</summary>
internal static class Threads
{
    // Beyond this no loop has work to share; results do not depend on the number.
    private const int Most = 1024;

    /// <summary>Returns the number of threads: <paramref name="threads"/>, or one for each processor when it is −1 or 0.</summary>
    public static int Resolve(int threads)
    {
        if (threads < -1)
            throw new ArgumentOutOfRangeException(nameof(threads), threads, "threads must be 1 or more, or -1 (all processors).");
        return threads <= 0 ? Environment.ProcessorCount : Math.Min(threads, Most);
    }
}
