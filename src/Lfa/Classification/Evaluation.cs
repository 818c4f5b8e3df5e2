using Lfa.Data;

namespace Lfa.Classification;

/// <summary>The outcome of a classifier on labeled images.</summary>
public sealed record Evaluation
{
    /// <summary>Gets the fraction of the samples whose class has the highest score, from 0 to 1.</summary>
    public required double Top1Accuracy { get; init; }

    /// <summary>Gets the fraction of the samples whose class is among the five of highest score, from 0 to 1.</summary>
    public required double Top5Accuracy { get; init; }

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

    /// <summary>Gets the outcome of the prediction sets; null where none were asked for.</summary>
    public PredictionSetEvaluation? PredictionSets { get; init; }

    /// <summary>Gets the outcome of rejection; null where none was asked for.</summary>
    public RejectionEvaluation? Rejection { get; init; }

    /// <summary>Measures a scorer on labeled images of its classes.</summary>
    /// <param name="scorer">The scorer.</param>
    /// <param name="test">The labeled images, n × d, of the same C classes.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <returns>The accuracy, the log-loss and the calibration, in all and for each class.</returns>
    /// <exception cref="LfaDataException">The images have no labels, or another number of classes or columns than the classifier.</exception>
    public static Evaluation FromScorer(Scorer scorer, FeatureSet test, int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentNullException.ThrowIfNull(test);
        if (!test.IsLabeled || test.ClassCount != scorer.ClassCount)
            throw new LfaDataException(Invariant($"The test set has {test.Labels.Length} labels and {test.ClassCount} classes but the classifier has {scorer.ClassCount} classes; both must have the same classes, and every image a label."));
        return Measure(scorer, test, bounds: null, maxDegreeOfParallelism);
    }

    /// <summary>Measures logits that are given.</summary>
    /// <param name="logits">The logits, n × C.</param>
    /// <param name="test">The labeled images, n × d, of the same C classes.</param>
    /// <returns>The accuracy, the log-loss and the calibration, in all and for each class.</returns>
    /// <exception cref="LfaDataException">The images have no labels, or there are other rows or columns of logits than images and classes.</exception>
    public static Evaluation FromLogits(Matrix logits, FeatureSet test)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(test);
        if (!test.IsLabeled || logits.Rows != test.SampleCount || logits.Columns != test.ClassCount)
            throw new LfaDataException(Invariant($"logits is {logits.Rows} × {logits.Columns} but the test set has {test.SampleCount} images, {test.Labels.Length} labels and {test.ClassCount} classes; give a row for each image and a column for each class."));
        var sums = new EvaluationSums(test, temperature: 1);
        for (var i = 0; i < logits.Rows; i++)
            sums.Add(i, logits.Row(i));
        return sums.ToEvaluation();
    }

    /// <summary>Measures a scorer, and the prediction sets and the rejection that its calibration gives.</summary>
    internal static Evaluation Measure(Scorer scorer, FeatureSet test, CalibrationBounds? bounds, int threads)
    {
        scorer.ThrowIfNotOf(test.ImageFeatures);
        var sums = new EvaluationSums(test, scorer.Temperature, bounds);
        foreach (var (start, scores) in scorer.Blocks(test.ImageFeatures, threads))
        {
            for (var i = 0; i < scores.Rows; i++)
                sums.Add(start + i, scores.Row(i));
        }
        return sums.ToEvaluation();
    }

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
/// <param name="Recall">The fraction of them that is recognized, from 0 to 1; NaN without samples.</param>
/// <param name="Precision">The fraction of the samples taken for this class that belong to it, from 0 to 1; NaN when none was.</param>
public sealed record ClassEvaluation(string ClassName, int Samples, double Recall, double Precision)
{
    /// <summary>Gets the fraction of them whose prediction set holds the class, from 0 to 1; NaN without samples, null where no sets were asked for.</summary>
    public double? Coverage { get; init; }
}

/// <summary>The outcome of prediction sets.</summary>
/// <param name="StatedCoverage">The part of the samples whose class is to be in their set, at least, from 0 to 1.</param>
/// <param name="Coverage">The part of the samples whose class is in their set, from 0 to 1.</param>
/// <param name="MeanClassCoverage">The mean over the classes with samples of that part of their samples, from 0 to 1.</param>
/// <param name="MeanSize">The mean number of classes in a set, at least 1.</param>
public sealed record PredictionSetEvaluation(double StatedCoverage, double Coverage, double MeanClassCoverage, double MeanSize)
{
    /// <summary>Gets what the held-out images guaranteed; null where they guarantee nothing.</summary>
    public CoverageGuarantee? Guarantee { get; init; }
}

/// <summary>The outcome of rejection.</summary>
/// <param name="StatedFalseRejection">The part of the samples, all of which are of the classes, that may be rejected, from 0 to 1.</param>
/// <param name="FalseRejection">The part of the samples that is rejected, from 0 to 1.</param>
public sealed record RejectionEvaluation(double StatedFalseRejection, double FalseRejection);
