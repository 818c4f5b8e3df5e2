using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Validation;

namespace Lfa.Review;

/// <summary>
/// The model that a review judges by: zero-shot logits and, weighted, those of <see cref="SharedCovarianceGaussian"/>, over a temperature.
/// </summary>
/// <remarks>
/// Weight and temperature are those of least log-loss on held-out images. Weight 0 is among the candidates, so the model is
/// never much worse than zero-shot classification, and is just that where folds hold out whole classes, which have no mean then.
/// </remarks>
internal sealed class ReviewModel
{
    private const int BlockRows = 1024;
    // So many logits tell a weight and a temperature well; more would only take memory.
    private const long ChoiceEntries = 1 << 22;

    // Beside CLIP's own logits. The Gaussians' are larger, the more so the tighter the classes.
    private static readonly double[] Weights = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100];

    private readonly FeatureSet _task;
    private readonly Part[] _parts;
    private readonly int _threads;

    private ReviewModel(FeatureSet task, Part[] parts, LinearHead classifier, double weight, double temperature, int threads) =>
        (_task, _parts, Classifier, GaussianWeight, Temperature, _threads) = (task, parts, classifier, weight, temperature, threads);

    /// <summary>Gets the model fitted to all images; its logits are calibrated.</summary>
    public LinearHead Classifier { get; }

    /// <summary>Gets the weight of the Gaussians.</summary>
    public double GaussianWeight { get; }

    /// <summary>Gets the temperature, relative to that of CLIP.</summary>
    public double Temperature { get; }

    /// <summary>Fits the model to all images, and one without each fold of them.</summary>
    /// <param name="task">The labeled images, an example of each class, rows of unit length.</param>
    /// <param name="context">The seed of the folds, the threads, and the cancellation, checked before each fold.</param>
    public static ReviewModel Fit(FeatureSet task, FitContext context)
    {
        var threads = Threads.Resolve(context.MaxDegreeOfParallelism);
        int[] all = [.. Enumerable.Range(0, task.SampleCount)];
        var (_, zeroShotTemperature) = task.ClassCount == 1 ? (0, 1) : Choose(task, [new Part(all, null)], threads);
        var zeroShot = Blend(task, null, 0, zeroShotTemperature);
        var statistics = ClassStatistics.FromTask(task, threads);
        var folds = SelectionFolds.Of(task, context.Seed);
        var held = folds.HoldsOutClasses ? [] : CrossFitting.Run(task, folds, context, fold => Without(fold.HeldRows, fold.Held));
        if (held.Length == 0 || Array.Exists(held, part => part.Classifier is null))
            return new ReviewModel(task, [new Part(all, zeroShot)], zeroShot, 0, zeroShotTemperature, threads);

        var (weight, temperature) = Choose(task, held, threads);
        int[] rest = [.. all.Except(held.SelectMany(part => part.Rows))];
        Part[] parts = [.. held.Select(part => new Part(part.Rows, Blend(task, part.Classifier, weight, temperature))), new Part(rest, zeroShot)];
        return new ReviewModel(task, parts, Blend(task, SharedCovarianceGaussian.TryFit(statistics, threads), weight, temperature), weight, temperature, threads);

        Part Without(int[] rows, FeatureSet held) => new(rows, SharedCovarianceGaussian.TryFit(statistics.Without(ClassStatistics.FromTask(held, threads)), threads));
    }

    /// <summary>Computes the calibrated logits of every image by a model that was not fitted to it, in blocks; each call computes them again.</summary>
    /// <returns>The rows of a block and their logits, count × C.</returns>
    public IEnumerable<(ReadOnlyMemory<int> Rows, Matrix Logits)> HeldOut(CancellationToken cancellationToken)
    {
        foreach (var part in _parts)
        {
            for (var start = 0; start < part.Rows.Length; start += BlockRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var rows = part.Rows.AsMemory(start, Math.Min(BlockRows, part.Rows.Length - start));
                yield return (rows, part.Classifier!.Apply(_task.ImageFeatures.SelectRows(rows.Span), _threads));
            }
        }
    }

    /// <summary>Adds weighted logits to those of zero-shot classification, over the temperature: a linear classifier again.</summary>
    private static LinearHead Blend(FeatureSet task, LinearHead? gaussian, double weight, double temperature)
    {
        var weights = new float[task.ClassPrototypes.Values.Length];
        TensorPrimitives.Multiply(task.ClassPrototypes.Values.Span, (float)(1 / (Scorer.DefaultTemperature * temperature)), weights);
        if (gaussian is null)
            return new LinearHead(new Matrix(weights, task.ClassCount, task.Dimension));
        var share = (float)(weight / temperature);
        var biases = new float[task.ClassCount];
        TensorPrimitives.MultiplyAdd(gaussian.Weights.Values.Span, share, weights, weights);
        TensorPrimitives.Multiply(gaussian.Biases.Span, share, biases);
        return new LinearHead(new Matrix(weights, task.ClassCount, task.Dimension), biases);
    }

    /// <summary>Finds the weight and the temperature of least log-loss on images that the parts hold out, the smaller weight of equals.</summary>
    private static (double Weight, double Temperature) Choose(FeatureSet task, Part[] parts, int threads)
    {
        var step = (int)((((long)task.SampleCount * task.ClassCount) + ChoiceEntries - 1) / ChoiceEntries);
        int[][] rows = [.. parts.Select(part => part.Rows.Where((_, i) => i % step == 0).ToArray())];
        int[] labels = [.. rows.SelectMany(part => part).Select(row => task.Labels.Span[row])];
        float[] zeroShot = new float[labels.Length * task.ClassCount], gaussian = new float[zeroShot.Length];
        for (int p = 0, start = 0; p < parts.Length; start += rows[p++].Length * task.ClassCount)
        {
            var features = task.ImageFeatures.SelectRows(rows[p]);
            Blend(task, null, 0, 1).Apply(features, threads).Values.CopyTo(zeroShot.AsMemory(start));
            parts[p].Classifier?.Apply(features, threads).Values.CopyTo(gaussian.AsMemory(start));
        }
        var choice = new Choice(zeroShot, gaussian, labels, task.ClassCount);
        var candidates = parts[0].Classifier is null ? 1 : Weights.Length;
        ParallelLoop.For(candidates, threads, choice, static (choice, candidate) => choice.Score(candidate));
        var best = TensorPrimitives.IndexOfMin<double>(choice.Losses.AsSpan(0, candidates));
        return (Weights[best], choice.Temperatures[best]);
    }

    /// <summary>Rows and a classifier that was not fitted to them; null for zero-shot classification alone.</summary>
    private sealed record Part(int[] Rows, LinearHead? Classifier);

    /// <summary>The logits by which weights are compared, each n × C.</summary>
    private sealed record Choice(float[] ZeroShot, float[] Gaussian, int[] Labels, int Classes)
    {
        // Keeps uncertainties from vanishing where no held-out image is wrong; many more would hide doubts in small sets.
        private const double PseudoErrors = 0.05;

        public double[] Losses { get; } = new double[Weights.Length];

        public double[] Temperatures { get; } = new double[Weights.Length];

        public void Score(int candidate)
        {
            var values = new float[ZeroShot.Length];
            TensorPrimitives.MultiplyAdd(Gaussian, (float)Weights[candidate], ZeroShot, values);
            var logits = new Matrix(values, Labels.Length, Classes);
            var temperature = TemperatureScaling.Fit(logits, Labels);
            Temperatures[candidate] = TemperatureScaling.Fit(logits, Labels, PseudoErrors);
            for (var i = 0; i < Labels.Length; i++)
                Losses[candidate] += Softmax.LogSumExp(logits.Row(i), temperature) - (logits.Row(i)[Labels[i]] / temperature);
        }
    }
}
