namespace Lfa.Classification;

/// <summary>The classes a classifier finds most probable for one image.</summary>
/// <param name="Top">The most probable classes, the most probable first.</param>
public sealed record Prediction(IReadOnlyList<ClassProbability> Top)
{
    /// <summary>Gets the most probable class.</summary>
    public ClassProbability Best => Top[0];
}

/// <summary>The probability of one class.</summary>
/// <param name="Class">The class, from 0 to C − 1.</param>
/// <param name="ClassName">The name of the class.</param>
/// <param name="Probability">The probability, from 0 to 1.</param>
public readonly record struct ClassProbability(int Class, string ClassName, double Probability);
