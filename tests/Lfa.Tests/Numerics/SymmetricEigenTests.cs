using Lfa.Numerics;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Numerics;

public class SymmetricEigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(150)]
    public void Of_AnySize_IsReconstructed(int size)
    {
        var matrix = Symmetric(MadeUp.Square(size, seed: size).ToOracle());
        Check(matrix, 1e-13 * Math.Max(10, size));
        var (values, _) = SymmetricEigen.Of(Oracle.ToSquare(matrix), threads: 2);
        values.ShouldBeCloseTo([.. matrix.Evd().EigenValues.Select(value => value.Real).OrderDescending()], 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Of_LowRank_IsReconstructed(int rank)
    {
        var factor = rank == 0 ? Matrix<double>.Build.Dense(40, 1) : MadeUp.LowRank(40, rank, rank, seed: 3);
        Check(factor * factor.Transpose(), 1e-12);
    }

    [Fact]
    public void Of_EqualAndDiagonalEigenvalues_AreReconstructed()
    {
        Check(Matrix<double>.Build.DenseIdentity(20), 1e-15);
        Check(Matrix<double>.Build.DenseOfDiagonalArray([.. Enumerable.Range(0, 20).Select(i => (double)(i % 3))]), 1e-15);
        var turned = Oracle.Polar(MadeUp.Square(20, seed: 4).ToOracle());
        Check(turned * Matrix<double>.Build.DenseOfDiagonalArray([.. Enumerable.Range(0, 20).Select(i => i < 10 ? 1.0 : 1e-9)]) * turned.Transpose(), 1e-13);
    }

    [Fact]
    public void Of_AnyNumberOfThreads_GivesTheSameBits()
    {
        var matrix = Oracle.ToSquare(Symmetric(MadeUp.Square(90, seed: 5).ToOracle()));
        var (values, vectors) = SymmetricEigen.Of(matrix, threads: 1);
        var several = SymmetricEigen.Of(matrix, threads: 3);
        several.Values.ShouldBe(values);
        several.Vectors.Values.ShouldBe(vectors.Values);
    }

    [Fact]
    public void Of_NotANumber_Throws()
    {
        var matrix = new SquareMatrix(3);
        matrix.Values.AsSpan().Fill(double.NaN);
        Should.Throw<ArithmeticException>(() => SymmetricEigen.Of(matrix, threads: 1));
    }

    private static Matrix<double> Symmetric(Matrix<double> matrix) => matrix + matrix.Transpose();

    private static void Check(Matrix<double> matrix, double tolerance)
    {
        var (values, vectors) = SymmetricEigen.Of(Oracle.ToSquare(matrix), threads: 2);
        values.ShouldBe(values.OrderDescending());
        var v = vectors.ToOracle();
        Oracle.Orthogonality(v).ShouldBeLessThan(Math.Max(tolerance, 1e-13));
        var error = (v.Transpose() * Matrix<double>.Build.DenseOfDiagonalArray(values) * v) - matrix;
        error.Enumerate().Max(Math.Abs).ShouldBeLessThanOrEqualTo(tolerance * Math.Max(1, matrix.Enumerate().Max(Math.Abs)));
    }
}
