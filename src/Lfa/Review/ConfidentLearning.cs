using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Review;

/// <summary>Ranks labeled images by how likely their label is wrong; the remarks of <see cref="FeatureReview"/> say how.</summary>
internal static class ConfidentLearning
{
    // Where one label in twenty is wrong, one is as likely wrong as right at twenty to one.
    private const double Odds = 20;
    // With few classes no odds come to that: where one label in five is wrong, calibrated ones come to 4 (C − 1) at most.
    private const double OddsPerClass = 4;

    /// <summary>Ranks all images, the worst first; none where there is one class only.</summary>
    public static LabelDoubt[] Rank(FeatureSet task, ReviewModel model, CancellationToken cancellationToken)
    {
        if (task.ClassCount == 1)
            return [];
        var levels = LogConfidences(task, model, cancellationToken);
        var leastScore = Math.Log(Math.Min(Odds, OddsPerClass * (task.ClassCount - 1)));
        var doubts = new LabelDoubt[task.SampleCount];
        foreach (var (rows, logits) in model.HeldOut(cancellationToken))
        {
            for (var i = 0; i < logits.Rows; i++)
                doubts[rows.Span[i]] = Judge(rows.Span[i], task.Labels.Span[rows.Span[i]], logits.Row(i), levels, leastScore);
        }
        return [.. doubts.OrderByDescending(doubt => doubt.Score).ThenBy(doubt => doubt.Row)];
    }

    /// <summary>Computes the logarithm of the mean probability that the images of each class have of it.</summary>
    /// <remarks>The mean over all images counts as one image more, so that a class is not judged by a single wrong one.</remarks>
    private static double[] LogConfidences(FeatureSet task, ReviewModel model, CancellationToken cancellationToken)
    {
        var (sums, counts) = (new double[task.ClassCount], new int[task.ClassCount]);
        foreach (var (rows, logits) in model.HeldOut(cancellationToken))
        {
            for (var i = 0; i < logits.Rows; i++)
            {
                var label = task.Labels.Span[rows.Span[i]];
                sums[label] += Math.Exp(logits[i, label] - Softmax.LogSumExp(logits.Row(i), 1));
                counts[label]++;
            }
        }
        var mean = sums.Sum() / task.SampleCount;
        return [.. sums.Select((sum, c) => Math.Log((sum + mean) / (counts[c] + 1)))];
    }

    private static LabelDoubt Judge(int row, int label, ReadOnlySpan<float> logits, double[] levels, double leastScore)
    {
        var suggested = -1;
        for (var c = 0; c < logits.Length; c++)
        {
            if (c != label && (suggested < 0 || logits[c] - levels[c] > logits[suggested] - levels[suggested]))
                suggested = c;
        }
        var logSum = Softmax.LogSumExp(logits, 1);
        var score = logits[suggested] - levels[suggested] - (logits[label] - levels[label]);
        return new LabelDoubt(row, label, suggested, Math.Exp(logits[label] - logSum), Math.Exp(logits[suggested] - logSum), score, score >= leastScore);
    }
}
