using Lfa.Methods;
using Lfa.Protocols.Comparison;

namespace Lfa.Protocols.Kinds;

/// <summary>Runs a cell that measures a method on the test images of the same classes.</summary>
internal static class ComparedCell
{
    private const string Part = "test";

    /// <summary>Fits and measures; what the method refuses is told.</summary>
    public static CellOutcome Run(IMethod method, CellInput input, CancellationToken cancellationToken)
    {
        var row = new MethodComparison(input.Train, input.Test, input.ToContext(cancellationToken)).Run(method);
        return new CellOutcome
        {
            Measurements = row.Evaluation is { } evaluation ? [Measurement.FromEvaluation(Part, evaluation)] : [],
            UsesTestImages = row.UsesTestImages,
            Chosen = row.Summary,
            Refusal = row.Refusal,
            Seconds = row.Time.TotalSeconds,
            PeakBytes = row.PeakBytes,
        };
    }
}
