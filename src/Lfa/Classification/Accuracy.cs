namespace Lfa.Classification;

/// <summary>The accuracy of a classifier.</summary>
/// <param name="Top1">The fraction of the samples whose class has the highest score, from 0 to 1.</param>
/// <param name="Top5">The fraction of the samples whose class is among the five of highest score, from 0 to 1.</param>
public sealed record Accuracy(double Top1, double Top5);
