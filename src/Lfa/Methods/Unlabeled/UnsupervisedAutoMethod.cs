using System.Text.Json;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.Transport;

namespace Lfa.Methods;

/// <summary>
/// The automatic choice without labels: pseudo-labels by optimal transport take the place of labels, from half of the images to the
/// other half, and zero-shot classification is left only where they speak for it.
/// </summary>
/// <remarks>
/// Where it is left, and there are four images a class or more, up to three rounds label the images anew, as long as the halves agree
/// better each time: what was learned from the other half moves each half, and the class prior is estimated anew. So no label of an
/// image rests on what was learned from that image, as it does in the published rounds.
/// Where some images have labels, a fit to these alone adapts the images before they are moved. The probabilities are as sure, on
/// average over the images, as zero-shot classification is at the temperature of the encoder; there is no calibration.
/// </remarks>
public sealed record UnsupervisedAutoMethod : ITransportMethod
{
    // The gain of a round falls: the second and third bring most of it.
    private const int MostRounds = 4;

    /// <summary>Gets how the images get labels. Default: by an estimated class prior.</summary>
    public TransportOptions Transport
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Transport));
    } = new();

    /// <inheritdoc/>
    public string Name => "unsupervised-auto";

    /// <inheritdoc/>
    public string Source => LfaMethod.Publication;

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.UnlabeledImages | MethodNeeds.TextFeatures;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var clock = new FitClock();
        var unlabeled = new UnlabeledTask(task, Transport, ClassPrior.Estimated, context);
        var (sides, outcome) = Choose(unlabeled, context, clock);
        var fit = AutoMethod.ToFit(sides, outcome, FitRecord.Of(this, task, context), clock);
        var scorer = sides.ToScorer(outcome.Transform, outcome.Selection.Adapts ? outcome.Temperature : unlabeled.Images.Temperature, outcome.NewClasses, outcome.Residual);
        if (outcome.Selection.Adapts)
            scorer = scorer.With(EntropyMatching.Fit(scorer, unlabeled.Images, context), scorer.NewClasses);
        return UnlabeledFits.ToFit(unlabeled, sides, scorer, fit.Record, clock) with
        {
            Stages = [.. sides.ToStages([]), new FitStage(FitStages.Unsupervised, scorer)],
            Details = [outcome.Selection, unlabeled.Describe()],
        };
    }

    /// <inheritdoc/>
    public IMethod WithTransport(TransportOptions transport) => this with { Transport = transport };

    /// <inheritdoc/>
    public void WriteOptions(Utf8JsonWriter json) => OptionsJson.Write(json, Transport);

    /// <inheritdoc/>
    public IMethod ReadOptions(JsonElement json) => new UnsupervisedAutoMethod { Transport = OptionsJson.ReadTransport(json) };

    /// <summary>Labels the images and chooses, again and again while the two halves agree better: better labels make a better choice, and that better labels.</summary>
    private static (AlignedTask Sides, AutoOutcome Outcome) Choose(UnlabeledTask unlabeled, FitContext context, FitClock clock)
    {
        var start = FitToLabeled(unlabeled, context);
        var (sides, outcome) = Choose(() => unlabeled.Label(start), 0, context, clock);
        for (var round = 1; unlabeled.HasEnoughImages && round < MostRounds && outcome.CrossFits.Count > 0; round++)
        {
            var (nextSides, next) = Choose(() => unlabeled.Label(outcome.CrossFits), round, context, clock);
            if (!next.Selection.Adapts || next.Selection.Gain <= outcome.Selection.Gain)
                break;
            (sides, outcome) = (nextSides, next);
        }
        context.Progress?.Report(new FitProgress(1, 1));
        return (sides, outcome);
    }

    private static (AlignedTask Sides, AutoOutcome Outcome) Choose(Func<FeatureSet> label, int round, FitContext context, FitClock clock)
    {
        var sides = UnlabeledFits.Label(label, context, clock);
        var part = context with { Progress = RoundProgress.Of(context.Progress, round, MostRounds) };
        return (sides, clock.Measure("select", new AutoChoice(new AutoTask(sides.Task, part, isQuick: true)).Run));
    }

    /// <summary>Fits to the images that have labels, if there are any: transport then starts from images that are adapted as far as these tell.</summary>
    private static Transform? FitToLabeled(UnlabeledTask unlabeled, FitContext context) =>
        unlabeled.Labeled is { } labeled && new AutoChoice(new AutoTask(labeled, context with { Progress = null }, isQuick: true)).Run() is { Selection.Adapts: true } outcome ? outcome.Transform : null;
}
