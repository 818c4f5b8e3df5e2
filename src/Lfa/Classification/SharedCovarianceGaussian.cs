using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>
/// Classifies by one Gaussian a class, all of one covariance: with μ the mean of all images, the logits are
/// (x − μ)·Σ⁻¹(μ_c − μ) − ½ (μ_c − μ)·Σ⁻¹(μ_c − μ), linear in x.
/// </summary>
/// <remarks>
/// Z. Wang, J. Liang, L. Sheng, R. He, Z. Wang, T. Tan, "A hard-to-beat baseline for training-free CLIP-based adaptation",
/// ICLR 2024, equations 4 to 6. The covariance Σ of the images about the means of their classes is shrunk (T. Kubokawa,
/// M. S. Srivastava, 2008): Σ⁻¹ = d · ((n − 1)Σ + tr(Σ)·I)⁻¹. All classes count as equally frequent. Differs from the
/// published code:
/// <list type="number">
/// <item>Means and images are centered on the mean of all images: the same up to a constant a row, of smaller terms.</item>
/// <item>Where no class has two images their deviations from the class means vanish; then Σ is taken about the mean of all.</item>
/// <item>A class without an example is taken to have the mean of all images, so that its logit is 0.</item>
/// <item>A Cholesky factor takes the place of the pseudo-inverse.</item>
/// </list>
/// </remarks>
internal static class SharedCovarianceGaussian
{
    // Squared deviations of rows in single precision that are nothing but rounding, relative to their squared lengths.
    private const double NoScatter = 1e-12;

    /// <summary>Fits the Gaussians; where nothing at all is known of their covariance it is taken to be the identity.</summary>
    /// <param name="statistics">The sums over the images.</param>
    /// <param name="threads">The number of threads at most; at least 1.</param>
    public static LinearHead Fit(ClassStatistics statistics, int threads)
    {
        var (means, mean) = CenteredMeans(statistics);
        var scatter = TensorPrimitives.Max(statistics.Counts.Span) > 1 ? statistics.Within(threads) : AboutMean(statistics, mean);
        return Solve(means, mean, HasScatter(scatter, statistics) ? Shrunk(scatter, statistics.SampleCount) : Cholesky.TryFactor(SquareMatrix.Identity(scatter.Size))!, mean.Length, threads);
    }

    /// <summary>Fits the Gaussians, or returns null where no image differs from the mean of its class, so that nothing is known of the covariance.</summary>
    /// <param name="statistics">The sums over the images.</param>
    /// <param name="threads">The number of threads at most; at least 1.</param>
    public static LinearHead? TryFit(ClassStatistics statistics, int threads)
    {
        var within = statistics.Within(threads);
        if (!HasScatter(within, statistics))
            return null;
        var (means, mean) = CenteredMeans(statistics);
        return Solve(means, mean, Shrunk(within, statistics.SampleCount), mean.Length, threads);
    }

    /// <summary>Makes the head of Gaussians of the covariance A / scale.</summary>
    /// <param name="means">The class means less <paramref name="mean"/>, C × d by rows.</param>
    /// <param name="mean">What features are centered on, d values.</param>
    /// <param name="factor">The factor of A.</param>
    /// <param name="scale">The factor on A⁻¹.</param>
    /// <param name="threads">The number of threads at most.</param>
    internal static LinearHead Solve(double[] means, double[] mean, Cholesky factor, double scale, int threads)
    {
        var (classes, dimension) = (means.Length / mean.Length, mean.Length);
        var weights = (double[])means.Clone();
        factor.Solve(weights, threads);
        TensorPrimitives.Multiply(weights, scale, weights);
        var biases = new float[classes];
        for (var c = 0; c < classes; c++)
        {
            var row = weights.AsSpan(c * dimension, dimension);
            biases[c] = (float)(-(0.5 * TensorPrimitives.Dot<double>(row, means.AsSpan(c * dimension, dimension))) - TensorPrimitives.Dot<double>(row, mean));
        }
        var single = new float[weights.Length];
        TensorPrimitives.ConvertTruncating<double, float>(weights, single);
        return new LinearHead(new Matrix(single, classes, dimension), biases);
    }

    /// <summary>Returns the means of the classes less the mean of all images, C × d, and that mean.</summary>
    private static (double[] Means, double[] Mean) CenteredMeans(ClassStatistics statistics)
    {
        var (means, mean) = (statistics.Sums.ToArray(), new double[statistics.Dimension]);
        var counts = statistics.Counts.Span;
        for (var c = 0; c < counts.Length; c++)
            TensorPrimitives.Add(mean, means.AsSpan(c * mean.Length, mean.Length), mean);
        TensorPrimitives.Divide(mean, Math.Max(statistics.SampleCount, 1), mean);
        for (var c = 0; c < counts.Length; c++)
        {
            var row = means.AsSpan(c * mean.Length, mean.Length);
            if (counts[c] == 0)
            {
                row.Clear();
                continue;
            }
            TensorPrimitives.Divide(row, counts[c], row);
            TensorPrimitives.Subtract(row, mean, row);
        }
        return (means, mean);
    }

    /// <summary>Computes the scatter about the mean of all images, XᵀX − n·μ·μᵀ.</summary>
    private static SquareMatrix AboutMean(ClassStatistics statistics, double[] mean)
    {
        var scatter = statistics.CopySecondMoments();
        for (var i = 0; i < scatter.Size; i++)
            TensorPrimitives.MultiplyAdd(mean, -statistics.SampleCount * mean[i], scatter.Row(i), scatter.Row(i));
        return scatter;
    }

    private static bool HasScatter(SquareMatrix scatter, ClassStatistics statistics)
    {
        var total = 0.0;
        for (var i = 0; i < scatter.Size; i++)
            total += statistics.SecondMoments.Span[(i * scatter.Size) + i];
        return Trace(scatter) > NoScatter * total;
    }

    /// <summary>Factors (n − 1)Σ + tr(Σ)·I, whose smallest eigenvalue is at least 1 / n of the largest.</summary>
    private static Cholesky Shrunk(SquareMatrix scatter, int samples)
    {
        var trace = Trace(scatter);
        for (var i = 0; i < scatter.Size; i++)
            scatter.Row(i)[i] += trace / Math.Max(samples - 1, 1);
        return Cholesky.TryFactor(scatter)!;
    }

    private static double Trace(SquareMatrix matrix)
    {
        var trace = 0.0;
        for (var i = 0; i < matrix.Size; i++)
            trace += matrix[i, i];
        return trace;
    }
}
