using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Selection;

namespace Lfa.Baselines;

/// <summary>
/// Classifies by a vote of the k nearest labeled images: class c has the share of exp(cos(x, f) / 0.07) over those of the k
/// images f nearest to x by cosine that belong to it.
/// </summary>
/// <remarks>
/// Differs from the published code:
/// <list type="number">
/// <item>k is chosen by folds among 1, 3, 5, 10, 20 and 50 instead of being 200, which is more than few shots give; 1 where
/// most classes have one image only.</item>
/// <item>A vote without a neighbor is no probability of zero: every class has 10⁻³ / C of the whole beforehand, and the
/// logits, logarithms of the shares, are brought to the temperature of the folds.</item>
/// </list>
/// </remarks>
public sealed class NearestNeighbors : IBaseline
{
    private static readonly double[] Candidates = [1, 3, 5, 10, 20, 50];

    /// <inheritdoc/>
    public string Name => "k-nn";

    /// <inheritdoc/>
    public string Source => "Z. Wu, Y. Xiong, S. Yu, D. Lin, \"Unsupervised feature learning via non-parametric instance discrimination\", CVPR 2018, section 3.4";

    /// <inheritdoc/>
    public BaselineFit Fit(FeatureSet task, int seed = 1, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.ThrowIfNotTrainable();
        var choice = FoldChoice.Of(task, Candidates, (training, held) =>
            k => new NeighborVote(training, (int)k, temperature: 1).Logits(held, threads), seed, cancellationToken);
        var neighbors = (int)(choice?.Value ?? 1);
        return new BaselineFit(new NeighborVote(task, neighbors, choice?.Temperature ?? 1),
            choice is null ? Invariant($"k {neighbors} by default: {FoldChoice.NoFolds}") : Invariant($"k {neighbors}"));
    }

    private sealed class NeighborVote(FeatureSet task, int neighbors, double temperature) : IClassifier
    {
        private const float VoteTemperature = 0.07f;
        private const double Beforehand = 1e-3;
        private const int BlockRows = 512;

        private readonly int _neighbors = Math.Min(neighbors, task.SampleCount);

        public int ClassCount => task.ClassCount;

        public int Dimension => task.Dimension;

        public Matrix Logits(Matrix features, int threads = 0)
        {
            Scores.ThrowIfNotOf(features, Dimension);
            threads = Threads.Resolve(threads);
            var logits = new float[checked(features.Rows * ClassCount)];
            for (var start = 0; start < features.Rows; start += BlockRows)
            {
                var block = features.Slice(start, Math.Min(BlockRows, features.Rows - start));
                var votes = new Votes(this, Scores.Cosines(block, task.ImageFeatures, threads), logits.AsMemory(start * ClassCount, block.Rows * ClassCount));
                ParallelLoop.For(block.Rows, threads, votes, static (votes, row) => votes.Count(row));
            }
            return new Matrix(logits, features.Rows, ClassCount);
        }

        private sealed record Votes(NeighborVote Vote, float[] Cosines, Memory<float> Shares)
        {
            public void Count(int row)
            {
                var labels = Vote.Task.Labels.Span;
                var classes = Vote.ClassCount;
                var cosines = Cosines.AsSpan(row * labels.Length, labels.Length);
                var nearest = new int[Vote._neighbors];
                TopK.Select(cosines, nearest);
                var shares = Shares.Span.Slice(row * classes, classes);
                shares.Clear();
                foreach (var image in nearest)
                    shares[labels[image]] += MathF.Exp((cosines[image] - cosines[nearest[0]]) / VoteTemperature);
                TensorPrimitives.Multiply(shares, (float)((1 - Beforehand) / TensorPrimitives.Sum<float>(shares)), shares);
                TensorPrimitives.Add(shares, (float)(Beforehand / classes), shares);
                TensorPrimitives.Log(shares, shares);
                TensorPrimitives.Divide(shares, (float)Vote.Temperature, shares);
            }
        }

        private FeatureSet Task => task;

        private double Temperature => temperature;
    }
}
