using Lfa.Data;
using Lfa.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Support;

/// <summary>Passes matrices to Math.NET Numerics and back.</summary>
internal static class Oracle
{
    public static Matrix<double> Matrix(double[] values, int rows, int columns) => Matrix<double>.Build.DenseOfRowMajor(rows, columns, values);

    public static Matrix<double> ToOracle(this SquareMatrix matrix) => Matrix(matrix.Values, matrix.Size, matrix.Size);

    public static Matrix<double> ToOracle(this Matrix matrix) =>
        Matrix(Array.ConvertAll(matrix.Values.ToArray(), value => (double)value), matrix.Rows, matrix.Columns);

    public static Matrix ToFeatures(Matrix<double> matrix) =>
        new(Array.ConvertAll(matrix.ToRowMajorArray(), value => (float)value), matrix.RowCount, matrix.ColumnCount);

    public static SquareMatrix ToSquare(Matrix<double> matrix) => new(matrix.ToRowMajorArray(), matrix.RowCount);

    /// <summary>The polar factor UVᵀ, from singular values.</summary>
    public static Matrix<double> Polar(Matrix<double> matrix)
    {
        var svd = matrix.Svd();
        return svd.U * svd.VT;
    }

    /// <summary>A matrix of the given singular values between random orthogonal factors.</summary>
    public static Matrix<double> WithSingularValues(double[] values, int seed)
    {
        var u = Polar(MadeUp.Square(values.Length, seed).ToOracle());
        var v = Polar(MadeUp.Square(values.Length, seed + 1).ToOracle());
        return u * Matrix<double>.Build.DenseOfDiagonalArray(values) * v;
    }

    /// <summary>The largest departure of WᵀW from the identity.</summary>
    public static double Orthogonality(Matrix<double> matrix) =>
        (matrix.TransposeThisAndMultiply(matrix) - Matrix<double>.Build.DenseIdentity(matrix.ColumnCount)).Enumerate().Max(Math.Abs);

    public static void ShouldBeCloseTo(this Matrix<double> actual, Matrix<double> expected, double tolerance) =>
        actual.ToRowMajorArray().ShouldBeCloseTo(expected.ToRowMajorArray(), tolerance);
}
