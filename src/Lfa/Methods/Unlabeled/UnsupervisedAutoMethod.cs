using System.Text.Json;
using Lfa.Alignment;
using Lfa.Transport;

namespace Lfa.Methods;

/// <summary>
/// The automatic choice without labels: pseudo-labels by optimal transport take the place of labels, from half of the images to the
/// other half, and zero-shot classification is left only where they speak for it.
/// </summary>
/// <remarks>
/// Where some images have labels, a fit to these alone adapts the images before they are moved. The probabilities are as sure, on
/// average over the images, as zero-shot classification is at the temperature of the encoder; there is no calibration.
/// </remarks>
public sealed record UnsupervisedAutoMethod : ITransportMethod
{
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
        var sides = UnlabeledFits.Label(unlabeled, FitToLabeled(unlabeled, context), context, clock);
        var outcome = clock.Measure("select", new AutoChoice(new AutoTask(sides.Task, context, isQuick: true)).Run);
        var fit = AutoMethod.ToFit(sides, outcome, FitRecord.Of(this, task, context), clock);
        var scorer = sides.ToScorer(outcome.Transform, outcome.Selection.Adapts ? outcome.Temperature : unlabeled.Images.Temperature, outcome.NewClasses, outcome.Residual);
        if (outcome.Selection.Adapts)
            scorer = scorer.With(EntropyMatching.Fit(scorer, unlabeled.Images.ImageFeatures, unlabeled.Images.Temperature, context), scorer.NewClasses);
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

    /// <summary>Fits to the images that have labels, if there are any: transport then starts from images that are adapted as far as these tell.</summary>
    private static Transform? FitToLabeled(UnlabeledTask unlabeled, FitContext context) =>
        unlabeled.Labeled is { } labeled && new AutoChoice(new AutoTask(labeled, context with { Progress = null }, isQuick: true)).Run() is { Selection.Adapts: true } outcome ? outcome.Transform : null;
}
