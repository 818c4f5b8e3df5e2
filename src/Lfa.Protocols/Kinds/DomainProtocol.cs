using Lfa.Classification;
using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.Methods;
using Lfa.Model;

namespace Lfa.Protocols.Kinds;

/// <summary>Shifted domains: fitted on one dataset, measured on its test images (the source) and on those of other domains (the targets).</summary>
/// <remarks>
/// As in K. Zhou et al., "Learning to prompt for vision-language models", IJCV 2022: ImageNet with 16 shots, then V2, Sketch, A and
/// R. A target may have some of the classes only; they compete among themselves. The paper of LFA takes the moving average of the transform for targets.
/// </remarks>
internal sealed class DomainProtocol : IProtocol
{
    private const string Source = "source";

    // A name with this ending takes the transform for new classes and shifted domains, on the source too.
    private const string Shifted = "-shifted";

    private static readonly ProtocolMethods All = new(
    [
        ("zero-shot", new ZeroShotMethod()),
        ("lfa", new LfaMethod()),
        ("lfa" + Shifted, new LfaMethod()),
        ("auto", new AutoMethod()),
        ("auto" + Shifted, new AutoMethod()),
    ]);

    public string Name => "domain";

    public string About => "accuracy on the domain of the fit (source) and on others (targets)";

    public IReadOnlyList<string> Methods => All.Names;

    public IReadOnlyList<Shots> PublishedShots { get; } = [new(16)];

    public bool HasTargets => true;

    public int PublishedIterations(DatasetDescription? known) => known?.Iterations?.FewShot ?? ProtocolMethods.DefaultIterations;

    public string DescribeOptions(string method, int iterations) => All.DescribeOptions(method, iterations);

    public CellOutcome Run(CellInput input, CancellationToken cancellationToken)
    {
        input.Train.ThrowIfNotTestedBy(input.Test);
        var isShifted = input.Method.EndsWith(Shifted, StringComparison.Ordinal);
        return ModelCell.Run(All.Get(input.Method, input.Iterations), input.Train, input.ToContext(cancellationToken), model => Measure(model, isShifted, input));
    }

    private static Measurement[] Measure(LfaModel model, bool isShifted, CellInput input)
    {
        var source = Measure(model, isShifted, Source, input.Test, input.MaxDegreeOfParallelism);
        Measurement[] targets = [.. input.Targets.Select(target => Measure(model, isShifted, target.Name, target.Set, input.MaxDegreeOfParallelism))];
        return [source, .. targets, new Measurement("mean of targets", targets.Sum(target => target.Images), targets.Max(target => target.Classes), targets.Average(target => target.Top1Accuracy))];
    }

    private static Measurement Measure(LfaModel model, bool isShifted, string part, FeatureSet test, int threads)
    {
        var chosen = model.SelectClasses(test.ClassNames);
        return Measurement.FromEvaluation(part, (isShifted ? chosen.ForShiftedDomain() : chosen).Evaluate(test, new PredictionOptions { MaxDegreeOfParallelism = threads }));
    }
}
