using Lfa.Data;

namespace Lfa.Classification;

/// <summary>
/// How hard the images of each class are: the difficulty m_c is the log-odds against their true class that is usual for
/// class c, above that of all held-out images.
/// </summary>
/// <remarks>
/// With o = log((1 − p) / p) of the true class and k held-out images of class c, m_c = (k − 1) / (k − 1 + κ)·(mean of
/// their o − mean of all o). In the difficulty that a held-out image is judged by, the mean is of the others of its class;
/// the weight is that of k − 1 in both, so that the two shrink alike. Quantiles of o − m hold for each class nearly as
/// for all, hence for any class frequencies (the aim of T. Ding et al., "Class-conditional conformal prediction with many
/// classes", NeurIPS 2023, whose clusters need more images of a class than few shots give).
/// <para>
/// κ is the least of some with which the sets of the held-out images are hardly larger than without difficulties. So
/// difficulties are kept where they are known well enough to be cheap, and there are none where each class has one image.
/// </para>
/// </remarks>
internal static class ClassDifficulty
{
    private const double LargestGrowth = 1.05; // 1.02 gave up two thirds of the gain with two images of a class; 1.2 made the sets of made-up problems larger for nothing.
    private const double LeastNonconformity = 1e-7; // Single precision tells no probability nearer to 1.
    private static readonly double[] Shrinkages = [0, 1, 2, 4, 8, 16, 32]; // κ, in images.
    private static readonly double[] Coverages = [0.8, 0.9, 0.95];

    /// <summary>Finds the difficulties.</summary>
    /// <param name="scores">The scores of the held-out images, n × C.</param>
    /// <param name="labels">Their classes, n values.</param>
    /// <param name="temperature">The temperature τ.</param>
    /// <param name="nonconformity">−log p of their classes, n values; each is replaced by what it were in a class of mean difficulty.</param>
    /// <returns>The difficulties, C values; none where none are kept.</returns>
    public static float[] Fit(Matrix scores, ReadOnlySpan<int> labels, double temperature, double[] nonconformity)
    {
        var (sums, counts) = (new double[scores.Columns], new int[scores.Columns]);
        for (var i = 0; i < labels.Length; i++)
        {
            sums[labels[i]] += LogOdds(nonconformity[i]);
            counts[labels[i]]++;
        }
        var mean = sums.Sum() / labels.Length;
        var (difficulties, alike) = (new float[scores.Columns], new double[labels.Length]);
        var logSums = Enumerable.Range(0, scores.Rows).Select(i => Softmax.LogSumExp(scores.Row(i), temperature)).ToArray();
        var before = SetSizes(scores, temperature, logSums, nonconformity, difficulties);
        foreach (var shrinkage in Shrinkages)
        {
            double Difficulty(double sum, int images, int count) => count < 2 ? 0 : (count - 1) / (count - 1 + shrinkage) * ((sum / images) - mean);
            for (var c = 0; c < difficulties.Length; c++)
                difficulties[c] = (float)Difficulty(sums[c], counts[c], counts[c]);
            for (var i = 0; i < alike.Length; i++)
                alike[i] = Shift(nonconformity[i], -Difficulty(sums[labels[i]] - LogOdds(nonconformity[i]), counts[labels[i]] - 1, counts[labels[i]]));
            var after = SetSizes(scores, temperature, logSums, alike, difficulties);
            if (difficulties.AsSpan().ContainsAnyExcept(0f) && after.Zip(before).All(pair => pair.First <= LargestGrowth * pair.Second))
            {
                alike.CopyTo(nonconformity, 0);
                return difficulties;
            }
        }
        return [];
    }

    /// <summary>Computes the −log p of log-odds higher by a difference.</summary>
    public static double Shift(double nonconformity, double difference)
    {
        if (difference == 0 || double.IsInfinity(nonconformity))
            return nonconformity;
        var odds = LogOdds(nonconformity) + difference;
        return Math.Max(odds, 0) + Math.Log(1 + Math.Exp(-Math.Abs(odds)));
    }

    // log((1 − p) / p) = log(e^s − 1) for s = −log p.
    private static double LogOdds(double nonconformity)
    {
        var least = Math.Max(nonconformity, LeastNonconformity);
        return least + Math.Log(1 - Math.Exp(-least));
    }

    // The sizes of all sets together, for each coverage.
    private static long[] SetSizes(Matrix scores, double temperature, double[] logSums, double[] nonconformity, float[] difficulties)
    {
        var quantiles = HeldOutQuantiles.Of([.. nonconformity.Select(value => (float)value)]);
        return [.. Coverages.Select(coverage =>
        {
            var largest = difficulties.Select(difficulty => Shift(quantiles.Upper(coverage), difficulty)).ToArray();
            var size = 0L;
            for (var i = 0; i < scores.Rows; i++)
            {
                var row = scores.Row(i);
                for (var c = 0; c < row.Length; c++)
                    size += logSums[i] - (row[c] / temperature) <= largest[c] ? 1 : 0;
            }
            return size;
        })];
    }
}
