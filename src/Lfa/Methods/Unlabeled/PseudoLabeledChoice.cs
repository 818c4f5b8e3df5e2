using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>
/// The automatic choice on pseudo-labels by transport, from half of the images to the other half, with the labeled images there are.
/// </summary>
/// <remarks>
/// Where zero-shot classification is left, and there are four images a class or more, up to three rounds label the images anew, as long as the halves agree
/// better each time: what was learned from the other half moves each half, and the class prior is estimated anew. So no label of an
/// image rests on what was learned from that image, as it does in the published rounds.
/// </remarks>
internal sealed class PseudoLabeledChoice
{
    // The gain of a round falls: the second and third bring most of it.
    private const int MostRounds = 4;

    private PseudoLabeledChoice(UnlabeledTask images, AlignedTask sides, AutoOutcome outcome, AlignedScorer scorer) => (Images, Sides, Outcome, Scorer) = (images, sides, outcome, scorer);

    /// <summary>Gets the images, and how they got labels.</summary>
    public UnlabeledTask Images { get; }

    /// <summary>Gets the images with the labels of the last round.</summary>
    public AlignedTask Sides { get; }

    /// <summary>Gets what the automatic choice on them came to.</summary>
    public AutoOutcome Outcome { get; }

    /// <summary>Gets the scorer, as sure, on average over the images, as zero-shot classification is at the temperature of the encoder.</summary>
    public AlignedScorer Scorer { get; }

    /// <summary>Labels the images and chooses, again and again while the two halves agree better: better labels make a better choice, and that better labels.</summary>
    /// <param name="images">The images.</param>
    /// <param name="context">The seed, the threads, the progress and the cancellation.</param>
    /// <param name="clock">Takes the time.</param>
    public static PseudoLabeledChoice Of(UnlabeledTask images, FitContext context, FitClock clock)
    {
        var start = FitToLabeled(images, context);
        var (sides, outcome) = Choose(() => images.Label(start), 0, context, clock);
        for (var round = 1; images.HasEnoughImages && round < MostRounds && outcome.CrossFits.Count > 0; round++)
        {
            var (nextSides, next) = Choose(() => images.Label(outcome.CrossFits), round, context, clock);
            if (!next.Selection.Adapts || next.Selection.Gain <= outcome.Selection.Gain)
                break;
            (sides, outcome) = (nextSides, next);
        }
        context.Progress?.Report(new FitProgress(1, 1));
        return new PseudoLabeledChoice(images, sides, outcome, ToScorer(images, sides, outcome, context));
    }

    private static (AlignedTask Sides, AutoOutcome Outcome) Choose(Func<FeatureSet> label, int round, FitContext context, FitClock clock)
    {
        var sides = UnlabeledFits.Label(label, context, clock);
        var part = context with { Progress = RoundProgress.Of(context.Progress, round, MostRounds) };
        return (sides, clock.Measure("select", new AutoChoice(new AutoTask(sides.Task, part, isQuick: true, hasPseudoLabels: true)).Run));
    }

    /// <summary>Fits to the images that have labels, if there are any: transport then starts from images that are adapted as far as these tell.</summary>
    private static Transform? FitToLabeled(UnlabeledTask images, FitContext context) =>
        images.Labeled is { } labeled && new AutoChoice(new AutoTask(labeled, context with { Progress = null }, isQuick: true, hasPseudoLabels: true)).Run() is { Selection.Adapts: true } outcome ? outcome.Transform : null;

    private static AlignedScorer ToScorer(UnlabeledTask images, AlignedTask sides, AutoOutcome outcome, FitContext context)
    {
        var scorer = sides.ToScorer(outcome.Transform, outcome.Selection.Adapts ? outcome.Temperature : images.Images.Temperature, outcome.NewClasses, outcome.Residual);
        return outcome.Selection.Adapts ? scorer.With(EntropyMatching.Fit(scorer, images.Images, context), scorer.NewClasses) : scorer;
    }
}
