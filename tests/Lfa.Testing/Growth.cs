using System.Diagnostics;

namespace Lfa.Testing;

/// <summary>Tells work whose time grows with the square of its input from work whose time does not.</summary>
public static class Growth
{
    // Four times the input takes four times as long, or sixteen times where the square counts; between them lies this.
    private const int MostRatio = 9;
    private const int MostAttempts = 6;

    // What the larger size may take beyond that: collections and caches show in milliseconds, squares of such sizes in seconds.
    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(100);

    /// <summary>Asserts that four times the input takes less than nine times as long, give or take a tenth of a second. The fastest of up to six runs counts, since others share the machine.</summary>
    /// <param name="size">The smaller size.</param>
    /// <param name="prepare">Makes the work of a size; it is not timed.</param>
    public static void ShouldNotBeQuadratic(int size, Func<int, Action> prepare)
    {
        var (small, large) = (prepare(size), prepare(4 * size));
        small();
        var (one, four) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            (one, four) = (Faster(one, small), Faster(four, large));
            if (four < MostRatio * one + Noise)
                return;
        }
        four.ShouldBeLessThan(MostRatio * one + Noise, $"{size} took {one}, four times as much {four}");
    }

    private static TimeSpan Faster(TimeSpan best, Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed < best ? watch.Elapsed : best;
    }
}
