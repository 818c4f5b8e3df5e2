using Lfa.Baselines;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Baselines;

/// <summary>The baselines that minimize a loss: their gradients, and where they end.</summary>
public class TrainedTests
{
    [Fact]
    public void CrossEntropy_LossAndGradient_AreThoseOfItsFormula()
    {
        var task = MadeUp.Task(4, 6, shots: 700, seed: 1); // Two blocks of rows.
        var weights = MadeUp.Floats(24, seed: 2);
        var gradient = new float[24];
        new CrossEntropy(task.ImageFeatures, task.Labels, 4, scale: 3, threads: 2).Evaluate(weights, gradient).ShouldBe(Loss(task, weights, 3), 1e-5);
        new ReadOnlySpan<float>(gradient).ShouldBeCloseTo(Differences(weights, point => Loss(task, point, 3)), 1e-3);
    }

    [Fact]
    public void PrototypeLoss_Gradient_IsThatOfFiniteDifferences()
    {
        var task = MadeUp.Task(4, 6, shots: 5, seed: 3, spread: 3);
        var prototypes = MadeUp.Floats(24, seed: 4);
        var (gradient, ignored) = (new float[24], new float[24]);
        var loss = new PrototypeLoss(task, threads: 1);
        loss.Evaluate(prototypes, gradient);
        new ReadOnlySpan<float>(gradient).ShouldBeCloseTo(Differences(prototypes, point => loss.Evaluate(point, ignored)), 0.02); // The loss is computed in single precision.
    }

    [Fact]
    public void LinearProbe_Solution_HasNoSlope()
    {
        var task = MadeUp.Task(5, 8, shots: 1, seed: 5); // One shot: the default cost of 30.
        var classifier = (LinearClassifier)new LinearProbe().Fit(task).Classifier;
        var (h, b) = (classifier.Weights.ToOracle(), classifier.Biases.ToArray());
        var x = task.ImageFeatures.ToOracle();
        var logits = Matrix<double>.Build.Dense(5, 5, (i, c) => (x.Row(i) * h.Row(c)) + b[c]);
        var residuals = Matrix<double>.Build.Dense(5, 5, (i, c) => (Math.Exp(logits[i, c]) / logits.Row(i).Sum(Math.Exp)) - (task.Labels.Span[i] == c ? 1 : 0));
        var slope = (residuals.Transpose() * x) + (h / 30);
        slope.FrobeniusNorm().ShouldBeLessThan(2e-3); // The search stops at 1e-4 of the mean over the five images.
        residuals.ColumnSums().L2Norm().ShouldBeLessThan(2e-3);
    }

    [Fact]
    public void TipAdapterF_Gradient_IsThatOfFiniteDifferences()
    {
        var task = MadeUp.Task(3, 5, shots: 4, seed: 6, spread: 3);
        var keys = MadeUp.Floats(60, seed: 7);
        var (gradient, ignored) = (new float[60], new float[60]);
        int[] rows = [7, 0, 3];
        TipAdapterF.Differentiate(task, new Matrix(keys, 12, 5), rows, gradient, threads: 1);
        new ReadOnlySpan<float>(gradient).ShouldBeCloseTo(Differences(keys, point => TipAdapterF.Differentiate(task, new Matrix(point, 12, 5), rows, ignored, threads: 1)), 0.02);
    }

    [Fact]
    public void TipAdapterF_Fit_LowersTheLossOfTipAdapter()
    {
        var task = MadeUp.Task(5, 12, shots: 8, seed: 8, spread: 4);
        Evaluation.Of(new TipAdapterF().Fit(task).Classifier, task).LogLoss.ShouldBeLessThan(Evaluation.Of(new TipAdapter().Fit(task).Classifier, task).LogLoss);
        Evaluation.Of(new TipAdapterF().Fit(task, seed: 2).Classifier, task).LogLoss.ShouldBe(Evaluation.Of(new TipAdapterF().Fit(task).Classifier, task).LogLoss, 0.1, "the order of 40 images in one batch changes nothing but sums");
    }

    [Fact]
    public void TaskResidual_WeightZero_IsZeroShot()
    {
        var task = MadeUp.Task(4, 8, shots: 3, seed: 9);
        var images = MadeUp.Features(10, 8, seed: 10).NormalizeRows();
        new TaskResidual { Weight = 0 }.Fit(task).Classifier.Logits(images).Values.ShouldBeCloseTo(new ZeroShot().Fit(task).Classifier.Logits(images).Values.Span, 1e-6);
        new TaskResidual().Fit(task).Classifier.Logits(images).Values.ToArray().ShouldNotBe(new ZeroShot().Fit(task).Classifier.Logits(images).Values.ToArray());
    }

