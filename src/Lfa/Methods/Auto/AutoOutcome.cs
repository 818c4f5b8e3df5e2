using Lfa.Alignment;
using Lfa.Classification;

namespace Lfa.Methods;

/// <summary>What the automatic choice came to.</summary>
/// <param name="Transform">The blend of the transforms W, d × d.</param>
/// <param name="Residual">The head beside it, C × d in units of the scores; null where there is none.</param>
/// <param name="Temperature">The fitted temperature τ.</param>
/// <param name="Selection">What was tried, what was chosen, and why.</param>
/// <param name="Blend">The experts with their weights.</param>
/// <param name="Calibration">What held-out images tell of the probabilities; null where none could be held out.</param>
/// <param name="NewClasses">How new classes are scored; null where W serves them.</param>
internal sealed record AutoOutcome(Transform Transform, LinearHead? Residual, double Temperature, AutoSelection Selection, IReadOnlyList<ExpertWeight> Blend, Calibration? Calibration, NewClassScoring? NewClasses = null)
{
    /// <summary>Gets, for each fold of a quick choice that adapts, the blend as it scores the images that it was not fitted to; none where only classes could be held out.</summary>
    public IReadOnlyList<CrossFit> CrossFits { get; init; } = [];
}

/// <summary>A blend of experts that are fitted without some images.</summary>
/// <param name="Held">The rows of these images.</param>
/// <param name="Head">The blend, C × d, in units of the scores.</param>
internal sealed record CrossFit(int[] Held, LinearHead Head);
