using Lfa.Baselines;
using Lfa.Bridging;
using Lfa.Encoders.Datasets;

namespace Lfa.Protocols.Kinds;

/// <summary>Encoders that never met: image features of one, text features of another, with other components; bridges between them beside methods that need no text.</summary>
/// <remarks>In the paper of LFA beside k-nearest neighbors and a linear probe; its way is the bridge by projection.</remarks>
internal sealed class CrossEncoderProtocol : IProtocol
{
    public string Name => "cross-encoder";

    public string About => "accuracy where images and class names come from encoders that never met";

    public IReadOnlyList<string> Methods { get; } =
    [
        "nearest-mean",
        "k-nn",
        "linear-probe",
        .. Enum.GetValues<Bridge>().Select(MethodComparison.NameOf),
        FitMethodNames.Of(FitMethod.Lfa),
        FitMethodNames.Of(FitMethod.Auto),
    ];

    public IReadOnlyList<Shots> PublishedShots { get; } = [new(16)];

    public bool HasTargets => false;

    public int PublishedIterations(DatasetDescription? known) => PublishedFit.DefaultIterations;

    public string DescribeOptions(string method, int iterations) => ComparedCell.DescribeOptions(method, iterations);

    public CellOutcome Run(CellInput input, CancellationToken cancellationToken) => ComparedCell.Run(input, cancellationToken);
}
