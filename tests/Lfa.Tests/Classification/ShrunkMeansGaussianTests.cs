using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Classification;

public class ShrunkMeansGaussianTests
{
    [Theory]
    [InlineData(1)] // nothing is known of the scatter
    [InlineData(4)]
    public void Fit_IsTheFormulaInPlain(int shots)
    {
        var task = MadeUp.Task(10, 16, shots, seed: 1);
        var statistics = ClassStatistics.FromTask(task, 1);
        var fitted = ShrunkMeansGaussian.Fit(statistics, task.ClassPrototypes, threads: 1);

        var named = NamedClassMeans.Of(statistics, task.ClassPrototypes, threads: 1);
        var (x, center) = (task.ImageFeatures.ToOracle(), Vector<double>.Build.Dense(named.Center));
        var means = Matrix<double>.Build.DenseOfRowMajor(10, 16, named.Means);
        var residuals = Matrix<double>.Build.DenseOfRowMajor(10, 16, named.Residuals);
        var deviations = Matrix<double>.Build.Dense(x.RowCount, 16, (i, j) => x[i, j] - center[j] - means[task.Labels.Span[i], j]);
        var scatter = deviations.TransposeThisAndMultiply(deviations);
        var within = shots == 1 ? 0.6 * named.MeanSquare : scatter.Trace() / (10 * (shots - 1));
        var between = shots == 1 ? 0.4 * named.MeanSquare : Math.Max(named.MeanSquare - (within / shots), 0.05 * named.MeanSquare);
        scatter += within / named.MeanSquare * residuals.TransposeThisAndMultiply(residuals);
        var freedom = 10 * shots;
        scatter += scatter.Trace() / (freedom - 1) * Matrix<double>.Build.DenseIdentity(16);
        var shrunk = means - (within / shots / (between + (within / shots)) * residuals);
        var weights = shrunk * scatter.Inverse() * freedom;
        var biases = Enumerable.Range(0, 10).Select(c => (float)((-0.5 * (weights.Row(c) * shrunk.Row(c))) - (weights.Row(c) * center))).ToArray();
        fitted.Weights.Values.ShouldBeCloseTo(weights.ToRowMajorArray().Select(value => (float)value).ToArray(), 1e-3);
        fitted.Biases.ShouldBeCloseTo(biases, 1e-3);
    }

    [Fact]
    public void Fit_OneImageAClassAndNamesThatTell_BeatsTheImagesAlone()
    {
        var options = new MadeUpProblemOptions { Classes = 60, Dimension = 64, Shots = 1, TestImages = 20, NoiseShare = 0.5 };
        for (var seed = 1; seed <= 3; seed++)
        {
            var (train, test) = MadeUpProblem.Create(options, seed);
            var statistics = ClassStatistics.FromTask(train, 1);
            var shrunk = Evaluation.FromScorer(new LinearScorer(ShrunkMeansGaussian.Fit(statistics, train.ClassPrototypes, 1)), test).Top1Accuracy;
            var plain = Evaluation.FromScorer(new LinearScorer(SharedCovarianceGaussian.Fit(statistics, 1)), test).Top1Accuracy;
            shrunk.ShouldBeGreaterThan(plain + 0.03);
        }
    }

    [Fact]
    public void Fit_ASingleClass_IsFinite()
    {
        var task = MadeUp.Task(1, 8, shots: 3, seed: 1);
        ShrunkMeansGaussian.Fit(ClassStatistics.FromTask(task, 1), task.ClassPrototypes, 1).Weights.Values.ToArray().ShouldAllBe(value => float.IsFinite(value));
    }
}
