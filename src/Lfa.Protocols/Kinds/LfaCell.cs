using Lfa.Alignment;
using Lfa.Baselines;
using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Protocols.Kinds;

/// <summary>Runs a cell whose method gives an <see cref="LfaClassifier"/>.</summary>
internal static class LfaCell
{
    /// <summary>Fits, and measures the classifier.</summary>
    /// <param name="fit">The fit, whose time and memory are told, and what it chose, in words.</param>
    /// <param name="measure">Measures the classifier.</param>
    /// <returns>The outcome; where the numbers cannot be computed, with the reason.</returns>
    public static CellOutcome Run(Func<(LfaClassifier Classifier, string? Chosen)> fit, Func<LfaClassifier, IReadOnlyList<Measurement>> measure)
    {
        try
        {
            var fitted = MeasuredWork.Run(fit);
            return new CellOutcome { Measurements = measure(fitted.Value.Classifier), Chosen = fitted.Value.Chosen, Seconds = fitted.Seconds, PeakBytes = fitted.PeakBytes };
        }
        catch (Exception e) when (e is ArithmeticException or OutOfMemoryException)
        {
            return new CellOutcome { Refusal = e is OutOfMemoryException ? "There is not enough memory for this method." : e.Message };
        }
    }

    /// <summary>Returns the classifier of no fit.</summary>
    public static (LfaClassifier Classifier, string? Chosen) ZeroShot(FeatureSet task) =>
        (new LfaClassifier(Transform.Identity(task.Dimension), task.ClassPrototypes, task.ClassNames), null);

    /// <summary>Returns what a fit gave.</summary>
    public static (LfaClassifier Classifier, string? Chosen) Of(LfaFit fit) => (fit.Classifier, fit.Chosen);
}
