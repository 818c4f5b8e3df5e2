using Lfa.Alignment;

namespace Lfa.Refinement;

/// <summary>The outcome of a refinement.</summary>
/// <param name="Transform">The refined transform W, d × d, between two spaces d_image × d_text, for the classes and the domain seen in training.</param>
/// <param name="MovingAverage">The moving average of the transforms E, of the same shape, for new classes and shifted domains.</param>
/// <param name="Losses">The mean loss of the batch of each iteration, before its step.</param>
public sealed record RefinementResult(Transform Transform, Transform MovingAverage, IReadOnlyList<double> Losses);
