using System.Numerics;

namespace Lfa.Testing;

/// <summary>Compares arrays and reports the worst entry.</summary>
public static class Closeness
{
    /// <summary>Asserts that no entry differs by more than a part of the largest expected entry.</summary>
    public static void ShouldBeCloseTo(this ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, double tolerance) => Compare(actual, expected, tolerance);

    public static void ShouldBeCloseTo(this ReadOnlySpan<double> actual, ReadOnlySpan<double> expected, double tolerance) => Compare(actual, expected, tolerance);

    public static void ShouldBeCloseTo(this ReadOnlyMemory<float> actual, ReadOnlySpan<float> expected, double tolerance) => Compare(actual.Span, expected, tolerance);

    private static void Compare<T>(ReadOnlySpan<T> actual, ReadOnlySpan<T> expected, double tolerance)
        where T : struct, INumber<T>
    {
        actual.Length.ShouldBe(expected.Length);
        var (worst, largest) = (0, 0.0);
        for (var i = 0; i < actual.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(double.CreateChecked(expected[i])));
            if (!(Error(actual, expected, i) <= Error(actual, expected, worst))) // Not a number is the worst.
                worst = i;
        }
        var error = Error(actual, expected, worst);
        if (!(error <= tolerance * largest))
            Assert.Fail(Invariant($"Entry {worst} of {actual.Length} is {actual[worst]:R}, expected {expected[worst]:R}: off by {error / largest:E2} of the largest entry {largest:R}, allowed {tolerance:E2}."));
    }

    private static double Error<T>(ReadOnlySpan<T> actual, ReadOnlySpan<T> expected, int i)
        where T : struct, INumber<T> => Math.Abs(double.CreateChecked(actual[i]) - double.CreateChecked(expected[i]));
}
