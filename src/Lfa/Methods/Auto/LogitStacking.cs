using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Numerics;

namespace Lfa.Methods;

/// <summary>
/// Blends the logits of experts: the weights a ≥ 0 of least held-out log-loss of softmax(Σ_e a_e · logits_e), where a label
/// is wrong with a small probability.
/// </summary>
/// <remarks>
/// Stacked generalization (D. H. Wolpert, Neural Networks 5, 1992) with non-negative weights (L. Breiman, "Stacked
/// regressions", Machine Learning 24, 1996) on log-odds. The weights' sum is the inverse temperature of the blend, so
/// weighting and calibration are one problem, of a few unknowns. But for the doubt in labels it is convex; it is solved by Newton steps whose quadratic
/// problem under a ≥ 0 is solved by coordinate descent.
/// Some images count as if a prior blend had told their labels: with few images, or with all of them right, the blend stays near that
/// one and its temperature finite.
/// </remarks>
internal sealed class LogitStacking
{
    /// <summary>How likely a label is to be wrong, each class being as likely then: no image counts for more than a few nats.</summary>
    public const double Doubt = 0.05;

    private const int ChunkImages = 32;
    private const int NewtonSteps = 50;
    private const int CoordinateSweeps = 1000;
    private const double Tolerance = 1e-8;

    private readonly int[] _active;
    private readonly int _experts;
    private readonly double _prior;
    private readonly double[] _priorWeights;
    private readonly int _images;
    private readonly int _threads;
    private readonly (HeldOutFold Fold, int Start)[] _chunks;
    private readonly Sums[] _sums;
    private double[] _weights = [];

    private LogitStacking(IReadOnlyList<HeldOutFold> folds, int[] active, int threads, StackingPrior prior)
    {
        (_active, _threads, _experts, _priorWeights) = (active, threads, folds[0].Experts, prior.Weights);
        _images = folds.Sum(fold => fold.Count);
        _prior = prior.Images / (_images + prior.Images);
        _chunks = [.. folds.SelectMany(fold => Enumerable.Range(0, (fold.Count + ChunkImages - 1) / ChunkImages).Select(chunk => (fold, chunk * ChunkImages)))];
        _sums = [.. _chunks.Select(_ => new Sums(_experts))];
    }

    /// <summary>Finds the weights.</summary>
    /// <param name="folds">What the experts say of the held-out images; at least one fold.</param>
    /// <param name="active">The experts that take part, in rising order; the others have no weight.</param>
    /// <param name="start">The weights to start from.</param>
    /// <param name="threads">The number of threads at most; it does not change the result.</param>
    /// <param name="prior">What the weights are held to. Default: the first expert, which is zero-shot classification as a rule, as it is.</param>
    /// <returns>A weight for each expert.</returns>
    public static double[] Fit(IReadOnlyList<HeldOutFold> folds, int[] active, double[] start, int threads, StackingPrior? prior = null) =>
        new LogitStacking(folds, active, threads, prior ?? StackingPrior.First(folds[0].Experts)).Solve(start);

    private double[] Solve(double[] weights)
    {
        var sums = Evaluate(weights);
        for (var step = 0; step < NewtonSteps; step++)
        {
            var target = Minimize(weights, sums);
            var (next, nextSums) = Search(weights, target, sums.Loss);
            if (nextSums is null)
                break;
            var gain = sums.Loss - nextSums.Loss;
            (weights, sums) = (next, nextSums);
            if (gain < Tolerance * _images)
                break;
        }
        return weights;
    }

    /// <summary>Halves the step until it helps.</summary>
    private (double[] Weights, Sums? Sums) Search(double[] weights, double[] target, double loss)
    {
        for (var length = 1.0; length > 1e-4; length /= 2)
        {
            var next = weights.Zip(target, (from, to) => from + (length * (to - from))).ToArray();
            var sums = Evaluate(next);
            if (sums.Loss < loss)
                return (next, sums);
        }
        return (weights, null);
    }

