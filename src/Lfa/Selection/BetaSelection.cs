namespace Lfa.Selection;

/// <summary>The β that cross-validation chose, and what it saw.</summary>
/// <param name="Beta">The chosen weight of the identity, from 0 to 1.</param>
/// <param name="Candidates">Every value tried, in rising order.</param>
public sealed record BetaSelection(double Beta, IReadOnlyList<BetaCandidate> Candidates);

/// <summary>The score of one β.</summary>
/// <param name="Beta">The weight of the identity, from 0 to 1.</param>
/// <param name="Top1">The top-1 accuracy on the held-out images of all splits, in per cent.</param>
public sealed record BetaCandidate(double Beta, double Top1);
