using Lfa.Alignment;
using Lfa.Encoders.Datasets;
using Lfa.Methods;

namespace Lfa.Protocols.Kinds;

/// <summary>Encoders that never met: image features of one, text features of another, with other components; projections between them beside methods that need no text.</summary>
/// <remarks>In the paper of LFA beside k-nearest neighbors and a linear probe; its way is the Gaussian projection.</remarks>
internal sealed class CrossEncoderProtocol : IProtocol
{
    private static readonly ProtocolMethods All = new(
    [
        new NearestMeanMethod(),
        new NearestNeighborsMethod(),
        new LinearProbeMethod(),
        .. SpaceProjection.All.All.Select(projection => new ProjectionMethod(projection)),
        new LfaMethod(),
        new AutoMethod(),
    ]);

    public string Name => "cross-encoder";

    public string About => "accuracy where images and class names come from encoders that never met";

    public IReadOnlyList<string> Methods => All.Names;

    public IReadOnlyList<Shots> PublishedShots { get; } = [new(16)];

    public bool HasTargets => false;

    public int PublishedIterations(DatasetDescription? dataset) => ProtocolMethods.DefaultIterations;

    public string DescribeOptions(string method, int iterations) => All.DescribeOptions(method, iterations);

    public CellOutcome Run(CellInput input, CancellationToken cancellationToken) => ComparedCell.Run(All.Get(input.Method, input.Iterations), input, cancellationToken);
}
