namespace Lfa.Classification;

/// <summary>What decides, for one classifier and the levels asked for, which classes are in a prediction set and which images are unknown.</summary>
internal sealed class CalibrationBounds
{
    private readonly double _temperature;
    private readonly double[]? _largestNonconformities;
    private readonly double? _leastFamiliarity;

    /// <summary>Initializes the bounds of the levels asked for, or else of the classifier's own.</summary>
    /// <param name="calibration">What held-out images tell of the scores; null where nothing is known.</param>
    /// <param name="scorer">The scorer of the classifier.</param>
    /// <param name="options">The levels asked for.</param>
    /// <exception cref="LfaDataException">A level is asked for, but the classifier has no calibration.</exception>
    public CalibrationBounds(Calibration? calibration, Scorer scorer, PredictionOptions options)
    {
        if (calibration is null && (options.Coverage ?? options.FalseRejection) is not null)
            throw new LfaDataException("The classifier has no calibration, which prediction sets and rejection follow from; fit it with the method auto.");
        _temperature = scorer.Temperature;
        Coverage = options.Coverage ?? calibration?.Coverage;
        FalseRejection = options.FalseRejection ?? calibration?.FalseRejection;
        _largestNonconformities = Coverage is { } coverage ? calibration!.LargestNonconformities(coverage, scorer.ClassCount) : null;
        _leastFamiliarity = FalseRejection is { } rate ? calibration!.Familiarities.Lower(rate) : null;
    }

    /// <summary>Gets the coverage of the sets, or null where there are none.</summary>
    public double? Coverage { get; }

    /// <summary>Gets the rate of false rejection, or null where nothing is rejected.</summary>
    public double? FalseRejection { get; }

    /// <summary>Finds out whether an image is of none of the classes.</summary>
    public bool IsUnknown(ReadOnlySpan<float> scores) => _leastFamiliarity is { } least && Calibration.Familiarity(scores, _temperature) < least;

    /// <summary>Finds the classes of the prediction set, the most probable first; the lower class of equals.</summary>
    /// <param name="scores">The scores of the image, C values.</param>
    /// <param name="logSum">Their log Σ exp(score / τ).</param>
    /// <returns>The classes, or null where no sets are asked for.</returns>
    public int[]? Set(ReadOnlySpan<float> scores, double logSum)
    {
        if (_largestNonconformities is not { } largest)
            return null;
        var classes = new List<(float Negated, int Class)>();
        for (var c = 0; c < scores.Length; c++)
        {
            if (logSum - (scores[c] / _temperature) <= largest[c])
                classes.Add((-scores[c], c));
        }
        classes.Sort();
        return [.. classes.Select(one => one.Class)];
    }
}
