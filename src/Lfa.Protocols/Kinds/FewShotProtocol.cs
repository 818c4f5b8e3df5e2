using Lfa.Baselines;
using Lfa.Encoders.Datasets;

namespace Lfa.Protocols.Kinds;

/// <summary>Few labelled images of each class: every method that is known, on the test images of the same classes.</summary>
/// <remarks>Shots and seeds as in K. Zhou et al., "Learning to prompt for vision-language models", IJCV 2022, and in the paper of LFA.</remarks>
internal sealed class FewShotProtocol : IProtocol
{
    private const string Part = "test";

    private static readonly FitMethod[] FitMethods = Enum.GetValues<FitMethod>();
    private static readonly PublishedFit Published = new();

    public string Name => "few-shot";

    public string About => "accuracy with few labelled images of each class";

    public IReadOnlyList<string> Methods => MethodComparison.Methods;

    public IReadOnlyList<Shots> PublishedShots { get; } = [new(1), new(2), new(4), new(8), new(16)];

    public bool HasTargets => false;

    public int PublishedIterations(KnownDataset? known) => known?.Iterations?.FewShot ?? PublishedFit.DefaultIterations;

    public string DescribeOptions(string method, int iterations) =>
        FitMethods.Where(one => FitMethodNames.Of(one) == method).Select(one => Published.Describe(one, iterations)).FirstOrDefault("");

    public CellOutcome Run(CellInput input, CancellationToken cancellationToken)
    {
        var row = new MethodComparison(input.Train, input.Test, Published.For(input, FitMethod.Lfa)).Run(input.Method, cancellationToken);
        return new CellOutcome
        {
            Measurements = row.Evaluation is { } evaluation ? [Measurement.Of(Part, evaluation)] : [],
            UsesTestImages = row.UsesTestImages,
            Chosen = row.Chosen,
            Refusal = row.Refusal,
            Seconds = row.Seconds,
            PeakBytes = row.PeakBytes,
        };
    }
}
