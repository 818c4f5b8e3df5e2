using Lfa.Encoders.Datasets;
using Lfa.Methods;
using Lfa.Protocols.Comparison;

namespace Lfa.Protocols.Kinds;

/// <summary>Few labeled images of each class: every method that learns from them, on the test images of the same classes.</summary>
/// <remarks>Shots and seeds as in K. Zhou et al., "Learning to prompt for vision-language models", IJCV 2022, and in the paper of LFA.</remarks>
internal sealed class FewShotProtocol : IProtocol
{
    private static ProtocolMethods All => new(MethodComparison.Methods.Where(method => !method.Needs.HasFlag(MethodNeeds.SeparateSpaces)));

    public string Name => "few-shot";

    public string About => "accuracy with few labeled images of each class";

    public IReadOnlyList<string> Methods => All.Names;

    public IReadOnlyList<Shots> PublishedShots { get; } = [new(1), new(2), new(4), new(8), new(16)];

    public bool HasTargets => false;

    public int PublishedIterations(DatasetDescription? dataset) => dataset?.Iterations?.FewShot ?? ProtocolMethods.DefaultIterations;

    public string DescribeOptions(string method, int iterations) => All.DescribeOptions(method, iterations);

    public CellOutcome Run(CellInput input, CancellationToken cancellationToken) => ComparedCell.Run(All.Get(input.Method, input.Iterations), input, cancellationToken);
}