    [Fact]
    public void ClassAdaptiveProbe_Penalties_AreTheMeanZeroShotProbabilities()
    {
        var task = MadeUp.Task(4, 8, shots: 3, seed: 11, spread: 3);
        var probabilities = LfaTrainer.Fit(task, new LfaOptions { Method = FitMethod.ZeroShot }).Classifier.Probabilities(task.ImageFeatures);
        var penalties = ClassAdaptiveProbe.Penalties(task, threads: 1);
        for (var c = 0; c < 4; c++)
            penalties[c].ShouldBe(Enumerable.Range(0, 12).Where(i => i % 4 == c).Average(i => probabilities[i, c]), 1e-5f);
    }

    [Fact]
    public void ClassAdaptiveProbe_Solution_LowersItsObjective()
    {
        var task = MadeUp.Task(6, 16, shots: 4, seed: 12, spread: 4);
        var before = Evaluation.Of(new ZeroShot().Fit(task).Classifier, task);
        var after = Evaluation.Of(new ClassAdaptiveProbe().Fit(task).Classifier, task);
        after.LogLoss.ShouldBeLessThan(before.LogLoss / 2);
    }

    [Fact]
    public void LinearMap_RotatedImages_AreTurnedBack()
    {
        var task = MadeUp.Task(12, 16, shots: 16, seed: 13, spread: 2, MadeUp.Rotation(16, seed: 14, spread: 1));
        var fit = (LfaClassifier)new LinearMap().Fit(task).Classifier;
        fit.Evaluate(task).LogLoss.ShouldBeLessThan(Evaluation.Of(new ZeroShot().Fit(task).Classifier, task).LogLoss);
        var change = fit.Transform.Matrix.ToOracle() - Matrix<double>.Build.DenseIdentity(16);
        change.FrobeniusNorm().ShouldBeInRange(0.01, 0.5); // 300 steps of at most 1e-4 in each of 256 entries.
    }

    [Fact]
    public void KernelRidge_Logits_AreThoseOfItsEquations()
    {
        var task = MadeUp.Task(5, 12, shots: 1, seed: 15, spread: 2); // One shot: λ = 100.
        var images = MadeUp.Features(30, 12, seed: 16).NormalizeRows();
        var (f, x, y) = (task.ImageFeatures.ToOracle(), images.ToOracle(), task.ClassPrototypes.ToOracle());
        static Matrix<double> Kernel(Matrix<double> a, Matrix<double> b) => (a * b.Transpose()).Map(cosine => Math.Exp(-5.5 * (1 - cosine)));
        var logits = f * y.Transpose() * 100;
        var residuals = Matrix<double>.Build.Dense(5, 5, (i, c) => (task.Labels.Span[i] == c ? 1 : 0) - (Math.Exp(logits[i, c]) / logits.Row(i).Sum(Math.Exp)));
        var coefficients = (Kernel(f, f) + (100 * Matrix<double>.Build.DenseIdentity(5))).Solve(residuals);
        var expected = ((x * y.Transpose()) + (Kernel(x, f) * coefficients)) * 100;
        new KernelRidge().Fit(task).Classifier.Logits(images).Values.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 1e-4);
    }

    [Fact]
    public void KernelRidge_TooManyImages_IsRefused()
    {
        var task = MadeUp.Task(2, 2, shots: (KernelRidge.MostImages / 2) + 1, seed: 17);
        Should.Throw<ArgumentException>(() => new KernelRidge().Fit(task)).Message
            .ShouldBe("There are 20002 labeled images; kernel-ridge keeps a matrix of images by images and takes 20000 at most. Give fewer, or use another method.");
    }

    private static double Loss(FeatureSet task, float[] weights, double scale)
    {
        var logits = task.ImageFeatures.ToOracle() * Oracle.Matrix(Array.ConvertAll(weights, value => (double)value), task.ClassCount, task.Dimension).Transpose() * scale;
        return Enumerable.Range(0, task.SampleCount).Average(i => Math.Log(logits.Row(i).Sum(Math.Exp)) - logits[i, task.Labels.Span[i]]);
    }

    private static float[] Differences(float[] point, Func<float[], double> function)
    {
        const float step = 1e-3f;
        var gradient = new float[point.Length];
        for (var i = 0; i < point.Length; i++)
        {
            var (above, below) = ((float[])point.Clone(), (float[])point.Clone());
            above[i] += step;
            below[i] -= step;
            gradient[i] = (float)((function(above) - function(below)) / (above[i] - below[i]));
        }
        return gradient;
    }
}
