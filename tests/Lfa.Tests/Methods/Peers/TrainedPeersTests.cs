using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Methods;

/// <summary>The peers that minimize a loss: their gradients, and where they end.</summary>
public class TrainedPeersTests
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
        var head = ((LinearScorer)new LinearProbeMethod().Fit(task).Scorer!).Head;
        var (h, b) = (head.Weights.ToOracle(), head.Biases.ToArray());
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
        TipAdapterFMethod.Differentiate(task, new Matrix(keys, 12, 5), rows, gradient, threads: 1);
        new ReadOnlySpan<float>(gradient).ShouldBeCloseTo(Differences(keys, point => TipAdapterFMethod.Differentiate(task, new Matrix(point, 12, 5), rows, ignored, threads: 1)), 0.02);
    }

    [Fact]
    public void TipAdapterF_Fit_LowersTheLossOfTipAdapter()
    {
        var (train, test) = Rotated();
        foreach (var images in new[] { train, test })
            Evaluation.FromScorer(new TipAdapterFMethod().Fit(train).Scorer!, images).LogLoss.ShouldBeLessThan(0.99 * Evaluation.FromScorer(new TipAdapterMethod().Fit(train).Scorer!, images).LogLoss); // Keys of unit length move by 1e-3 a step at most.
        Evaluation.FromScorer(new TipAdapterFMethod().Fit(train, new FitContext { Seed = 2 }).Scorer!, test).LogLoss.ShouldBe(Evaluation.FromScorer(new TipAdapterFMethod().Fit(train).Scorer!, test).LogLoss, 1e-4, "the order of 128 images in one batch changes nothing but sums");
    }

    [Fact]
    public void TaskResidual_WeightZero_IsZeroShot()
    {
        var task = MadeUp.Task(4, 8, shots: 3, seed: 9);
        var images = MadeUp.Features(10, 8, seed: 10).NormalizeRows();
        new TaskResidualMethod { Weight = 0 }.Fit(task).Scorer!.Logits(images).Values.ShouldBeCloseTo(new ZeroShotMethod().Fit(task).Scorer!.Logits(images).Values.Span, 1e-6);
        new TaskResidualMethod().Fit(task).Scorer!.Logits(images).Values.ToArray().ShouldNotBe(new ZeroShotMethod().Fit(task).Scorer!.Logits(images).Values.ToArray());
    }

    [Fact]
    public void Clap_Penalties_AreTheMeanZeroShotProbabilities()
    {
        var task = MadeUp.Task(4, 8, shots: 3, seed: 11, spread: 3);
        var probabilities = new ZeroShotMethod().Fit(task).Scorer!.Probabilities(task.ImageFeatures);
        var penalties = ClapMethod.Penalties(task, threads: 1);
        for (var c = 0; c < 4; c++)
            penalties[c].ShouldBe(Enumerable.Range(0, 12).Where(i => i % 4 == c).Average(i => probabilities[i, c]), 1e-5f);
    }

    [Fact]
    public void Clap_Solution_HasNoSlope()
    {
        var (train, _) = Rotated();
        var learned = ((LinearScorer)new ClapMethod().Fit(train).Scorer!).Head.Weights.NormalizeRows().ToOracle();
        var (x, y) = (train.ImageFeatures.ToOracle(), train.ClassPrototypes.ToOracle());
        var penalties = ClapMethod.Penalties(train, threads: 1);
        double Objective(Matrix<double> v)
        {
            var logits = x * Matrix<double>.Build.Dense(8, 24, (c, j) => v[c, j] / v.Row(c).L2Norm()).Transpose() * 100;
            return Enumerable.Range(0, train.SampleCount).Average(i => Math.Log(logits.Row(i).Subtract(logits.Row(i).Maximum()).Sum(Math.Exp)) + logits.Row(i).Maximum() - logits[i, train.Labels.Span[i]])
                + Enumerable.Range(0, 8).Sum(c => penalties[c] * Math.Pow((v.Row(c) - y.Row(c)).L2Norm(), 2));
        }

        // Cosines do not tell how long a prototype is; the penalty alone does, and is least at y·v.
        var solution = Matrix<double>.Build.Dense(8, 24, (c, j) => learned[c, j] * (learned.Row(c) * y.Row(c)));
        Slope(Objective, solution).ShouldBeLessThan(0.01 * Slope(Objective, y)); // The search stops at 1e-4 of the loss.
    }

    [Fact]
    public void Clap_RotatedImages_AreToldBetter()
    {
        var (train, test) = Rotated();
        Evaluation.FromScorer(new ClapMethod().Fit(train).Scorer!, test).LogLoss.ShouldBeLessThan(0.5 * Evaluation.FromScorer(new ZeroShotMethod().Fit(train).Scorer!, test).LogLoss);
    }

    [Fact]
    public void LinearMap_RotatedImages_AreTurnedBack()
    {
        var (train, test) = MadeUp.TrainAndTest(12, 16, shots: 16, testShots: 16, seed: 13, spread: 2, MadeUp.Rotation(16, seed: 14, spread: 1));
        var scorer = new LinearMapMethod().Fit(train).Aligned();
        Evaluation.FromScorer(scorer, test).LogLoss.ShouldBeLessThan(0.95 * Evaluation.FromScorer(new ZeroShotMethod().Fit(train).Scorer!, test).LogLoss);
        var change = scorer.Transform.Matrix.ToOracle() - Matrix<double>.Build.DenseIdentity(16);
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
        new KernelRidgeMethod().Fit(task).Scorer!.Logits(images).Values.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 1e-4);
    }

    [Fact]
    public void KernelRidge_TooManyImages_IsRefused()
    {
        var task = MadeUp.Task(2, 2, shots: (KernelRidgeMethod.MostImages / 2) + 1, seed: 17);
        Should.Throw<LfaDataException>(() => new KernelRidgeMethod().Fit(task)).Message
            .ShouldBe("There are 20002 labeled images; kernel-ridge keeps a matrix of images by images and takes 20000 at most. Give fewer, or use another method.");
    }

    /// <summary>Images whose rotation leaves zero-shot something to learn.</summary>
    private static (FeatureSet Train, FeatureSet Test) Rotated() => MadeUp.TrainAndTest(8, 24, shots: 16, testShots: 20, seed: 11, rotation: MadeUp.Rotation(24, seed: 12, spread: 1.5));

    /// <summary>The length of the gradient, by finite differences.</summary>
    private static double Slope(Func<Matrix<double>, double> function, Matrix<double> at)
    {
        const double step = 1e-5;
        double Difference(int row, int column)
        {
            var (above, below) = (at.Clone(), at.Clone());
            above[row, column] += step;
            below[row, column] -= step;
            return (function(above) - function(below)) / (2 * step);
        }
        return Matrix<double>.Build.Dense(at.RowCount, at.ColumnCount, Difference).FrobeniusNorm();
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
