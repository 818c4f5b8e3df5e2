namespace Lfa.Numerics;

/// <summary>Reads the option that says how many threads to use.</summary>
internal static class Threads
{
    /// <summary>Returns the number of threads: <paramref name="requested"/>, or one for each processor when it is 0.</summary>
    public static int Resolve(int requested)
    {
        if (requested < 0)
            throw new ArgumentOutOfRangeException(nameof(requested), requested, "threads must be 0 (all processors) or more.");
        return requested == 0 ? Environment.ProcessorCount : requested;
    }
}
