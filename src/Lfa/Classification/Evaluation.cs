using Lfa.Data;

namespace Lfa.Classification;

/// <summary>The outcome of a classifier on labeled images.</summary>
public sealed record Evaluation
{
    private const int BlockRows = 1024;

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

    /// <summary>Gets the outcome of the conformal sets; null where none were asked for.</summary>
    public SetEvaluation? Sets { get; init; }

    /// <summary>Gets the outcome of rejection; null where none was asked for.</summary>
    public RejectionEvaluation? Rejection { get; init; }

    /// <summary>Measures any classifier on labeled images of its classes.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="test">The labeled images, n × d, of the same C classes.</param>
    /// <param name="threads">The number of threads at most; 0 for all processors. Default: 0.</param>
    /// <returns>The accuracy, the log-loss and the calibration, in all and for each class.</returns>
    /// <exception cref="ArgumentException">The images have no labels, or another number of classes or columns than the classifier.</exception>
    public static Evaluation Of(IClassifier classifier, FeatureSet test, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(test);
        if (!test.IsLabeled || test.ClassCount != classifier.ClassCount)
            throw new ArgumentException(Invariant($"The test set has {test.Labels.Length} labels and {test.ClassCount} classes but the classifier has {classifier.ClassCount} classes; both must have the same classes, and every image a label."));
        var sums = new EvaluationSums(test, temperature: 1);
        for (var start = 0; start < test.SampleCount; start += BlockRows)
        {
            var logits = classifier.Logits(test.ImageFeatures.Slice(start, Math.Min(BlockRows, test.SampleCount - start)), threads);
            for (var i = 0; i < logits.Rows; i++)
                sums.Add(start + i, logits.Row(i));
        }
        return sums.ToEvaluation();
    }

    /// <summary>Measures logits that are given.</summary>
    /// <param name="logits">The logits, n × C.</param>
    /// <param name="test">The labeled images, n × d, of the same C classes.</param>
    /// <returns>The accuracy, the log-loss and the calibration, in all and for each class.</returns>
    /// <exception cref="ArgumentException">The images have no labels, or there are other rows or columns of logits than images and classes.</exception>
    public static Evaluation Of(Matrix logits, FeatureSet test)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(test);
        if (!test.IsLabeled || logits.Rows != test.SampleCount || logits.Columns != test.ClassCount)
            throw new ArgumentException(Invariant($"logits is {logits.Rows} × {logits.Columns} but the test set has {test.SampleCount} images, {test.Labels.Length} labels and {test.ClassCount} classes; give a row for each image and a column for each class."));
        var sums = new EvaluationSums(test, temperature: 1);
        for (var i = 0; i < logits.Rows; i++)
            sums.Add(i, logits.Row(i));
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
/// <param name="Top1">The part of them that was recognized (recall), in per cent; NaN without samples.</param>
/// <param name="Precision">The part of the samples taken for this class that belong to it, in per cent; NaN when none was.</param>
public sealed record ClassEvaluation(string ClassName, int Samples, double Top1, double Precision);

/// <summary>The outcome of conformal sets.</summary>
/// <param name="StatedCoverage">The part of the samples whose class is to be in their set, from 0 to 1.</param>
/// <param name="Coverage">The part of the samples whose class is in their set, from 0 to 1.</param>
/// <param name="MeanSize">The mean number of classes in a set.</param>
/// <param name="EmptyShare">The part of the samples whose set is empty, from 0 to 1.</param>
public sealed record SetEvaluation(double StatedCoverage, double Coverage, double MeanSize, double EmptyShare);

/// <summary>The outcome of rejection.</summary>
/// <param name="StatedFalseRejection">The part of the samples, all of which are of the classes, that may be rejected, from 0 to 1.</param>
/// <param name="FalseRejection">The part of the samples that is rejected, from 0 to 1.</param>
public sealed record RejectionEvaluation(double StatedFalseRejection, double FalseRejection);
