namespace Lfa.Encoders.Datasets;

/// <summary>The iterations of the refinement that the paper's authors set by hand for a dataset.</summary>
/// <param name="FewShot">With all classes and 16 shots.</param>
/// <param name="BaseToNew">With the first half of the classes, β = 0.9.</param>
public sealed record PublishedIterations(int FewShot, int BaseToNew);
