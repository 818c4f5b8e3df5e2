using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>What the fits to images without labels have in common.</summary>
internal static class UnlabeledFits
{
    /// <summary>Labels the images by transport.</summary>
    /// <param name="label">Labels them.</param>
    /// <param name="context">The context.</param>
    /// <param name="clock">Takes the time.</param>
    public static AlignedTask Label(Func<FeatureSet> label, FitContext context, FitClock clock) =>
        AlignedTask.Of(clock.Measure("transport", label), null, new CanonicalCorrelation(), context);

    /// <summary>Gives a scorer temperatures that no label takes part in: those of pseudo-labels, which zero-shot classification nearly gives itself, are too low.</summary>
    public static AlignedScorer MatchZeroShot(AlignedScorer scorer, UnlabeledTask unlabeled, FitContext context)
    {
        double Match(AlignedScorer some) => EntropyMatching.Fit(some, unlabeled.Images, context);
        var newClasses = scorer.NewClasses! with { Temperature = Match(scorer.ForNewClasses(scorer.ClassPrototypes)) };
        return scorer.With(Match(scorer), newClasses);
    }

    /// <summary>Makes the outcome of a fit, without what only labels tell.</summary>
    public static MethodFit ToFit(UnlabeledTask unlabeled, AlignedTask sides, AlignedScorer scorer, FitRecord record, FitClock clock) => new()
    {
        Scorer = scorer,
        ClassNames = sides.Task.ClassNames,
        Record = record with { Samples = sides.Task.SampleCount, UnlabeledSamples = unlabeled.Images.SampleCount },
        Durations = clock.Durations,
    };
}
