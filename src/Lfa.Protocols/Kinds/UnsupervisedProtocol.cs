using Lfa.Encoders.Datasets;

namespace Lfa.Protocols.Kinds;

/// <summary>Without labels: fitted to the training images and the class names alone, whose labels, if there are any, only draw the shots.</summary>
/// <remarks>As in the paper of LFA, which takes all training images; its way is <c>lfa</c>.</remarks>
internal sealed class UnsupervisedProtocol : IProtocol
{
    private const string Part = "test";

    private static readonly FitMethod[] FitMethods = [FitMethod.ZeroShot, FitMethod.Lfa, FitMethod.Auto];
    private static readonly PublishedFit Published = new();
    private static readonly UnsupervisedOptions Transport = new();

    public string Name => "unsupervised";

    public string About => "accuracy of fits to images without labels";

    public IReadOnlyList<string> Methods { get; } = [.. FitMethods.Select(FitMethodNames.Of)];

    public IReadOnlyList<Shots> PublishedShots { get; } = [Shots.All];

    public bool HasTargets => false;

    public int PublishedIterations(DatasetDescription? known) => known?.Iterations?.FewShot ?? PublishedFit.DefaultIterations;

    public string DescribeOptions(string method, int iterations) => MethodOf(method) switch
    {
        FitMethod.Lfa => Invariant($"ε {Transport.Epsilon}, {Transport.Rounds} rounds, {Published.Describe(FitMethod.Lfa, iterations)}"),
        FitMethod.Auto => Invariant($"ε {Transport.Epsilon}"),
        _ => "",
    };

    public CellOutcome Run(CellInput input, CancellationToken cancellationToken)
    {
        input.Train.ThrowIfNotTestedBy(input.Test);
        if (!input.Train.SharesSpace)
            throw new LfaDataException(Invariant($"imageFeatures has {input.Train.Dimension} columns but classPrototypes {input.Train.TextDimension}; without labels nothing brings two spaces together, so give text features of the encoder of the images."));
        var method = MethodOf(input.Method);
        return LfaCell.Run(
            () => method is FitMethod.ZeroShot ? LfaCell.ZeroShot(input.Train) : LfaCell.Of(LfaTrainer.FitUnlabeled(input.Train, options: Published.For(input, method), cancellationToken: cancellationToken)),
            classifier => [Measurement.FromEvaluation(Part, classifier.Evaluate(input.Test, input.Threads))]);
    }

    private static FitMethod MethodOf(string name) => FitMethods.Single(method => FitMethodNames.Of(method) == name);
}
