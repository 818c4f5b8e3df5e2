using System.Text.Json;
using Lfa.Transport;

namespace Lfa.Methods;

/// <summary>
/// The automatic choice without labels, or with some: pseudo-labels by optimal transport take the place of labels, from half of the images to the
/// other half, and zero-shot classification is left only where they speak for it.
/// </summary>
/// <remarks>
/// Without labels the probabilities are as sure, on average over the images, as zero-shot classification is at the temperature of the encoder; there is no calibration.
/// Where each class has a labeled image, these judge: the result is a blend of the fit to them alone (<see cref="AutoMethod"/>) and the fit to all images, as far
/// as labeled images that were held out of both say, and they calibrate it; <see cref="UnlabeledSelection"/> tells what they said. Where the labeled images
/// are of some of the classes only, they join the others, and there is no calibration.
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
        UnlabeledTask Prepare(FitTask some) => new(some, Transport, ClassPrior.Estimated, context);
        var unlabeled = Prepare(task);
        var record = FitRecord.Of(this, task, context);
        return unlabeled.LabeledTellAllClasses ? new SemiSupervisedChoice(unlabeled, Prepare, context, clock).Fit(record) : FitToPseudoLabels(unlabeled, record, context, clock);
    }

    /// <inheritdoc/>
    public IMethod WithTransport(TransportOptions transport) => this with { Transport = transport };

    /// <inheritdoc/>
    public void WriteOptions(Utf8JsonWriter json) => OptionsJson.Write(json, Transport);

    /// <inheritdoc/>
    public IMethod ReadOptions(JsonElement json) => new UnsupervisedAutoMethod { Transport = OptionsJson.ReadTransport(json) };

    private static MethodFit FitToPseudoLabels(UnlabeledTask unlabeled, FitRecord record, FitContext context, FitClock clock)
    {
        var choice = PseudoLabeledChoice.Of(unlabeled, context, clock);
        return UnlabeledFits.ToFit(unlabeled, choice.Sides, choice.Scorer, record with { Blend = choice.Outcome.Blend }, clock) with
        {
            Stages = [.. choice.Sides.ToStages([]), new FitStage(FitStages.Unsupervised, choice.Scorer)],
            Details = [choice.Outcome.Selection, unlabeled.Report()],
        };
    }
}
