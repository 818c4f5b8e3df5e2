namespace Lfa.Tests.Support;

/// <summary>Compares arrays and reports the worst entry.</summary>
internal static class Closeness
{
    /// <summary>Asserts that no entry differs by more than a part of the largest expected entry.</summary>
    public static void ShouldBeCloseTo(this ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, double tolerance)
    {
        actual.Length.ShouldBe(expected.Length);
        var (worst, largest) = (0, 0.0);
        for (var i = 0; i < actual.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            if (!(Math.Abs(actual[i] - expected[i]) <= Math.Abs(actual[worst] - expected[worst])))
                worst = i;
        }
        var error = Math.Abs((double)actual[worst] - expected[worst]);
        if (!(error <= tolerance * largest))
            Assert.Fail(Invariant($"Entry {worst} of {actual.Length} is {actual[worst]:R}, expected {expected[worst]:R}: off by {error / largest:E2} of the largest entry {largest:R}, allowed {tolerance:E2}."));
    }

    public static void ShouldBeCloseTo(this ReadOnlyMemory<float> actual, ReadOnlySpan<float> expected, double tolerance) =>
        actual.Span.ShouldBeCloseTo(expected, tolerance);

    public static void ShouldBeCloseTo(this ReadOnlySpan<double> actual, ReadOnlySpan<double> expected, double tolerance)
    {
        actual.Length.ShouldBe(expected.Length);
        var (worst, largest) = (0, 0.0);
        for (var i = 0; i < actual.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i]));
            if (!(Math.Abs(actual[i] - expected[i]) <= Math.Abs(actual[worst] - expected[worst])))
                worst = i;
        }
        var error = Math.Abs(actual[worst] - expected[worst]);
        if (!(error <= tolerance * largest))
            Assert.Fail(Invariant($"Entry {worst} of {actual.Length} is {actual[worst]:R}, expected {expected[worst]:R}: off by {error / largest:E2} of the largest entry {largest:R}, allowed {tolerance:E2}."));
    }
}
