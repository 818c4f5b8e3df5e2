using Lfa.Classification;
using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.Methods;
using Lfa.Model;

namespace Lfa.Protocols.Kinds;

/// <summary>From base to new classes: fitted to the first half of the classes, measured on either half, each among themselves.</summary>
/// <remarks>
/// As in K. Zhou et al., "Conditional prompt learning for vision-language models", CVPR 2022, and in the paper of LFA, which
/// takes β = 0.9, and for the new classes the moving average of the transform.
/// </remarks>
internal sealed class BaseToNewProtocol : IProtocol
{
    private const int MedianIterations = 50; // of the published ones, which differ from dataset to dataset

    private const double PublishedBeta = 0.9;

    private static readonly ProtocolMethods All = new([new ZeroShotMethod(), new BetaProcrustesMethod { Beta = PublishedBeta }, new LfaMethod { Beta = PublishedBeta }, new AutoMethod()]);

    public string Name => "base-to-new";

    public string About => "accuracy on the classes of the fit (base), on classes without an image (new), and the harmonic mean of both";

    public IReadOnlyList<string> Methods => All.Names;

    public IReadOnlyList<Shots> PublishedShots { get; } = [new(16)];

    public bool HasTargets => false;

    public int PublishedIterations(DatasetDescription? known) => known?.Iterations?.BaseToNew ?? MedianIterations;

    public string DescribeOptions(string method, int iterations) => All.DescribeOptions(method, iterations);

    public FeatureSet SelectTraining(FeatureSet drawn) => ClassSplit.BaseAndNew(drawn).Base;

    public CellOutcome Run(CellInput input, CancellationToken cancellationToken)
    {
        var (ofBase, ofNew) = ClassSplit.BaseAndNew(input.Test);
        input.Train.ThrowIfNotTestedBy(ofBase);
        return ModelCell.Run(All.Get(input.Method, input.Iterations), input.Train, input.ToContext(cancellationToken), model => Measure(model, ofBase, ofNew, input.MaxDegreeOfParallelism));
    }

    private static Measurement[] Measure(LfaModel model, FeatureSet ofBase, FeatureSet ofNew, int threads)
    {
        var options = new PredictionOptions { MaxDegreeOfParallelism = threads };
        var onBase = model.Evaluate(ofBase, options);
        var onNew = model.ForClasses(ofNew.ClassPrototypes, ofNew.ClassNames).Evaluate(ofNew, options);
        var both = new BaseToNewResult(onBase.Top1Accuracy, onNew.Top1Accuracy);
        return [Measurement.FromEvaluation("base", onBase), Measurement.FromEvaluation("new", onNew), new Measurement("harmonic mean", onBase.Samples + onNew.Samples, onBase.Classes + onNew.Classes, both.HarmonicMean)];
    }
}
