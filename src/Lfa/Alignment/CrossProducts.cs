using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Alignment;

/// <summary>The products of features that the closed forms need, in double precision.</summary>
internal static class CrossProducts
{
    // Rows converted to double precision at a time: bounds the memory beside the features.
    private const int ConvertedRows = 1024;

    /// <summary>Computes the class sums S = PᵀX, C × d, for hard labels.</summary>
    /// <param name="imageFeatures">The image features X, n × d.</param>
    /// <param name="labels">The n labels, from 0 to C − 1.</param>
    /// <param name="classes">The number of classes C.</param>
    public static double[] ClassSums(Matrix imageFeatures, ReadOnlySpan<int> labels, int classes)
    {
        var dimension = imageFeatures.Columns;
        var sums = new double[classes * dimension];
        var row = new double[dimension];
        for (var i = 0; i < labels.Length; i++)
        {
            TensorPrimitives.ConvertTruncating(imageFeatures.Row(i), row);
            var sum = sums.AsSpan(labels[i] * dimension, dimension);
            TensorPrimitives.Add(sum, row, sum);
        }
        return sums;
    }

    /// <summary>Computes AᵀA, a × a.</summary>
    public static SquareMatrix Gram(Matrix a, int threads) => new(Of(a, a, threads), a.Columns);

    /// <summary>Computes AᵀB, a × b by rows, for two matrices of n rows.</summary>
    public static double[] Of(Matrix a, Matrix b, int threads)
    {
        var product = MatrixProducts.Double();
        var result = new double[a.Columns * b.Columns];
        for (var start = 0; start < a.Rows; start += ConvertedRows)
        {
            var count = Math.Min(ConvertedRows, a.Rows - start);
            var left = ToDouble(a.Slice(start, count));
            var right = ReferenceEquals(a, b) ? left : ToDouble(b.Slice(start, count));
            product.Multiply(new Operand<double>(left, count, a.Columns).Transpose(), new(right, count, b.Columns), result, threads, accumulate: true);
        }
        return result;
    }

    /// <summary>Computes AᵀB, a × b by rows, for two matrices of <paramref name="rows"/> rows in double precision.</summary>
    public static double[] Of(double[] a, double[] b, int rows, int threads)
    {
        var (aColumns, bColumns) = (a.Length / rows, b.Length / rows);
        var result = new double[aColumns * bColumns];
        MatrixProducts.Double().Multiply(new Operand<double>(a, rows, aColumns).Transpose(), new(b, rows, bColumns), result, threads);
        return result;
    }

    public static double[] ToDouble(Matrix matrix)
    {
        var values = new double[matrix.Values.Length];
        TensorPrimitives.ConvertTruncating(matrix.Values.Span, values);
        return values;
    }
}
