using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>
/// Classifies by one Gaussian a class, all of one covariance, whose means are drawn to where the names of the classes predict
/// them: μ_c = m_c + ρ_c·(x̄_c − m_c), ρ_c = σ_b² / (σ_b² + σ_w² / n_c).
/// </summary>
/// <remarks>
/// Empirical Bayes (B. Efron, C. Morris, "Stein's estimation rule and its competitors", JASA 68, 1973): m_c is what the other
/// classes predict of the mean of class c (<see cref="NamedClassMeans"/>), σ_b² how far means lie from there beyond what the
/// scatter σ_w² of n_c images explains. The covariance is that of the images about their means and of the means about their
/// predictions, the latter scaled to σ_w², shrunk like that of <see cref="SharedCovarianceGaussian"/>. So one image a class is
/// enough.
/// </remarks>
internal static class ShrunkMeansGaussian
{
    // The part of σ_w² in σ_b² + σ_w² where too few classes have two images to tell it.
    private const double UsualWithin = 0.6;
    private const double LeastBetween = 0.05;

    /// <summary>Fits the Gaussians, in units that do not change as images join.</summary>
    /// <param name="statistics">The sums over the images.</param>
    /// <param name="prototypes">The class prototypes, C × d_text.</param>
    /// <param name="threads">The number of threads at most; at least 1.</param>
    public static LinearHead Fit(ClassStatistics statistics, Matrix prototypes, int threads)
    {
        var named = NamedClassMeans.Of(statistics, prototypes, threads);
        if (named.MeanSquare == 0) // A single class, or means that are all alike.
            return SharedCovarianceGaussian.Fit(statistics, threads);
        var counts = statistics.Counts.ToArray();
        var scatter = statistics.Within(threads);
        var (within, between) = Variances(counts, scatter, named.MeanSquare);

        AddResiduals(scatter, named.Residuals, counts.Length, within / named.MeanSquare, threads);
        var freedom = Freedom(counts) + counts.Count(count => count > 0);
        Shrink(scatter, freedom);
        var means = Means(named, counts, within / between);
        return SharedCovarianceGaussian.Solve(means, named.Center, Cholesky.TryFactor(scatter)!, freedom, threads);
    }

    /// <summary>Estimates the mean squared distance of an image from the mean of its class, and of that mean from its prediction.</summary>
    private static (double Within, double Between) Variances(int[] counts, SquareMatrix scatter, double meanSquare)
    {
        var (freedom, present) = (Freedom(counts), counts.Where(count => count > 0).ToArray());
        var trace = Trace(scatter);
        if (2 * freedom < present.Length || !(trace > 0))
            return (UsualWithin * meanSquare, (1 - UsualWithin) * meanSquare);
        var within = trace / freedom;
        return (within, Math.Max(meanSquare - (within * present.Average(count => 1.0 / count)), LeastBetween * meanSquare));
    }

    private static double[] Means(NamedClassMeans named, int[] counts, double ratio)
    {
        var (means, dimension) = ((double[])named.Means.Clone(), named.Center.Length);
        for (var c = 0; c < counts.Length; c++)
        {
            var row = means.AsSpan(c * dimension, dimension);
            var pull = counts[c] == 0 ? 0 : ratio / (counts[c] + ratio); // 1 − ρ
            TensorPrimitives.MultiplyAdd(named.Residuals.AsSpan(c * dimension, dimension), -pull, row, row);
        }
        return means;
    }

    private static void AddResiduals(SquareMatrix scatter, double[] residuals, int classes, double scale, int threads)
    {
        var products = CrossProducts.Of(residuals, residuals, classes, threads);
        TensorPrimitives.MultiplyAdd(products, scale, scatter.Values, scatter.Values);
    }

    private static void Shrink(SquareMatrix scatter, int freedom)
    {
        var trace = Trace(scatter);
        for (var i = 0; i < scatter.Size; i++)
            scatter.Row(i)[i] += trace / Math.Max(freedom - 1, 1);
    }

    private static int Freedom(int[] counts) => counts.Sum(count => Math.Max(count - 1, 0));

    private static double Trace(SquareMatrix matrix) => Enumerable.Range(0, matrix.Size).Sum(i => matrix[i, i]);
}
