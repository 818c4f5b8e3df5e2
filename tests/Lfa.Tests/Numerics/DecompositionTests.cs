using Lfa.Numerics;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Numerics;

public class DecompositionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(150)]
    public void Inverse_RegularMatrix_EqualsOracle(int size)
    {
        var matrix = MadeUp.Square(size, seed: size);
        var expected = matrix.ToOracle().Inverse();
        new Inverse(size, threads: 2).TryInvert(matrix).ShouldBeTrue();
        matrix.ToOracle().ShouldBeCloseTo(expected, 1e-10); // Conditions up to 1e4 here.
    }

    [Fact]
    public void Inverse_ZerosOnTheDiagonal_ArePivotedAway()
    {
        // A cyclic shift; its inverse is its transpose.
        const int size = 100;
        var matrix = new SquareMatrix(size);
        for (var i = 0; i < size; i++)
            matrix.Row(i)[(i + 1) % size] = 1;
        var expected = matrix.Transpose();
        new Inverse(size, threads: 1).TryInvert(matrix).ShouldBeTrue();
        matrix.Values.ShouldBe(expected.Values);
    }

    [Fact]
    public void Inverse_OneInstance_InvertsOneAfterAnother()
    {
        var inverse = new Inverse(70, threads: 1);
        for (var seed = 1; seed <= 3; seed++)
        {
            var matrix = MadeUp.Square(70, seed);
            var start = matrix.ToOracle();
            inverse.TryInvert(matrix).ShouldBeTrue();
            Oracle.Orthogonality(start * matrix.ToOracle()).ShouldBeLessThan(1e-9);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(70)]
    [InlineData(99)]
    public void Inverse_ZeroColumn_IsSingular(int column)
    {
        var matrix = MadeUp.Square(100, seed: 1);
        for (var i = 0; i < matrix.Size; i++)
            matrix.Row(i)[column] = 0;
        new Inverse(100, threads: 1).TryInvert(matrix).ShouldBeFalse();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(90)]
    public void Cholesky_Solve_EqualsOracle(int size)
    {
        var root = MadeUp.Square(size, seed: 2).ToOracle();
        var matrix = (root * root.Transpose()) + Matrix<double>.Build.DenseIdentity(size);
        var rightSides = Oracle.Matrix(MadeUp.Doubles(7 * size, 3), 7, size); // one a row
        var values = rightSides.ToRowMajorArray();
        Cholesky.TryFactor(Oracle.ToSquare(matrix)).ShouldNotBeNull().Solve(values, threads: 2);
        Oracle.Matrix(values, 7, size).Transpose().ShouldBeCloseTo(matrix.Solve(rightSides.Transpose()), 1e-11); // Conditions up to some hundreds.
    }

    [Fact]
    public void Cholesky_UpperTriangle_IsNotRead()
    {
        var matrix = new SquareMatrix([4, double.NaN, 2, 5], 2);
        double[] x = [8, 9]; // 4a + 2b = 8, 2a + 5b = 9
        Cholesky.TryFactor(matrix).ShouldNotBeNull().Solve(x, threads: 1);
        x.ShouldBeCloseTo([22.0 / 16, 20.0 / 16], 1e-15);
    }

    [Fact]
    public void Cholesky_SingularOrIndefinite_IsNull()
    {
        Cholesky.TryFactor(new SquareMatrix(3)).ShouldBeNull();
        Cholesky.TryFactor(new SquareMatrix([1, 2, 2, 1], 2)).ShouldBeNull();
        Cholesky.TryFactor(new SquareMatrix([1, 1, 1, 1], 2)).ShouldBeNull();
        Cholesky.TryFactor(new SquareMatrix([1, double.NaN, double.NaN, 1], 2)).ShouldBeNull();
    }

    [Theory]
    [InlineData(5, 20, 5)]
    [InlineData(20, 5, 5)]
    [InlineData(30, 40, 12)]
    [InlineData(200, 60, 33)]
    public void OrthonormalBasis_OfRows_SpansThemAndNoMore(int count, int width, int rank)
    {
        var rows = Oracle.Matrix(MadeUp.Doubles(count * rank, 1), count, rank) * Oracle.Matrix(MadeUp.Doubles(rank * width, 2), rank, width);
        var (values, found) = OrthonormalBasis.OfRows(rows.ToRowMajorArray(), count, width);
        found.ShouldBe(rank);
        var basis = Oracle.Matrix(values, rank, width).Transpose();
        Oracle.Orthogonality(basis).ShouldBeLessThan(1e-13);
        (rows * basis * basis.Transpose()).ShouldBeCloseTo(rows, 1e-12);
    }

    [Fact]
    public void OrthonormalBasis_NearlyEqualRows_StaysOrthogonal()
    {
        // 1e-9 apart: one pass of Gram–Schmidt would leave the second direction 1e-7 off.
        double[] rows = [1, 1, 1, 1, 1 + 1e-9, 1, 1, 1, 1, 1];
        var (values, rank) = OrthonormalBasis.OfRows(rows, 2, 5);
        rank.ShouldBe(2);
        Oracle.Orthogonality(Oracle.Matrix(values, 2, 5).Transpose()).ShouldBeLessThan(1e-14);
    }

    [Fact]
    public void OrthonormalBasis_EqualRowsAndZeros_CountOnce()
    {
        var (values, rank) = OrthonormalBasis.OfRows([3, 4, 0, 0, 6, 8], 3, 2);
        rank.ShouldBe(1);
        values.ShouldBeCloseTo([0.6, 0.8], 1e-15);
        OrthonormalBasis.OfRows([0, 0], 1, 2).Rank.ShouldBe(0);
    }

    [Fact]
    public void Complement_OfABasis_ProjectsOnTheNullSpace()
    {
        var matrix = MadeUp.LowRank(12, 12, 4, seed: 1);
        var (basis, rank) = OrthonormalBasis.OfRows(matrix.ToRowMajorArray(), 12, 12);
        var complement = OrthonormalBasis.Complement(basis, rank, 12, threads: 1).ToOracle();
        complement.Trace().ShouldBe(8, 1e-12);
        (complement * complement).ShouldBeCloseTo(complement, 1e-12);
        (matrix * complement).L2Norm().ShouldBeLessThan(1e-12 * matrix.L2Norm());
    }
}
