using Lfa.Classification;
using Lfa.Data;
using Lfa.Encoders.Datasets;

namespace Lfa.Protocols.Kinds;

/// <summary>From base to new classes: fitted to the first half of the classes, measured on either half, each among themselves.</summary>
/// <remarks>
/// As in K. Zhou et al., "Conditional prompt learning for vision-language models", CVPR 2022, and in the paper of LFA, which
/// takes β = 0.9, and for the new classes the moving average of the transform.
/// </remarks>
internal sealed class BaseToNewProtocol : IProtocol
{
    private const int MedianIterations = 50; // of the published ones, which differ from dataset to dataset

    private static readonly FitMethod[] FitMethods = [FitMethod.ZeroShot, FitMethod.BetaProcrustes, FitMethod.Lfa, FitMethod.Auto];
    private static readonly PublishedFit Published = new(Beta: 0.9);

    public string Name => "base-to-new";

    public string About => "accuracy on the classes of the fit (base), on classes without an image (new), and the harmonic mean of both";

    public IReadOnlyList<string> Methods { get; } = [.. FitMethods.Select(FitMethodNames.Of)];

    public IReadOnlyList<Shots> PublishedShots { get; } = [new(16)];

    public bool HasTargets => false;

    public int PublishedIterations(DatasetDescription? known) => known?.Iterations?.BaseToNew ?? MedianIterations;

    public string DescribeOptions(string method, int iterations) => Published.Describe(MethodOf(method), iterations);

    public FeatureSet SelectTraining(FeatureSet drawn) => ClassSplit.BaseAndNew(drawn).Base;

    public CellOutcome Run(CellInput input, CancellationToken cancellationToken)
    {
        var (ofBase, ofNew) = ClassSplit.BaseAndNew(input.Test);
        input.Train.ThrowIfNotTestedBy(ofBase);
        var options = Published.For(input, MethodOf(input.Method));
        return LfaCell.Run(() => LfaCell.Of(LfaTrainer.Fit(input.Train, options, progress: null, cancellationToken)), classifier => Measure(classifier, ofBase, ofNew, input.Threads));
    }

    private static Measurement[] Measure(LfaClassifier classifier, FeatureSet ofBase, FeatureSet ofNew, int threads)
    {
        var onBase = classifier.Evaluate(ofBase, threads);
        var onNew = classifier.ForClasses(ofNew.ClassPrototypes, ofNew.ClassNames).Evaluate(ofNew, threads);
        var both = new BaseToNewResult(onBase.Top1, onNew.Top1);
        return [Measurement.FromEvaluation("base", onBase), Measurement.FromEvaluation("new", onNew), new Measurement("harmonic mean", onBase.Samples + onNew.Samples, onBase.Classes + onNew.Classes, both.HarmonicMean)];
    }

    private static FitMethod MethodOf(string name) => FitMethods.Single(method => FitMethodNames.Of(method) == name);
}
