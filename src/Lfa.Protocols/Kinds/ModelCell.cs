using Lfa.Methods;
using Lfa.Model;
using Lfa.Protocols.Comparison;

namespace Lfa.Protocols.Kinds;

/// <summary>Runs a cell that measures a model in ways of its own.</summary>
internal static class ModelCell
{
    /// <summary>Fits, and measures the model.</summary>
    /// <param name="method">The method.</param>
    /// <param name="task">What it is fitted to.</param>
    /// <param name="context">The context of the fit, whose time and memory are told.</param>
    /// <param name="measure">Measures the model.</param>
    /// <returns>The outcome; where the method refuses the task, with the reason.</returns>
    public static CellOutcome Run(IMethod method, FitTask task, FitContext context, Func<LfaModel, IReadOnlyList<Measurement>> measure)
    {
        try
        {
            var (fit, time, bytes) = MeasuredWork.Run(() => method.Fit(task, context));
            return new CellOutcome { Measurements = measure(LfaModel.FromFit(fit)), Chosen = fit.Summary, Seconds = time.TotalSeconds, PeakBytes = bytes };
        }
        catch (OutOfMemoryException)
        {
            return new CellOutcome { Refusal = "There is not enough memory for this method." };
        }
    }
}
