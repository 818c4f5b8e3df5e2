using Lfa.Data;

namespace Lfa.Classification;

/// <summary>The options of <see cref="LfaClassifier.Predict(Matrix, PredictionOptions)"/> and <see cref="LfaClassifier.Evaluate(FeatureSet, PredictionOptions)"/>.</summary>
public sealed record PredictionOptions
{
    /// <summary>Gets the number of most probable classes for each image, at least 1; all C where there are fewer. Default: 1.</summary>
    public int TopK
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(TopK), value, "TopK must be 1 or more.");
    } = 1;

    /// <summary>
    /// Gets the part of the images whose class is in their conformal set, between 0 and 1. Default: null, the coverage that
    /// <see cref="Confidence.Coverage"/> of the classifier says; where it says none, no sets.
    /// </summary>
    public double? Coverage
    {
        get;
        init
        {
            Confidence.ThrowIfNotShare(value, nameof(Coverage));
            field = value;
        }
    }

    /// <summary>
    /// Gets the part of the images of the classes that may be rejected as unknown, between 0 and 1. Default: null, the rate
    /// that <see cref="Confidence.FalseRejection"/> of the classifier says; where it says none, no rejection.
    /// </summary>
    public double? FalseRejection
    {
        get;
        init
        {
            Confidence.ThrowIfNotShare(value, nameof(FalseRejection));
            field = value;
        }
    }

    /// <summary>Gets the number of threads at most; 0 for all processors. It does not change the result. Default: 0.</summary>
    public int Threads
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Threads), value, "Threads must be 0 (all processors) or more.");
    }
}
