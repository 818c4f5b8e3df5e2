using Lfa.Classification;
using Lfa.Data;
using Lfa.Encoders.Datasets;

namespace Lfa.Protocols.Kinds;

/// <summary>Shifted domains: fitted on one dataset, measured on its test images (the source) and on those of other domains (the targets).</summary>
/// <remarks>
/// As in K. Zhou et al., "Learning to prompt for vision-language models", IJCV 2022: ImageNet with 16 shots, then V2, Sketch, A and
/// R. A target may have some of the classes only; they compete among themselves. The paper of LFA takes the moving average of the transform for targets.
/// </remarks>
internal sealed class DomainProtocol : IProtocol
{
    private const string Source = "source";

    // A name with "-shifted" takes the transform for new classes and shifted domains, on the source too.
    private static readonly (string Name, FitMethod Method, bool IsShifted)[] Known =
    [
        ("zero-shot", FitMethod.ZeroShot, false),
        ("lfa", FitMethod.Lfa, false),
        ("lfa-shifted", FitMethod.Lfa, true),
        ("auto", FitMethod.Auto, false),
        ("auto-shifted", FitMethod.Auto, true),
    ];

    private static readonly PublishedFit Published = new();

    public string Name => "domain";

    public string About => "accuracy on the domain of the fit (source) and on others (targets)";

    public IReadOnlyList<string> Methods { get; } = [.. Known.Select(one => one.Name)];

    public IReadOnlyList<Shots> PublishedShots { get; } = [new(16)];

    public bool HasTargets => true;

    public int PublishedIterations(DatasetDescription? known) => known?.Iterations?.FewShot ?? PublishedFit.DefaultIterations;

    public string DescribeOptions(string method, int iterations) => Published.Describe(Find(method).Method, iterations);

    public CellOutcome Run(CellInput input, CancellationToken cancellationToken)
    {
        input.Train.ThrowIfNotTestedBy(input.Test);
        var (_, method, isShifted) = Find(input.Method);
        var options = Published.For(input, method);
        return LfaCell.Run(() => LfaCell.Of(LfaTrainer.Fit(input.Train, options, progress: null, cancellationToken)), classifier => Measure(classifier, isShifted, input));
    }

    private static Measurement[] Measure(LfaClassifier classifier, bool isShifted, CellInput input)
    {
        var source = Measure(classifier, isShifted, Source, input.Test, input.Threads);
        Measurement[] targets = [.. input.Targets.Select(target => Measure(classifier, isShifted, target.Name, target.Set, input.Threads))];
        return [source, .. targets, new Measurement("mean of targets", targets.Sum(target => target.Images), targets.Max(target => target.Classes), targets.Average(target => target.Top1))];
    }

    private static Measurement Measure(LfaClassifier classifier, bool isShifted, string part, FeatureSet test, int threads)
    {
        var chosen = classifier.SelectClasses(test.ClassNames);
        return Measurement.FromEvaluation(part, (isShifted ? chosen.ForShiftedDomain() : chosen).Evaluate(test, threads));
    }

    private static (string Name, FitMethod Method, bool IsShifted) Find(string name) => Known.Single(one => one.Name == name);
}
