using Lfa.Alignment;
using Lfa.Data;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Alignment;

public class LeastSquaresTests
{
    [Fact]
    public void Fit_Pairs_RecoversThePlantedMap()
    {
        var map = new Transform(MadeUp.Features(10, 10, seed: 1));
        var source = MadeUp.Features(60, 10, seed: 2);
        LeastSquares.Fit(source, map.Apply(source)).Matrix.Values.ShouldBeCloseTo(map.Matrix.Values.Span, 1e-6); // The target is rounded to 6e-8; the source's condition is about 3.
    }

    [Theory]
    [InlineData(60, 10)]
    [InlineData(10, 10)]
    [InlineData(7, 20)]
    [InlineData(1, 5)]
    public void Fit_FullRank_IsThePseudoInverseTimesTheTarget(int rows, int dimension)
    {
        var (source, target) = (MadeUp.Features(rows, dimension, seed: 3), MadeUp.Features(rows, dimension, seed: 4));
        ShouldBeOfLeastNorm(source, target, source.ToOracle());
    }

    [Theory]
    [InlineData(50, 12, 5)] // more rows than columns, yet dependent
    [InlineData(12, 12, 5)]
    [InlineData(9, 30, 4)]
    [InlineData(30, 9, 1)]
    public void Fit_DependentRows_IsOfLeastNorm(int rows, int dimension, int rank)
    {
        // Rounding to single precision makes the rank full again, by singular values 1e-8 of the largest: they must count as zero.
        var exact = MadeUp.LowRank(rows, dimension, rank, seed: 5);
        ShouldBeOfLeastNorm(Oracle.ToFeatures(exact), MadeUp.Features(rows, dimension, seed: 7), exact);
    }

    [Fact]
    public void Fit_EqualRows_IsOfLeastNorm()
    {
        var source = MadeUp.Features(4, 10, seed: 8).SelectRows([0, 1, 2, 3, 0, 1, 0]);
        ShouldBeOfLeastNorm(source, MadeUp.Features(7, 10, seed: 9), source.ToOracle());
    }

    [Fact]
    public void Fit_ZeroSource_IsZero()
    {
        var zero = new Matrix(new float[6], 2, 3);
        LeastSquares.Fit(zero, MadeUp.Features(2, 3, seed: 1)).Matrix.Values.ToArray().ShouldAllBe(value => value == 0);
    }

    [Theory]
    [InlineData(60, 10, 0.5)]
    [InlineData(5, 20, 1e-3)]
    public void Fit_Ridge_IsTheClosedForm(int rows, int dimension, double ridge)
    {
        var (source, target) = (MadeUp.Features(rows, dimension, seed: 10), MadeUp.Features(rows, dimension, seed: 11));
        var (x, t) = (source.ToOracle(), target.ToOracle());
        var expected = (x.TransposeThisAndMultiply(x) + (Matrix<double>.Build.DenseIdentity(dimension) * ridge)).Solve(x.TransposeThisAndMultiply(t));
        LeastSquares.Fit(source, target, ridge).Matrix.Values.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 1e-6); // Single precision at the end.
    }

    [Fact]
    public void Fit_LabeledImages_EqualsTheFitOfPairs()
    {
        var task = MadeUp.Task(6, 15, shots: 4, seed: 12);
        var pairs = LeastSquares.Fit(task.ImageFeatures, task.ClassPrototypes.SelectRows(task.Labels.Span), ridge: 0.1);
        LeastSquares.Fit(task, ridge: 0.1).Matrix.Values.ShouldBeCloseTo(pairs.Matrix.Values.Span, 1e-6);
    }

    [Fact]
    public void ApproximateSoftPrompts_LearnedPrototypes_CarriesThemOverToOtherClasses()
    {
        // Prompt tuning that acts like a linear map on all prototypes: 20 classes tell how, 5 others follow.
        var prompt = MadeUp.Rotation(12, seed: 13, spread: 0.5);
        var names = MadeUp.Features(25, 12, seed: 14).NormalizeRows();
        var learned = prompt.Apply(names);
        var fitted = LeastSquares.ApproximateSoftPrompts(names.Slice(0, 20), learned.Slice(0, 20));
        fitted.Apply(names.Slice(20, 5)).Values.ShouldBeCloseTo(learned.Slice(20, 5).Values.Span, 1e-5); // 6e-8 of the learned prototypes times a condition of about 10.
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Fit_RidgeOutOfRange_Throws(double ridge) =>
        Should.Throw<ArgumentOutOfRangeException>(() => LeastSquares.Fit(MadeUp.Features(2, 2, 1), MadeUp.Features(2, 2, 1), ridge));

    [Fact]
    public void Fit_NoRows_Throws()
    {
        var empty = new Matrix(default, 0, 3);
        Should.Throw<LfaDataException>(() => LeastSquares.Fit(empty, empty)).Message.ShouldContain("source has no rows");
    }

    [Fact]
    public void Fit_AnyNumberOfThreads_GivesTheSameBits()
    {
        foreach (var rows in new[] { 60, 2100 })
        {
            var (source, target) = (MadeUp.Features(rows, 90, seed: 15), MadeUp.Features(rows, 90, seed: 16));
            LeastSquares.Fit(source, target, maxDegreeOfParallelism: 2).Matrix.Values.ToArray().ShouldBe(LeastSquares.Fit(source, target, maxDegreeOfParallelism: 1).Matrix.Values.ToArray());
        }
    }

    private static void ShouldBeOfLeastNorm(Matrix source, Matrix target, Matrix<double> exact)
    {
        var expected = Oracle.ToFeatures(exact.PseudoInverse() * target.ToOracle());
        LeastSquares.Fit(source, target).Matrix.Values.ShouldBeCloseTo(expected.Values.Span, 1e-5); // The source's own rounding, 6e-8, times its condition, up to a hundred.
    }
}
