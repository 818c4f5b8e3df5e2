using Lfa.Baselines;

namespace Lfa.Protocols.Kinds;

/// <summary>Runs a cell whose method is one of <see cref="MethodComparison"/>, on the test images of the same classes.</summary>
internal static class ComparedCell
{
    private const string Part = "test";

    private static readonly FitMethod[] FitMethods = Enum.GetValues<FitMethod>();
    private static readonly PublishedFit Published = new();

    /// <summary>Returns the options of a method in words; empty for those of the version.</summary>
    public static string DescribeOptions(string method, int iterations) =>
        FitMethods.Where(one => FitMethodNames.Of(one) == method).Select(one => Published.Describe(one, iterations)).FirstOrDefault("");

    /// <summary>Fits and measures; what the method refuses is told.</summary>
    public static CellOutcome Run(CellInput input, CancellationToken cancellationToken)
    {
        var row = new MethodComparison(input.Train, input.Test, Published.For(input, FitMethod.Lfa)).Run(input.Method, cancellationToken);
        return new CellOutcome
        {
            Measurements = row.Evaluation is { } evaluation ? [Measurement.FromEvaluation(Part, evaluation)] : [],
            UsesTestImages = row.UsesTestImages,
            Chosen = row.Chosen,
            Refusal = row.Refusal,
            Seconds = row.Seconds,
            PeakBytes = row.PeakBytes,
        };
    }
}
