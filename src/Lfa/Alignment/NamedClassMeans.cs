using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Alignment;

/// <summary>
/// What class names tell of the means of classes: ridge regression from class prototypes to class means, which predicts each
/// class from the others.
/// </summary>
/// <remarks>
/// With T the prototypes of the P classes that have an image and M their means, both centered, the prediction is
/// T·A⁻¹·TᵀM, A = TᵀT + λI, and what it leaves of a class that takes no part in it is (M − T·A⁻¹·TᵀM)_c / (1 − 1/P − h_c)
/// with the leverage h_c = t_cᵀA⁻¹t_c (D. M. Allen, Technometrics 16, 1974). λ is the one that leaves least.
/// </remarks>
internal sealed class NamedClassMeans
{
    // In units of the mean squared length of a centered prototype.
    private static readonly double[] Penalties = [1, 3, 10];

    private NamedClassMeans(double[] center, double[] means, double[] residuals, double meanSquare) =>
        (Center, Means, Residuals, MeanSquare) = (center, means, residuals, meanSquare);

    /// <summary>Gets the mean of the class means, d values.</summary>
    public double[] Center { get; }

    /// <summary>Gets the means less <see cref="Center"/>, C × d by rows; 0 for classes without an image.</summary>
    public double[] Means { get; }

    /// <summary>Gets what the other classes do not predict of <see cref="Means"/>, C × d by rows; 0 for classes without an image.</summary>
    public double[] Residuals { get; }

    /// <summary>Gets the mean squared length of the residuals of the classes that have an image.</summary>
    public double MeanSquare { get; }

    /// <summary>Fits the regression.</summary>
    /// <param name="statistics">The sums over the images.</param>
    /// <param name="prototypes">The class prototypes, C × d_text.</param>
    /// <param name="threads">The number of threads at most; at least 1.</param>
    public static NamedClassMeans Of(ClassStatistics statistics, Matrix prototypes, int threads)
    {
        var dimension = statistics.Dimension;
        int[] present = [.. Enumerable.Range(0, statistics.ClassCount).Where(c => statistics.Counts.Span[c] > 0)];
        var means = SelectMeans(statistics, present);
        var center = CenterRows(means, dimension);
        var texts = CrossProducts.ToDouble(prototypes.SelectRows(present));
        CenterRows(texts, prototypes.Columns);
        var (residuals, meanSquare) = Regress(texts, means, present.Length, threads);

        var (all, spread) = (new double[statistics.ClassCount * dimension], new double[statistics.ClassCount * dimension]);
        for (var i = 0; i < present.Length; i++)
        {
            means.AsSpan(i * dimension, dimension).CopyTo(all.AsSpan(present[i] * dimension));
            residuals.AsSpan(i * dimension, dimension).CopyTo(spread.AsSpan(present[i] * dimension));
        }
        return new NamedClassMeans(center, all, spread, meanSquare);
    }

    private static (double[] Residuals, double MeanSquare) Regress(double[] texts, double[] means, int classes, int threads)
    {
        var unit = TensorPrimitives.SumOfSquares<double>(texts) / classes;
        // Names that are all alike, or two classes, tell nothing: a class is predicted to lie where the others do on average.
        (double[] Residuals, double MeanSquare) best = (Scaled(means, classes / Math.Max(classes - 1.0, 1)), 0);
        best.MeanSquare = TensorPrimitives.SumOfSquares<double>(best.Residuals) / classes;
        foreach (var penalty in classes > 2 && unit > 0 ? Penalties : [])
        {
            var residuals = LeaveOneOut(texts, means, classes, penalty * unit, threads);
            var meanSquare = TensorPrimitives.SumOfSquares<double>(residuals) / classes;
            if (meanSquare < best.MeanSquare)
                best = (residuals, meanSquare);
        }
        return best;
    }

