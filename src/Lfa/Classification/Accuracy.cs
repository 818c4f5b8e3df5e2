namespace Lfa.Classification;

/// <summary>The accuracy of a classifier, in per cent.</summary>
/// <param name="Top1">The part of the samples whose class has the highest score.</param>
/// <param name="Top5">The part of the samples whose class is among the five of highest score.</param>
public sealed record Accuracy(double Top1, double Top5)
{
    /// <summary>Gets what stands where there is nothing to measure.</summary>
    internal static Accuracy None { get; } = new(double.NaN, double.NaN);
}