    /// <summary>Minimizes the quadratic model of the loss at the present weights over weights ≥ 0.</summary>
    private double[] Minimize(double[] weights, Sums sums)
    {
        var next = (double[])weights.Clone();
        for (var sweep = 0; sweep < CoordinateSweeps; sweep++)
        {
            var largest = 0.0;
            foreach (var i in _active)
            {
                var curvature = sums.Curvature(i, i) + 1e-12;
                var slope = sums.Slope[i];
                foreach (var j in _active)
                    slope += sums.Curvature(i, j) * (next[j] - weights[j]);
                var moved = Math.Max(0, next[i] - (slope / curvature));
                largest = Math.Max(largest, Math.Abs(moved - next[i]) * Math.Sqrt(curvature / _images));
                next[i] = moved;
            }
            if (largest < 1e-9)
                break;
        }
        return next;
    }

    private Sums Evaluate(double[] weights)
    {
        _weights = weights;
        ParallelLoop.For(_chunks.Length, _threads, this, static (stacking, chunk) => stacking.EvaluateChunk(chunk));
        var total = new Sums(_experts);
        foreach (var sums in _sums)
            total.Add(sums);
        return total;
    }

    private void EvaluateChunk(int chunk)
    {
        var (fold, start) = _chunks[chunk];
        var sums = _sums[chunk];
        sums.Clear();
        var (blend, prior, weighted) = (new float[fold.Classes], new float[fold.Classes], new float[fold.Classes]);
        for (var image = start; image < Math.Min(start + ChunkImages, fold.Count); image++)
        {
            fold.Blend(image, _weights, blend);
            var logits = fold.Of(image);
            fold.Blend(image, _priorWeights, prior);
            Softmax.Apply(prior, prior);
            var label = fold.Labels[image];
            var divergence = ToProbabilities(blend, prior);
            // The label counts by how likely it is to be right.
            var right = (1 - Doubt) * blend[label];
            var doubted = right + (Doubt / fold.Classes);
            var trust = (1 - _prior) * right / doubted;
            sums.Loss += (_prior * divergence) - ((1 - _prior) * Math.Log(doubted));
            foreach (var e in _active)
            {
                var expert = logits.Slice(e * fold.Classes, fold.Classes);
                TensorPrimitives.Multiply(blend, expert, weighted);
                sums.Mean[e] = TensorPrimitives.Sum<float>(weighted);
                sums.Slope[e] += (trust * (sums.Mean[e] - expert[label])) + (_prior * (sums.Mean[e] - TensorPrimitives.Dot<float>(prior, expert)));
                foreach (var other in _active)
                {
                    if (other <= e)
                        sums.AddCurvature(e, other, (trust + _prior) * (TensorPrimitives.Dot<float>(weighted, logits.Slice(other * fold.Classes, fold.Classes)) - (sums.Mean[e] * sums.Mean[other])));
                }
            }
        }
    }

    /// <summary>Replaces logits by probabilities; returns the cross-entropy of others with them.</summary>
    private static double ToProbabilities(Span<float> logits, ReadOnlySpan<float> others)
    {
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max<float>(logits), logits);
        double own = TensorPrimitives.Dot(others, logits);
        TensorPrimitives.Exp(logits, logits);
        var sum = TensorPrimitives.Sum<float>(logits);
        TensorPrimitives.Divide(logits, sum, logits);
        return Math.Log(sum) - own;
    }

    /// <summary>The loss, its slope and its curvature in the weights, summed over images.</summary>
    private sealed class Sums(int experts)
    {
        private readonly double[] _curvature = new double[experts * experts];

        public double Loss { get; set; }

        public double[] Slope { get; } = new double[experts];

        public double[] Mean { get; } = new double[experts];

        public double Curvature(int row, int column) => _curvature[(Math.Max(row, column) * experts) + Math.Min(row, column)];

        public void AddCurvature(int row, int column, double value) => _curvature[(row * experts) + column] += value;

        public void Add(Sums other)
        {
            Loss += other.Loss;
            TensorPrimitives.Add(Slope, other.Slope, Slope);
            TensorPrimitives.Add(_curvature, other._curvature, _curvature);
        }

        public void Clear()
        {
            Loss = 0;
            Array.Clear(Slope);
            Array.Clear(_curvature);
        }
    }
}

/// <summary>What fitted weights are held to.</summary>
/// <param name="Weights">The weights of a blend that needs no fitting.</param>
/// <param name="Images">How many images count as if this blend had told their labels.</param>
internal sealed record StackingPrior(double[] Weights, double Images)
{
    /// <summary>The first expert as it is, for ten images.</summary>
    public static StackingPrior First(int experts)
    {
        var weights = new double[experts];
        weights[ExpertPool.Origin] = 1;
        return new StackingPrior(weights, 10);
    }
}
