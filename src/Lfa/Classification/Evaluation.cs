namespace Lfa.Classification;

/// <summary>The outcome of a classifier on labelled images.</summary>
public sealed record Evaluation
{
    /// <summary>Gets the part of the samples whose class has the highest score, in per cent.</summary>
    public required double Top1 { get; init; }

    /// <summary>Gets the part of the samples whose class is among the five of highest score, in per cent.</summary>
    public required double Top5 { get; init; }

    /// <summary>Gets the mean of −log p of the true class, in nats.</summary>
    public required double LogLoss { get; init; }

    /// <summary>
    /// Gets the expected calibration error of the most probable class, from 0 to 1, over 15 bins of equal width
    /// (C. Guo et al., "On calibration of modern neural networks", ICML 2017).
    /// </summary>
    public required double Ece { get; init; }

    /// <summary>Gets the number of samples n.</summary>
    public required int Samples { get; init; }

    /// <summary>Gets the number of classes C.</summary>
    public required int Classes { get; init; }

    /// <summary>Gets the outcome for each of the C classes.</summary>
    public required IReadOnlyList<ClassEvaluation> PerClass { get; init; }

    /// <summary>Gets the true class of each sample, n values from 0 to C − 1.</summary>
    public required ReadOnlyMemory<int> Labels { get; init; }

    /// <summary>Gets the class of highest score of each sample, n values from 0 to C − 1.</summary>
    public required ReadOnlyMemory<int> Predicted { get; init; }

    /// <summary>Counts how often each class was taken for each other.</summary>
    /// <returns>The counts, C × C: the true class chooses the row, the predicted one the column.</returns>
    public int[,] Confusion()
    {
        var counts = new int[Classes, Classes];
        for (var i = 0; i < Samples; i++)
            counts[Labels.Span[i], Predicted.Span[i]]++;
        return counts;
    }
}

/// <summary>The outcome for one class.</summary>
/// <param name="ClassName">The name of the class.</param>
/// <param name="Samples">The number of samples of the class.</param>
/// <param name="Top1">The part of them that was recognised (recall), in per cent; NaN without samples.</param>
/// <param name="Precision">The part of the samples taken for this class that belong to it, in per cent; NaN when none was.</param>
public sealed record ClassEvaluation(string ClassName, int Samples, double Top1, double Precision);
