using System.Diagnostics;

namespace Lfa.Classification;

/// <summary>The values that held-out images have, in rising order: all of them, or 1001 of evenly spread ranks.</summary>
internal sealed class HeldOutQuantiles
{
    private const int Most = 1001; // Adjacent ones are a thousandth of the images apart, well below the sampling error.
    private const double Rounding = 1e-9; // (n + 1)·0.9 may come out a little above a whole number.

    /// <summary>Initializes quantiles as a file holds them.</summary>
    /// <param name="values">The values in rising order, as many as <see cref="Count"/> says.</param>
    /// <param name="samples">The number n of images they come from, at least 1.</param>
    public HeldOutQuantiles(float[] values, int samples)
    {
        Debug.Assert(values.Length == Count(samples));
        (Values, Samples) = (values, samples);
    }

    /// <summary>Gets the stored values, in rising order.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>Gets the number n of images.</summary>
    public int Samples { get; }

    /// <summary>Returns the number of values stored for n images.</summary>
    public static int Count(int samples) => Math.Min(samples, Most);

    /// <summary>Keeps the quantiles of values; they are sorted in place.</summary>
    public static HeldOutQuantiles Of(float[] values)
    {
        Array.Sort(values);
        var kept = new float[Count(values.Length)];
        for (var i = 0; i < kept.Length; i++)
            kept[i] = values[Rank(i, values.Length) - 1];
        return new HeldOutQuantiles(kept, values.Length);
    }

    /// <summary>
    /// Finds the value that a further image keeps to with at least the given probability: the ⌈(n + 1)·probability⌉-th
    /// smallest, or a stored one above it; ∞ where there are too few images.
    /// </summary>
    public double Upper(double probability) => UpperIndex(probability) is var index && index < Values.Length ? Values.Span[index] : double.PositiveInfinity;

    /// <summary>Finds the rank of that value among the images, from 1 to n; null where there are too few.</summary>
    public int? UpperRank(double probability) => UpperIndex(probability) is var index && index < Values.Length ? Rank(index, Samples) : null;

    /// <summary>Finds the fraction of the images whose value is at most the given one, to the next stored rank below.</summary>
    public double FractionUpTo(float value)
    {
        var count = Values.Span.ToArray().Count(stored => stored <= value);
        return count == 0 ? 0 : Rank(count - 1, Samples) / (double)Samples;
    }

    /// <summary>
    /// Finds the value below which a further image falls with at most the given probability: the ⌊(n + 1)·probability⌋-th
    /// smallest, or a stored one below it; −∞ where there are too few images.
    /// </summary>
    public double Lower(double probability)
    {
        var rank = (long)Math.Floor(((Samples + 1) * probability) + Rounding);
        for (var i = Values.Length - 1; i >= 0; i--)
        {
            if (Rank(i, Samples) <= rank)
                return Values.Span[i];
        }
        return double.NegativeInfinity;
    }

    private int UpperIndex(double probability)
    {
        var rank = (long)Math.Ceiling(((Samples + 1) * probability) - Rounding);
        var index = 0;
        while (index < Values.Length && Rank(index, Samples) < rank)
            index++;
        return index;
    }

    // From 1 to n; all ranks where all values are kept.
    private static int Rank(int index, int samples) => samples <= Most ? index + 1 : 1 + (int)((long)index * (samples - 1) / (Most - 1));
}
