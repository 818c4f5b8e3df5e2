using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Methods;

/// <summary>The closed forms against direct computations.</summary>
public class ClosedFormTests
{
    private static readonly Matrix Images = MadeUp.Features(40, 16, seed: 99).NormalizeRows();

    [Fact]
    public void ZeroShot_Logits_AreCosinesOverTheTemperature()
    {
        var task = MadeUp.Task(5, 16, shots: 1, seed: 1);
        var expected = Images.ToOracle() * task.ClassPrototypes.ToOracle().Transpose() * 100;
        new ZeroShotMethod().Fit(task).Scorer!.Logits(Images).Values.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 1e-6);
    }

    [Fact]
    public void NearestMean_Logits_AreCosinesWithTheMeans()
    {
        var task = MadeUp.Task(5, 16, shots: 1, seed: 2); // One shot: the means are the images, at the default temperature.
        var expected = task.ImageFeatures.ToOracle() * 100;
        new NearestMeanMethod().Fit(task).Scorer!.Logits(Images).Values.ShouldBeCloseTo(Oracle.ToFeatures(Images.ToOracle() * expected.Transpose()).Values.Span, 1e-5);
    }

    [Fact]
    public void NearestNeighbors_OneShot_TakesTheNearestImage()
    {
        var task = MadeUp.Task(5, 16, shots: 1, seed: 3);
        var logits = new NearestNeighborsMethod().Fit(task).Scorer!.Logits(Images);
        var nearest = new LinearHead(task.ImageFeatures).Apply(Images, threads: 1);
        for (var i = 0; i < Images.Rows; i++)
            Best(logits.Row(i)).ShouldBe(task.Labels.Span[Best(nearest.Row(i))]);
        Enumerable.Range(0, 5).Sum(c => Math.Exp(logits[0, c])).ShouldBe(1, 1e-5);
    }

    [Theory]
    [InlineData(4, 40)]
    [InlineData(4, 3)]
    [InlineData(2, 5)]
    [InlineData(6, 1)]
    public void Gaussian_Discriminant_IsThatOfAPlainComputation(int classes, int shots)
    {
        var task = MadeUp.Task(classes, 16, shots, seed: 4);
        var actual = Centered(SharedCovarianceGaussian.Fit(ClassStatistics.FromTask(task), threads: 2).Apply(Images, threads: 2).ToOracle());
        var expected = Centered(PlainDiscriminant(task, Images.ToOracle()));
        Oracle.ToFeatures(actual).Values.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 1e-4);
    }

    [Fact]
    public void Gaussian_Fit_AddsTheWeightedDiscriminantToZeroShot()
    {
        var task = MadeUp.Task(4, 16, shots: 1, seed: 5); // One shot: the default weight, no temperature.
        var expected = new ZeroShotMethod().Fit(task).Scorer!.Logits(Images).ToOracle() + (PlainDiscriminant(task, Images.ToOracle()) * 0.01);
        Oracle.ToFeatures(Centered(new GaussianMethod().Fit(task).Scorer!.Logits(Images).ToOracle())).Values.ShouldBeCloseTo(Oracle.ToFeatures(Centered(expected)).Values.Span, 1e-4);
    }

    [Fact]
    public void Gaussian_ImagesThatSayNothing_LeaveZeroShot()
    {
        // The labels are at odds with the images, so that whatever the images add is worse than nothing.
        var prototypes = MadeUp.Features(4, 16, seed: 6).NormalizeRows();
        var task = new FeatureSet(prototypes.SelectRows(MadeUp.Labels(80, 4)), prototypes, MadeUp.Labels(80, 4));
        var noise = MadeUp.Features(80, 16, seed: 7).NormalizeRows();
        var shuffled = new FeatureSet(noise, prototypes, Array.ConvertAll(Enumerable.Range(0, 80).ToArray(), i => Best(new LinearHead(prototypes).Apply(noise, threads: 1).Row(i))));
        var fit = new GaussianMethod().Fit(shuffled);
        (fit.Summary, fit.Record.Find("weight")).ShouldBe(("weight 0", 0));
        Cosine(fit.Scorer!.Logits(Images), new ZeroShotMethod().Fit(task).Scorer!.Logits(Images)).ShouldBe(1, 1e-6);
    }

    [Fact]
    public void RidgeRegression_Logits_AreThoseOfTheNormalEquations()
    {
        var task = MadeUp.Task(4, 16, shots: 1, seed: 8); // λ = 1 at a temperature of 0.1
        var x = task.ImageFeatures.ToOracle();
        var mean = x.ColumnSums() / x.RowCount;
        var centered = Matrix<double>.Build.Dense(x.RowCount, x.ColumnCount, (i, j) => x[i, j] - mean[j]);
        var labels = Matrix<double>.Build.DenseIdentity(4);
        var weights = ((centered.Transpose() * centered) + Matrix<double>.Build.DenseIdentity(16)).Solve(centered.Transpose() * labels);
        var images = Matrix<double>.Build.Dense(Images.Rows, 16, (i, j) => Images[i, j] - mean[j]);
        var expected = ((images * weights) + 0.25) * 10;
        new RidgeRegressionMethod().Fit(task).Scorer!.Logits(Images).Values.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 1e-5);
    }

    [Fact]
    public void TipAdapter_Logits_AreThoseOfItsFormula()
    {
        var task = MadeUp.Task(4, 16, shots: 3, seed: 9);
        var labels = task.Labels.ToArray();
        var x = Images.ToOracle();
        var affinities = (x * task.ImageFeatures.ToOracle().Transpose()).Map(cosine => Math.Exp(-5.5 * (1 - cosine)));
        var oneHot = Matrix<double>.Build.Dense(12, 4, (i, c) => labels[i] == c ? 1 : 0);
        var expected = (x * task.ClassPrototypes.ToOracle().Transpose() * 100) + (affinities * oneHot);
        new TipAdapterMethod().Fit(task).Scorer!.Logits(Images).Values.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 1e-5);
    }

    private static Matrix<double> PlainDiscriminant(FeatureSet task, Matrix<double> images)
    {
        var (x, labels) = (task.ImageFeatures.ToOracle(), task.Labels.ToArray());
        var (n, d) = (x.RowCount, x.ColumnCount);
        var means = Matrix<double>.Build.Dense(task.ClassCount, d, (c, j) => Enumerable.Range(0, n).Where(i => labels[i] == c).Average(i => x[i, j]));
        var alone = n == task.ClassCount;
        var mean = x.ColumnSums() / n;
        var deviations = Matrix<double>.Build.Dense(n, d, (i, j) => x[i, j] - (alone ? mean[j] : means[labels[i], j]));
        var covariance = deviations.Transpose() * deviations / (n - 1);
        var precision = (((n - 1) * covariance) + (covariance.Trace() * Matrix<double>.Build.DenseIdentity(d))).Inverse() * d;
        var weights = means * precision;
        return Matrix<double>.Build.Dense(images.RowCount, task.ClassCount, (i, c) => (images.Row(i) * weights.Row(c)) - (0.5 * (means.Row(c) * weights.Row(c))));
    }

    /// <summary>Takes the mean out of every row: logits that differ by a constant a row are the same.</summary>
    private static Matrix<double> Centered(Matrix<double> logits) =>
        Matrix<double>.Build.Dense(logits.RowCount, logits.ColumnCount, (i, j) => logits[i, j] - logits.Row(i).Average());

    private static int Best(ReadOnlySpan<float> row) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row);

    private static double Cosine(Matrix a, Matrix b) => System.Numerics.Tensors.TensorPrimitives.CosineSimilarity(a.Values.Span, b.Values.Span);
}
