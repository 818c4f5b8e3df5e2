using Lfa.Alignment;
using Lfa.Classification;

namespace Lfa.Selection;

/// <summary>What the automatic choice came to.</summary>
/// <param name="Transform">The blend of the transforms W, d × d.</param>
/// <param name="Residual">The head beside it, C × d in units of the scores; null where there is none.</param>
/// <param name="Temperature">The fitted temperature τ.</param>
/// <param name="Selection">What was tried, what was chosen, and why.</param>
/// <param name="Blend">The weights of the blend.</param>
/// <param name="Confidence">What held-out images tell of the probabilities; null where none could be held out.</param>
/// <param name="NewClasses">How new classes are scored; null where W serves them.</param>
internal sealed record AutoFit(Transform Transform, LinearClassifier? Residual, double Temperature, AutoSelection Selection, BlendWeights Blend, Confidence? Confidence, NewClassScoring? NewClasses = null);
