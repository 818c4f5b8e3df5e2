using Lfa.Baselines;
using Lfa.Bridging;
using Lfa.Encoders.Datasets;

namespace Lfa.Protocols.Kinds;

/// <summary>Few labeled images of each class: every method that is known, on the test images of the same classes.</summary>
/// <remarks>Shots and seeds as in K. Zhou et al., "Learning to prompt for vision-language models", IJCV 2022, and in the paper of LFA.</remarks>
internal sealed class FewShotProtocol : IProtocol
{
    public string Name => "few-shot";

    public string About => "accuracy with few labeled images of each class";

    public IReadOnlyList<string> Methods { get; } = [.. MethodComparison.Methods.Except(Enum.GetValues<Bridge>().Select(MethodComparison.NameOf))];

    public IReadOnlyList<Shots> PublishedShots { get; } = [new(1), new(2), new(4), new(8), new(16)];

    public bool HasTargets => false;

    public int PublishedIterations(DatasetDescription? known) => known?.Iterations?.FewShot ?? PublishedFit.DefaultIterations;

    public string DescribeOptions(string method, int iterations) => ComparedCell.DescribeOptions(method, iterations);

    public CellOutcome Run(CellInput input, CancellationToken cancellationToken) => ComparedCell.Run(input, cancellationToken);
}
