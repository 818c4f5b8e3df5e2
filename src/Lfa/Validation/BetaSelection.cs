namespace Lfa.Validation;

/// <summary>The β that cross-validation chose, and what it saw.</summary>
/// <param name="Beta">The chosen weight of the identity, from 0 to 1.</param>
/// <param name="Candidates">Every value tried, in rising order.</param>
public sealed record BetaSelection(double Beta, IReadOnlyList<BetaCandidate> Candidates);

/// <summary>The score of one β.</summary>
/// <param name="Beta">The weight of the identity, from 0 to 1.</param>
/// <param name="Accuracy">The top-1 accuracy on the held-out images of all splits, from 0 to 1.</param>
public sealed record BetaCandidate(double Beta, double Accuracy);
