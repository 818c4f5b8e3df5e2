using Lfa.Classification;
using Lfa.Encoders.Datasets;
using Lfa.Methods;

namespace Lfa.Protocols.Kinds;

/// <summary>Without labels: fitted to the training images and the class names alone, whose labels, if there are any, only draw the shots.</summary>
/// <remarks>As in the paper of LFA, which takes all training images; its way is <c>lfa</c>.</remarks>
internal sealed class UnsupervisedProtocol : IProtocol
{
    private const string Part = "test";

    private static readonly ProtocolMethods All = new([("zero-shot", new ZeroShotMethod()), ("lfa", new UnsupervisedLfaMethod()), ("auto", new UnsupervisedAutoMethod())]);

    public string Name => "unsupervised";

    public string About => "accuracy of fits to images without labels";

    public IReadOnlyList<string> Methods => All.Names;

    public IReadOnlyList<Shots> PublishedShots { get; } = [Shots.All];

    public bool HasTargets => false;

    public int PublishedIterations(DatasetDescription? known) => known?.Iterations?.FewShot ?? ProtocolMethods.DefaultIterations;

    public string DescribeOptions(string method, int iterations) => All.DescribeOptions(method, iterations);

    public CellOutcome Run(CellInput input, CancellationToken cancellationToken)
    {
        input.Train.ThrowIfNotTestedBy(input.Test);
        if (!input.Train.SharesSpace)
            throw new LfaDataException(Invariant($"imageFeatures has {input.Train.Dimension} columns but classPrototypes {input.Train.TextDimension}; without labels nothing brings two spaces together, so give text features of the encoder of the images."));
        return ModelCell.Run(All.Get(input.Method, input.Iterations), new FitTask(unlabeled: input.Train), input.ToContext(cancellationToken),
            model => [Measurement.FromEvaluation(Part, model.Evaluate(input.Test, new PredictionOptions { MaxDegreeOfParallelism = input.MaxDegreeOfParallelism }))]);
    }
}
