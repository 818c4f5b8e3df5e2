namespace Lfa.Classification;

/// <summary>The options of predictions and evaluations.</summary>
public sealed record PredictionOptions
{
    /// <summary>Gets the number of most probable classes for each image, at least 1; all C where there are fewer. Default: 1.</summary>
    public int TopK
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(TopK), value, "TopK must be 1 or more.");
    } = 1;

    /// <summary>
    /// Gets the fraction of the images whose class is in their prediction set, at least, between 0 and 1. Default: null, the coverage that
    /// <see cref="Calibration.Coverage"/> of the classifier says; where it says none, no prediction sets.
    /// </summary>
    public double? Coverage
    {
        get;
        init
        {
            Calibration.ThrowIfNotFraction(value, nameof(Coverage));
            field = value;
        }
    }

    /// <summary>
    /// Gets the fraction of the images of the classes that may be rejected as unknown, between 0 and 1. Default: null, the rate
    /// that <see cref="Calibration.FalseRejection"/> of the classifier says; where it says none, no rejection.
    /// </summary>
    public double? FalseRejection
    {
        get;
        init
        {
            Calibration.ThrowIfNotFraction(value, nameof(FalseRejection));
            field = value;
        }
    }

    /// <summary>Gets the number of threads at most; −1 for all processors. It does not change the result. Default: −1.</summary>
    public int MaxDegreeOfParallelism
    {
        get;
        init => field = value is -1 or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxDegreeOfParallelism), value, "MaxDegreeOfParallelism must be 1 or more, or -1 for all processors.");
    } = -1;
}