    /// <summary>Computes what the other classes do not predict of each, P × d, by the smaller of two inverses.</summary>
    private static double[] LeaveOneOut(double[] texts, double[] means, int classes, double penalty, int threads)
    {
        var (width, dimension) = (texts.Length / classes, means.Length / classes);
        var (residuals, leverages) = width < classes ? ByComponents(texts, means, classes, penalty, threads) : ByClasses(texts, means, classes, penalty, threads);
        TensorPrimitives.Subtract(means, residuals, residuals);
        for (var c = 0; c < classes; c++)
        {
            var row = residuals.AsSpan(c * dimension, dimension);
            TensorPrimitives.Divide(row, 1 - (1.0 / classes) - leverages[c], row);
        }
        return residuals;
    }

    /// <summary>Predicts by T·(TᵀT + λI)⁻¹·TᵀM; returns the leverages beside it.</summary>
    private static (double[] Predicted, double[] Leverages) ByComponents(double[] texts, double[] means, int classes, double penalty, int threads)
    {
        var width = texts.Length / classes;
        var inverse = Inverted(new SquareMatrix(CrossProducts.Of(texts, texts, classes, threads), width), penalty, threads);
        var weights = MatrixProducts.Times(texts, inverse.Operand, threads); // P × k
        var predicted = MatrixProducts.Times(weights, new(CrossProducts.Of(texts, means, classes, threads), width, means.Length / classes), threads);
        return (predicted, [.. Enumerable.Range(0, classes).Select(c => TensorPrimitives.Dot<double>(weights.AsSpan(c * width, width), texts.AsSpan(c * width, width)))]);
    }

    /// <summary>Predicts by TTᵀ·(TTᵀ + λI)⁻¹·M; returns the leverages beside it.</summary>
    private static (double[] Predicted, double[] Leverages) ByClasses(double[] texts, double[] means, int classes, double penalty, int threads)
    {
        var names = new Operand<double>(texts, classes, texts.Length / classes);
        var kernel = MatrixProducts.Times(texts, names.Transpose(), threads);
        var hat = MatrixProducts.Times(kernel, Inverted(new SquareMatrix((double[])kernel.Clone(), classes), penalty, threads).Operand, threads); // P × P
        return (MatrixProducts.Times(hat, new(means, classes, means.Length / classes), threads), [.. Enumerable.Range(0, classes).Select(c => hat[(c * classes) + c])]);
    }

    /// <summary>Replaces A by (A + λI)⁻¹.</summary>
    private static SquareMatrix Inverted(SquareMatrix matrix, double penalty, int threads)
    {
        for (var i = 0; i < matrix.Size; i++)
            matrix.Row(i)[i] += penalty;
        new Inverse(matrix.Size, threads).TryInvert(matrix);
        return matrix;
    }

    private static double[] SelectMeans(ClassStatistics statistics, int[] present)
    {
        var means = new double[present.Length * statistics.Dimension];
        for (var i = 0; i < present.Length; i++)
            TensorPrimitives.Divide(statistics.Sums.Span.Slice(present[i] * statistics.Dimension, statistics.Dimension), statistics.Counts.Span[present[i]], means.AsSpan(i * statistics.Dimension));
        return means;
    }

    /// <summary>Subtracts the mean of the rows from each.</summary>
    private static double[] CenterRows(double[] rows, int columns)
    {
        var mean = new double[columns];
        for (var start = 0; start < rows.Length; start += columns)
            TensorPrimitives.Add(mean, rows.AsSpan(start, columns), mean);
        TensorPrimitives.Divide(mean, rows.Length / columns, mean);
        SubtractFromRows(rows, mean);
        return mean;
    }

    private static void SubtractFromRows(double[] rows, double[] value)
    {
        for (var start = 0; start < rows.Length; start += value.Length)
            TensorPrimitives.Subtract(rows.AsSpan(start, value.Length), value, rows.AsSpan(start, value.Length));
    }

    private static double[] Scaled(double[] values, double factor)
    {
        var scaled = new double[values.Length];
        TensorPrimitives.Multiply(values, factor, scaled);
        return scaled;
    }
}
