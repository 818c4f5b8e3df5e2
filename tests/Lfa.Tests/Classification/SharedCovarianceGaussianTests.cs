using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Classification;

public class SharedCovarianceGaussianTests
{
    [Theory]
    [InlineData(3, 8, 20)] // more images than components
    [InlineData(5, 40, 4)] // fewer
    public void TryFit_IsTheFormulaInPlain(int classes, int dimension, int shots)
    {
        var task = MadeUp.Task(classes, dimension, shots, seed: 1);
        var fitted = SharedCovarianceGaussian.TryFit(ClassStatistics.FromTask(task, 1), threads: 1)!;

        var (x, n) = (task.ImageFeatures.ToOracle(), task.SampleCount);
        var means = Enumerable.Range(0, classes).Select(c => Enumerable.Range(0, n).Where(i => task.Labels.Span[i] == c).Select(x.Row).Aggregate((a, b) => a + b) / shots).ToArray();
        var centered = Matrix<double>.Build.DenseOfRowVectors(Enumerable.Range(0, n).Select(i => x.Row(i) - means[task.Labels.Span[i]]));
        var covariance = centered.TransposeThisAndMultiply(centered) / (n - 1);
        var precision = dimension * (((n - 1) * covariance) + (covariance.Trace() * Matrix<double>.Build.DenseIdentity(dimension))).Inverse();
        var mean = x.ColumnSums() / n;
        var weights = means.Select(classMean => precision * (classMean - mean)).ToArray();
        var biases = weights.Select((row, c) => (float)((-0.5 * (row * (means[c] - mean))) - (row * mean))).ToArray();

        // Single-precision results of sums of cancelling terms.
        fitted.Weights.Values.ShouldBeCloseTo(weights.SelectMany(row => row.Select(value => (float)value)).ToArray(), 1e-4);
        fitted.Biases.ShouldBeCloseTo(biases, 1e-4);
        SharedCovarianceGaussian.Fit(ClassStatistics.FromTask(task, 1), threads: 1).Weights.Values.ShouldBeCloseTo(fitted.Weights.Values.Span, 0);
    }

    [Fact]
    public void Without_APart_IsTheFitToTheRest()
    {
        var task = MadeUp.Task(4, 16, shots: 6, seed: 2);
        int[] part = [0, 5, 10, 15], rest = [.. Enumerable.Range(0, 24).Except(part)];
        var without = SharedCovarianceGaussian.TryFit(ClassStatistics.FromTask(task, 1).Without(ClassStatistics.FromTask(task.SelectRows(part), 1)), 1)!;
        var direct = SharedCovarianceGaussian.TryFit(ClassStatistics.FromTask(task.SelectRows(rest), 1), 1)!;
        without.Weights.Values.ShouldBeCloseTo(direct.Weights.Values.Span, 1e-5);
    }

    [Fact]
    public void TryFit_ImagesAllAtTheirMeans_KnowsNoCovariance()
    {
        var prototypes = MadeUp.Features(3, 8, seed: 3);
        var labels = MadeUp.Labels(12, 3);
        SharedCovarianceGaussian.TryFit(ClassStatistics.FromTask(new FeatureSet(prototypes.SelectRows(labels), prototypes, labels), 1), 1).ShouldBeNull();
    }

    [Fact]
    public void Fit_OneImageAClass_TakesTheCovarianceAboutTheMeanOfAll()
    {
        var task = MadeUp.Task(6, 8, shots: 1, seed: 4);
        SharedCovarianceGaussian.TryFit(ClassStatistics.FromTask(task, 1), 1).ShouldBeNull();
        var fitted = SharedCovarianceGaussian.Fit(ClassStatistics.FromTask(task, 1), 1);

        var (x, n) = (task.ImageFeatures.ToOracle(), task.SampleCount);
        var mean = x.ColumnSums() / n;
        var centered = Matrix<double>.Build.DenseOfRowVectors(Enumerable.Range(0, n).Select(i => x.Row(i) - mean));
        var scatter = centered.TransposeThisAndMultiply(centered);
        var precision = 8 * (scatter + (scatter.Trace() / (n - 1) * Matrix<double>.Build.DenseIdentity(8))).Inverse();
        fitted.Weights.Values.ShouldBeCloseTo((centered * precision).ToRowMajorArray().Select(value => (float)value).ToArray(), 1e-5);
    }

    [Fact]
    public void Fit_ImagesAllAlike_KnowsNothing()
    {
        var prototypes = MadeUp.Features(2, 8, seed: 5);
        var fitted = SharedCovarianceGaussian.Fit(ClassStatistics.FromTask(new FeatureSet(prototypes.SelectRows([0, 0, 0, 0]), prototypes, MadeUp.Labels(4, 2)), 1), 1);
        fitted.Weights.Values.ToArray().ShouldAllBe(value => Math.Abs(value) < 1e-6);
    }

    [Fact]
    public void Fit_ClassWithoutAnExample_HasTheLogitZero()
    {
        var statistics = ClassStatistics.FromTask(MadeUp.Task(3, 8, shots: 5, seed: 6), 1);
        var (with, without) = (SharedCovarianceGaussian.Fit(statistics.AddClasses(1), 1), SharedCovarianceGaussian.Fit(statistics, 1));
        with.Weights.Slice(0, 3).Values.ShouldBeCloseTo(without.Weights.Values.Span, 0);
        with.Weights.Row(3).ToArray().ShouldAllBe(value => value == 0);
        with.Biases.Span[3].ShouldBe(0);
    }
}
