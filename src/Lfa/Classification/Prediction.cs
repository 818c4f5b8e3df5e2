namespace Lfa.Classification;

/// <summary>The classes a classifier finds most probable for one image.</summary>
/// <param name="Top">The most probable classes, the most probable first.</param>
public sealed record Prediction(IReadOnlyList<ClassProbability> Top)
{
    /// <summary>Gets the most probable class.</summary>
    public ClassProbability Best => Top[0];

    /// <summary>
    /// Gets the classes of the prediction set, the most probable first; null where no coverage was asked for. It holds at least
    /// the most probable class, and all classes where too few images were held out for the coverage.
    /// </summary>
    public IReadOnlyList<ClassProbability>? PredictionSet { get; init; }

    /// <summary>Gets whether the image is rejected as of none of the classes; false where no rate of false rejection was asked for.</summary>
    public bool IsUnknown { get; init; }
}

/// <summary>The probability of one class.</summary>
/// <param name="Class">The class, from 0 to C − 1.</param>
/// <param name="ClassName">The name of the class.</param>
/// <param name="Probability">The probability, from 0 to 1.</param>
public readonly record struct ClassProbability(int Class, string ClassName, double Probability);
