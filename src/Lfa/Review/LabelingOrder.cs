using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Review;

/// <summary>Picks unlabeled images to label, one by one: uncertain ones far from all that is labeled or picked.</summary>
internal sealed class LabelingOrder
{
    private const int BlockRows = 1024;

    private readonly Matrix _features;
    private readonly float[] _nearest; // The cosine to the nearest labeled or picked image.
    private readonly int[] _classes;
    private readonly float[] _probabilities;
    private readonly float[] _uncertainties;
    private readonly int _threads;
    private int _picked;

    /// <summary>Judges the images.</summary>
    /// <param name="features">The features, m × d, rows of unit length.</param>
    /// <param name="classifier">Gives calibrated logits.</param>
    /// <param name="nearest">The cosine of each image to the nearest labeled one; it is changed.</param>
    /// <param name="threads">The number of threads at most; at least 1.</param>
    public LabelingOrder(Matrix features, LinearHead classifier, float[] nearest, int threads)
    {
        (_features, _nearest, _threads) = (features, nearest, threads);
        (_classes, _probabilities, _uncertainties) = (new int[features.Rows], new float[features.Rows], new float[features.Rows]);
        for (var start = 0; start < features.Rows; start += BlockRows)
        {
            var logits = classifier.Apply(features.Slice(start, Math.Min(BlockRows, features.Rows - start)), threads);
            for (var i = 0; i < logits.Rows; i++)
                Judge(start + i, logits.Row(i));
        }
    }

    /// <summary>Picks images; one that is a duplicate of a labeled or picked one is passed over.</summary>
    public LabelCandidate[] Pick(int count, double duplicateCosine, CancellationToken cancellationToken)
    {
        var (candidates, least) = (new List<LabelCandidate>(), DuplicateSearch.Least(duplicateCosine));
        while (candidates.Count < count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var best = -1;
            for (var i = 0; i < _nearest.Length; i++)
            {
                if (_nearest[i] < least && (best < 0 || Score(i) > Score(best)))
                    best = i;
            }
            if (best < 0)
                break;
            candidates.Add(new LabelCandidate(best, _classes[best], _probabilities[best], _uncertainties[best], 1 - (double)_nearest[best], Score(best)));
            _picked = best;
            ParallelLoop.For((_features.Rows + BlockRows - 1) / BlockRows, _threads, this, static (order, block) => order.Approach(block));
            _nearest[best] = 1; // Never again, whatever the rounding.
        }
        return [.. candidates];
    }

    private double Score(int row) => (double)_uncertainties[row] * (1 - _nearest[row]);

    private void Judge(int row, ReadOnlySpan<float> logits)
    {
        var logSum = Softmax.LogSumExp(logits, 1);
        var first = TensorPrimitives.IndexOfMax(logits);
        var probability = Math.Exp(logits[first] - logSum);
        var second = 0.0;
        for (var c = 0; c < logits.Length; c++)
        {
            if (c != first)
                second = Math.Max(second, Math.Exp(logits[c] - logSum));
        }
        (_classes[row], _probabilities[row]) = (first, (float)probability);
        _uncertainties[row] = logits.Length == 1 ? 1 : (float)(1 - (probability - second));
    }

    private void Approach(int block)
    {
        var picked = _features.Row(_picked);
        for (var row = block * BlockRows; row < Math.Min((block + 1) * BlockRows, _features.Rows); row++)
            _nearest[row] = Math.Max(_nearest[row], TensorPrimitives.Dot(_features.Row(row), picked));
    }
}
