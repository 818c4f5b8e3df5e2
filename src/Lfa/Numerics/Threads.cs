namespace Lfa.Numerics;

/// <summary>Reads the option that says how many threads to use.</summary>
internal static class Threads
{
    // Beyond this no loop has work to share; results do not depend on the number.
    private const int Most = 1024;

    /// <summary>Returns the number of threads: <paramref name="threads"/>, or one for each processor when it is 0.</summary>
    public static int Resolve(int threads)
    {
        if (threads < 0)
            throw new ArgumentOutOfRangeException(nameof(threads), threads, "threads must be 0 (all processors) or more.");
        return threads == 0 ? Environment.ProcessorCount : Math.Min(threads, Most);
    }
}
