using Lfa.Alignment;

namespace Lfa.Classification;

/// <summary>
/// How classes without an example are scored where they compete among themselves, and images of another domain: by cosines,
/// normalize(x·W_new)·Yᵀ.
/// </summary>
/// <param name="Transform">The transform W_new, of the shape of W: the moving average E after a refinement, or what classes held out of the fit showed to be best.</param>
/// <param name="Temperature">The temperature τ of their probabilities, above 0.</param>
public sealed record NewClassScoring(Transform Transform, double Temperature);
