namespace Lfa.Refinement;

/// <summary>
/// Defines a loss of projected features against the prototypes of their classes, which <see cref="TransformRefinement"/> minimizes.
/// </summary>
/// <remarks>
/// A loss sees the batch in blocks of rows, several at once on several threads, so an implementation must hold no state
/// that changes. It may be written outside this library; one that stands in <see cref="LossRegistry"/> is known by its name.
/// </remarks>
public interface IAlignmentLoss : INamed
{
    /// <summary>Gets the values of the parameters of <see cref="LossRegistry"/>, of a switch 0 or 1. Default: there are none.</summary>
    IReadOnlyDictionary<string, double> Parameters => System.Collections.Immutable.ImmutableDictionary<string, double>.Empty;

    /// <summary>Gets whether <see cref="LossBlock.Rows"/> are scaled to unit length before the loss sees them.</summary>
    bool UsesUnitRows { get; }

    /// <summary>Gets whether the rows of a batch affect each other: then one block holds the whole batch.</summary>
    bool CouplesRows { get; }

    /// <summary>Computes the loss of a block and its gradient.</summary>
    /// <param name="block">The rows, their scores and labels; the gradient in the rows is added to <see cref="LossBlock.Gradient"/>.</param>
    /// <returns>The part of these rows in the mean loss of the batch: the sum of their losses divided by <see cref="LossBlock.BatchSize"/>.</returns>
    double Evaluate(in LossBlock block);
}
