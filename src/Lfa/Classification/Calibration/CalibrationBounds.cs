using System.Numerics.Tensors;
using Lfa.Data;

namespace Lfa.Classification;

/// <summary>What decides, for one classifier and the levels asked for, which classes are in a prediction set and which images are unknown.</summary>
internal sealed class CalibrationBounds
{
    private readonly double _temperature;
    private readonly double[]? _largestNonconformities;
    private readonly Familiarity? _familiarity;
    private readonly double? _leastFamiliarity;
    private readonly Matrix? _prototypes;
    private readonly float[] _meanPrototype = [];

    /// <summary>Initializes the bounds of the levels asked for, or else of the classifier's own.</summary>
    /// <param name="calibration">What held-out images tell of the scores; null where nothing is known.</param>
    /// <param name="scorer">The scorer of the classifier.</param>
    /// <param name="prototypes">The text features of the class names, C × d; null where they are not known.</param>
    /// <param name="options">The levels asked for.</param>
    /// <exception cref="LfaDataException">A level is asked for, but the classifier has no calibration.</exception>
    public CalibrationBounds(Calibration? calibration, Scorer scorer, Matrix? prototypes, PredictionOptions options)
    {
        if (calibration is null && (options.Coverage ?? options.FalseRejection) is not null)
            throw new LfaDataException("The classifier has no calibration, which prediction sets and rejection follow from; fit it with the method auto.");
        _temperature = scorer.Temperature;
        Coverage = options.Coverage ?? calibration?.Coverage;
        FalseRejection = options.FalseRejection ?? calibration?.FalseRejection;
        if (Coverage is { } coverage)
            (_largestNonconformities, Guarantee) = (calibration!.LargestNonconformities(coverage, scorer.ClassCount), calibration.Guarantee(coverage));
        (_familiarity, _prototypes) = (calibration?.Familiarity, prototypes);
        _leastFamiliarity = FalseRejection is { } rate ? calibration!.Familiarities.Lower(rate) : null;
        if (_familiarity is { UsesNames: true })
            _meanPrototype = MeanOf(prototypes!);
    }

    /// <summary>Gets the coverage of the sets, or null where there are none.</summary>
    public double? Coverage { get; }

    /// <summary>Gets what is guaranteed of the sets; null where there are none, or nothing is.</summary>
    public CoverageGuarantee? Guarantee { get; }

    /// <summary>Gets the rate of false rejection, or null where nothing is rejected.</summary>
    public double? FalseRejection { get; }

    /// <summary>Finds out whether an image is of none of the classes.</summary>
    /// <param name="image">Its embedding, d values.</param>
    /// <param name="scores">Its scores, C values.</param>
    public bool IsUnknown(ReadOnlySpan<float> image, ReadOnlySpan<float> scores) => _leastFamiliarity is { } least && Familiarity(image, scores) < least;

    /// <summary>Computes how much an image looks like one of the classes; the classifier has a calibration.</summary>
    /// <param name="image">Its embedding, d values.</param>
    /// <param name="scores">Its scores, C values.</param>
    public double Familiarity(ReadOnlySpan<float> image, ReadOnlySpan<float> scores) =>
        _familiarity!.Of(scores, _temperature, _familiarity.UsesNames ? Nearness(image, TensorPrimitives.IndexOfMax(scores)) : 0);

    /// <summary>Finds the classes of the prediction set: the most probable one, then the others, the most probable first; the lower class of equals.</summary>
    /// <param name="scores">The scores of the image, C values.</param>
    /// <param name="best">The most probable class.</param>
    /// <param name="logSum">Their log Σ exp(score / τ).</param>
    /// <returns>The classes, or null where no sets are asked for.</returns>
    public int[]? Set(ReadOnlySpan<float> scores, int best, double logSum)
    {
        if (_largestNonconformities is not { } largest)
            return null;
        var classes = new List<(float Negated, int Class)>();
        for (var c = 0; c < scores.Length; c++)
        {
            if (c != best && logSum - (scores[c] / _temperature) <= largest[c])
                classes.Add((-scores[c], c));
        }
        classes.Sort();
        return [best, .. classes.Select(one => one.Class)];
    }

    // The cosine with the name of a class, less the mean over all names.
    private double Nearness(ReadOnlySpan<float> image, int best) =>
        (TensorPrimitives.Dot(image, _prototypes!.Row(best)) - TensorPrimitives.Dot(image, _meanPrototype)) / TensorPrimitives.Norm(image);

    private static float[] MeanOf(Matrix prototypes)
    {
        var mean = new float[prototypes.Columns];
        for (var c = 0; c < prototypes.Rows; c++)
            TensorPrimitives.Add(mean, prototypes.Row(c), mean);
        TensorPrimitives.Divide(mean, prototypes.Rows, mean);
        return mean;
    }
}
