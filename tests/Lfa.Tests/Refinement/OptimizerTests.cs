using Lfa.Alignment;
using Lfa.Refinement;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Refinement;

public class OptimizerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(40_003)] // several chunks, and a rest that fills no register
    public void AdamW_Step_IsItsFormula(int count)
    {
        const double decay = 0.3, rate = 0.01;
        var (weights, gradient) = (MadeUp.Floats(count, seed: 1), new float[count]);
        var optimizer = new AdamW(weights, gradient, decay, threads: 2);
        var (w, m, v) = (Array.ConvertAll(weights, value => (double)value), new double[count], new double[count]);
        for (var t = 1; t <= 5; t++)
        {
            MadeUp.Floats(count, seed: 10 + t).CopyTo(gradient, 0);
            gradient[0] = 0;
            optimizer.Step(rate * t);
            for (var i = 0; i < count; i++)
            {
                m[i] = (0.9 * m[i]) + (0.1 * gradient[i]);
                v[i] = (0.999 * v[i]) + (0.001 * gradient[i] * gradient[i]);
                w[i] -= rate * t * decay * w[i];
                w[i] -= rate * t * (m[i] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, t))) + 1e-8);
            }
        }
        weights.ShouldBeCloseTo(Array.ConvertAll(w, value => (float)value), 1e-6); // Five steps in single precision.
    }

    [Fact]
    public void CosineSchedule_Rate_FallsFromTheFirstRateToTheLeast()
    {
        var schedule = new CosineSchedule(5e-4, 40);
        schedule.Rate(0).ShouldBe(5e-4, 1e-18);
        schedule.Rate(20).ShouldBe((5e-4 + 1e-7) / 2, 1e-18);
        schedule.Rate(40).ShouldBe(1e-7, 1e-18);
        schedule.Rate(10).ShouldBe(1e-7 + ((5e-4 - 1e-7) * (1 + Math.Sqrt(0.5)) / 2), 1e-18);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(10)]
    public void MovingAverage_Update_IsItsFormula(int iterations)
    {
        var average = new MovingAverage([1, 0, 0, 1], iterations);
        double[] expected = [1, 0, 0, 1];
        for (var t = 0; t < iterations; t++)
        {
            var transform = MadeUp.Floats(4, seed: t);
            average.Update(transform, t);
            var half = iterations / 2;
            var r = half == 0 ? 1 : 1 - Math.Exp(-5.0 * Math.Min(t, half) / half);
            var momentum = 0.9 + (0.1 * r);
            for (var i = 0; i < 4; i++)
                expected[i] = (momentum * expected[i]) + ((1 - momentum) * transform[i]);
        }
        average.Values.ShouldBeCloseTo(Array.ConvertAll(expected, value => (float)value), 1e-6); // Single precision.
    }

    [Fact]
    public void Orthogonalize_EverySingularValue_TakesItsStepTowardsOne()
    {
        double[] start = [1.4, 1.2, 1, 0.8, 0.5, 0.1];
        var matrix = Oracle.WithSingularValues(start, seed: 1);
        var transform = Oracle.ToFeatures(matrix).Values.ToArray();
        new SpectralProjection(6, 6, threads: 1).Orthogonalize(transform, strength: 0.1);
        var expected = Array.ConvertAll(start, value => value + (0.1 * (value - (value * value * value))));
        SingularValues(transform, 6).Order().ToArray().ShouldBeCloseTo(expected.Order().ToArray(), 1e-6); // Single precision.
    }

    [Theory]
    [InlineData(1.5, 1.1, 0.9, 0.2)]
    [InlineData(3, 2, 1, 0)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(0.5, 0.1, 0.1, 0.01)]
    public void ClipSingularValues_EqualsOracle(double a, double b, double c, double d)
    {
        var matrix = Oracle.WithSingularValues([a, b, c, d], seed: 2);
        var svd = matrix.Svd();
        var expected = svd.U * Matrix<double>.Build.DenseOfDiagonalVector(svd.S.Map(value => Math.Min(value, 1), Zeros.Include)) * svd.VT;
        var transform = Oracle.ToFeatures(matrix).Values.ToArray();
        new SpectralProjection(4, 4, threads: 1).ClipSingularValues(transform);
        transform.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 2e-6); // Single precision.
    }

    [Fact]
    public void ClipSingularValues_LargeMatrix_EqualsOracle()
    {
        var matrix = MadeUp.Square(40, seed: 3).ToOracle() / 6;
        var svd = matrix.Svd();
        svd.S.ShouldContain(value => value > 1);
        var expected = svd.U * Matrix<double>.Build.DenseOfDiagonalVector(svd.S.PointwiseMinimum(1)) * svd.VT;
        var transform = Oracle.ToFeatures(matrix).Values.ToArray();
        new SpectralProjection(40, 40, threads: 2).ClipSingularValues(transform);
        transform.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 2e-6);
    }

    private static double[] SingularValues(float[] values, int size) =>
        new Transform(new(values, size, size)).Matrix.ToOracle().Svd(computeVectors: false).S.ToArray();
}
