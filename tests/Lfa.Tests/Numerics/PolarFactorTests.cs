using Lfa.Numerics;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Numerics;

public class PolarFactorTests
{
    // The iteration stops after a step of 1e-4 at most, which leaves half its square.
    private const double Precision = 1e-8;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(32)]
    [InlineData(65)]
    [InlineData(130)]
    public void Of_RegularMatrix_IsUVᵀ(int size)
    {
        var matrix = MadeUp.Square(size, seed: size);
        var factor = PolarFactor.Of(matrix, threads: 2).ToOracle();
        factor.ShouldBeCloseTo(Oracle.Polar(matrix.ToOracle()), Precision);
        Oracle.Orthogonality(factor).ShouldBeLessThan(Precision);
        ShouldMakeSemidefinite(factor, matrix.ToOracle());
    }

    [Theory]
    [InlineData(8, 1e8)]
    [InlineData(60, 1e8)]
    [InlineData(60, 1e10)]
    public void Of_IllConditionedMatrix_IsUVᵀToItsCondition(int size, double condition)
    {
        var matrix = Oracle.WithSingularValues(Geometric(size, 1 / condition), seed: 3);
        var factor = PolarFactor.Of(Oracle.ToSquare(matrix), threads: 1).ToOracle();
        Oracle.Orthogonality(factor).ShouldBeLessThan(Precision);
        factor.ShouldBeCloseTo(Oracle.Polar(matrix), Precision + (1e-15 * condition)); // The factor moves by eps / (σₙ + σₙ₋₁).
    }

    [Fact]
    public void Of_SpectrumDownToRounding_FollowsTheDirectionsThatCount()
    {
        // Nothing separates the singular values that count from those that do not; at 1e-7 of the largest all still count.
        const int size = 64;
        var matrix = Oracle.WithSingularValues(Geometric(size, 1e-17), seed: 5);
        var svd = matrix.Svd();
        var factor = PolarFactor.Of(Oracle.ToSquare(matrix), threads: 2).ToOracle();
        Oracle.Orthogonality(factor).ShouldBeLessThan(Precision);
        var aligned = svd.U.TransposeThisAndMultiply(factor) * svd.VT.Transpose();
        for (var i = 0; i < size && svd.S[i] > 1e-7; i++)
            aligned[i, i].ShouldBe(1, 1e-4, Invariant($"direction {i} of singular value {svd.S[i]:E1}"));
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(12, 5)]
    [InlineData(40, 39)]
    [InlineData(70, 10)]
    public void Of_SingularMatrix_IsTheLimitNearestTheIdentity(int size, int rank)
    {
        var exact = MadeUp.LowRank(size, size, rank, seed: size);
        var factor = PolarFactor.Of(Oracle.ToSquare(exact), threads: 1).ToOracle();
        Oracle.Orthogonality(factor).ShouldBeLessThan(Precision);
        ShouldMakeSemidefinite(factor, exact);
        // polar(M + ε‖M‖I) departs from its limit by ε times the condition of M's regular part and of U₀ᵀV₀, up to 1e4 here;
        // what the limit was found by is exact.
        factor.ShouldBeCloseTo(Shifted(exact, 1e-8), 1e-4);
        (factor - Shifted(exact, 1e-8)).FrobeniusNorm().ShouldBeLessThan(((factor - Shifted(exact, 1e-6)).FrobeniusNorm() / 10) + Precision);
    }

    [Fact]
    public void Of_Zero_IsTheIdentity() => PolarFactor.Of(new SquareMatrix(5), threads: 1).Values.ShouldBe(SquareMatrix.Identity(5).Values);

    [Fact]
    public void Of_NullSpacesAtRightAngles_IsTheLimitAllTheSame()
    {
        // M = e₁e₂ᵀ: the null spaces are e₂ and e₁, so no first-order term tells how to complete; the limit is a quarter turn.
        var factor = PolarFactor.Of(new SquareMatrix([0, 1, 0, 0], 2), threads: 1);
        factor.Values.ShouldBeCloseTo([0, 1, -1, 0], 3e-5); // Taken at ε = 1e-5, where the turn lacks 2ε.
    }

    [Fact]
    public void Of_NegativeDefinite_IsMinusTheIdentity()
    {
        var root = MadeUp.Square(9, seed: 1).ToOracle();
        var factor = PolarFactor.Of(Oracle.ToSquare(-root * root.Transpose()), threads: 1).ToOracle();
        factor.ShouldBeCloseTo(-Matrix<double>.Build.DenseIdentity(9), Precision);
    }

    [Fact]
    public void Of_RankOne_TurnsInOnePlane()
    {
        // M = uvᵀ: W takes u to v in their plane and leaves what is at right angles to both.
        var (u, v) = (Vector<double>.Build.Dense(MadeUp.Doubles(6, 1)).Normalize(2), Vector<double>.Build.Dense(MadeUp.Doubles(6, 2)).Normalize(2));
        var factor = PolarFactor.Of(Oracle.ToSquare(u.OuterProduct(v)), threads: 1).ToOracle();
        factor.LeftMultiply(u).ToArray().ShouldBeCloseTo(v.ToArray(), Precision);
        var other = Vector<double>.Build.Dense(MadeUp.Doubles(6, 3));
        var plane = Matrix<double>.Build.DenseOfColumnVectors(u, v);
        other -= plane * plane.PseudoInverse() * other;
        factor.LeftMultiply(other).ToArray().ShouldBeCloseTo(other.ToArray(), Precision);
    }

    [Theory]
    [InlineData(1e-150)]
    [InlineData(1e150)]
    public void Of_ScaledMatrix_IsTheSame(double scale)
    {
        var matrix = MadeUp.Square(20, seed: 4);
        var scaled = new SquareMatrix(Array.ConvertAll(matrix.Values, value => scale * value), 20);
        PolarFactor.Of(scaled, threads: 1).Values.ShouldBeCloseTo(PolarFactor.Of(matrix, threads: 1).Values, Precision);
    }

    [Fact]
    public void Of_AnyNumberOfThreads_GivesTheSameBits()
    {
        foreach (var matrix in new[] { MadeUp.Square(130, seed: 6), Oracle.ToSquare(MadeUp.LowRank(130, 130, 40, seed: 6)) })
        {
            var single = PolarFactor.Of(matrix, threads: 1);
            PolarFactor.Of(matrix, threads: 2).Values.ShouldBe(single.Values);
            PolarFactor.Of(matrix, threads: 3).Values.ShouldBe(single.Values);
        }
    }

    [Fact]
    public void Of_Argument_IsNotChanged()
    {
        var matrix = MadeUp.Square(10, seed: 7);
        var copy = matrix.Clone();
        PolarFactor.Of(matrix, threads: 1);
        matrix.Values.ShouldBe(copy.Values);
    }

    private static double[] Geometric(int count, double last) => [.. Enumerable.Range(0, count).Select(i => Math.Pow(last, i / (count - 1.0)))];

    private static Matrix<double> Shifted(Matrix<double> matrix, double epsilon) =>
        Oracle.Polar(matrix + (Matrix<double>.Build.DenseIdentity(matrix.RowCount) * (epsilon * matrix.L2Norm())));

    /// <summary>WᵀM is symmetric with no negative eigenvalue: only then does W maximize trace(WᵀM).</summary>
    private static void ShouldMakeSemidefinite(Matrix<double> factor, Matrix<double> matrix)
    {
        var product = factor.TransposeThisAndMultiply(matrix);
        var size = matrix.L2Norm();
        (product - product.Transpose()).L2Norm().ShouldBeLessThan(Precision * size);
        product.Evd(Symmetricity.Symmetric).EigenValues.Min(value => value.Real).ShouldBeGreaterThan(-Precision * size);
    }
}
