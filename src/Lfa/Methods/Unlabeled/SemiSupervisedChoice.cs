using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>
/// Blends a fit to labeled images alone with one that learns from images without labels, too, as far as labeled images
/// say that were held out of both.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>Two folds over the labeled images (<see cref="SelectionFolds"/>): both fits to one half score the other, with all images without labels.</item>
/// <item>The blend of least held-out log-loss (<see cref="LogitStacking"/>) is approached from the fit to labeled images alone as far as the gain exceeds its noise
/// (<see cref="StepChoice"/>); where it does not, that fit remains, with its own calibration.</item>
/// <item>The held-out scores calibrate the blend, so that sets cover as stated.</item>
/// </list>
/// Where most classes have one labeled image, none can be held out of its class. Then of m images without labels and n with, the fit to all has the part
/// m / (m + 2n) in the spread of the logits: a label is worth two images without. The blend is as sure as the fit to labeled images alone, and calibrated no better than that.
/// </remarks>
/// <param name="unlabeled">The images.</param>
/// <param name="prepare">Prepares the images of a fold as <paramref name="unlabeled"/> was.</param>
/// <param name="context">The seed, the threads, the progress and the cancellation.</param>
/// <param name="clock">Takes the time.</param>
internal sealed class SemiSupervisedChoice(UnlabeledTask unlabeled, Func<FitTask, UnlabeledTask> prepare, FitContext context, FitClock clock)
{
    private const int Fits = 2 + SelectionFolds.Fewest;
    private const double LabelWorth = 2;
    // Bounds the memory of the held-out logits to 256 MB.
    private const int MostLogits = 1 << 26;
    // The experts of a fold; zero-shot tells how near images are to names, and has no part.
    private const int Alone = 0;
    private const int All = 1;
    private const int ZeroShot = 2;
    // That as many are right is enough: of few images the same number often are.
    private static readonly HeldOutEvidence Evidence = HeldOutEvidence.OfImages with { MustCorrect = false };

    private readonly FeatureSet _labeled = unlabeled.Labeled!;
    private readonly AutoTask _task = new(unlabeled.Labeled!, context);

    /// <summary>Fits.</summary>
    /// <param name="record">The record of the fit so far.</param>
    public MethodFit Fit(FitRecord record)
    {
        var alone = FitAlone(record);
        var all = PseudoLabeledChoice.Of(unlabeled, Part(1), clock);
        var folds = SelectionFolds.Of(_labeled, context.Seed, SelectionFolds.Fewest);
        AlignedScorer[] scorers = [(AlignedScorer)alone.Scorer!, all.Scorer];
        var (fit, selection) = !all.Outcome.Selection.Adapts ? (alone, Keep(UnlabeledReason.NothingLearned))
            : folds.HoldsOutClasses || folds.All.Count < SelectionFolds.Fewest ? Expect(alone, scorers)
            : Judge(alone, scorers, folds);
        context.Progress?.Report(new FitProgress(1, 1));
        return fit with
        {
            Record = fit.Record with { Samples = all.Sides.Task.SampleCount, UnlabeledSamples = unlabeled.Images.SampleCount },
            Stages = [.. alone.Stages, new FitStage(FitStages.Unsupervised, fit.Scorer!)],
            Details = [selection, .. alone.Details, unlabeled.Report()],
            Durations = clock.Durations,
        };
    }

    private MethodFit FitAlone(FitRecord record)
    {
        var sides = AlignedTask.Of(_labeled, null, new CanonicalCorrelation(), context);
        return AutoMethod.ToFit(sides, clock.Measure("select", new AutoChoice(new AutoTask(_labeled, Part(0))).Run), record, clock);
    }

    /// <summary>Lets held-out labeled images decide.</summary>
    private (MethodFit Fit, UnlabeledSelection Selection) Judge(MethodFit alone, AlignedScorer[] scorers, SelectionFolds folds)
    {
        var held = Score(folds);
        var others = held.Select((_, i) => held.Where((_, j) => j != i).ToArray()).ToArray();
        var (from, to) = (others.Select(OfAlone).ToArray(), others.Select(Stack).ToArray());
        var step = StepChoice.Of(held, from, to, Evidence);
        var crossWeights = from.Zip(to, (a, b) => StepChoice.Between(a, b, step.Step)).ToArray();
        var weights = StepChoice.Between(OfAlone(held), Stack(held), step.Step);
        var selection = Describe(step, held, weights);
        if (selection.Part == 0)
            return (alone, selection);
        var blend = ScorerBlend.Of(scorers, weights[..ZeroShot], _task);
        var calibration = BlendCalibration.Of(held, [.. crossWeights.Select(fold => fold.Select(weight => weight * blend.Temperature).ToArray())], heldOutClasses: false, _task, ZeroShot);
        return (Replace(alone, blend.With(calibration.Temperature, blend.NewClasses), calibration, weights), selection);
    }

    /// <summary>Lets the numbers of images decide.</summary>
    private (MethodFit Fit, UnlabeledSelection Selection) Expect(MethodFit alone, AlignedScorer[] scorers)
    {
        var part = unlabeled.Images.SampleCount / (unlabeled.Images.SampleCount + (LabelWorth * _labeled.SampleCount));
        var scored = HeldOutFold.Of(ToExperts(scorers[Alone], scorers[All], _task), Draw(), [], 1, _task.Threads);
        double[] weights = [1 - part, part * scored.Spread(Alone) / scored.Spread(All)];
        var blend = ScorerBlend.Of(scorers, weights, _task);
        var calibration = BlendCalibration.OfZeroShot(_task, MostLogits / _labeled.ClassCount, heldOutClasses: true).AtTemperature(blend.Temperature);
        return (Replace(alone, blend, calibration, weights), Keep(UnlabeledReason.OneExample) with { Part = part });
    }

    private static MethodFit Replace(MethodFit alone, AlignedScorer blend, Calibration calibration, double[] weights) => alone with
    {
        Scorer = blend,
        Calibration = calibration,
        Record = alone.Record with { Blend = [new ExpertWeight(FitStages.Auto, weights[Alone]), new ExpertWeight(FitStages.Unsupervised, weights[All])] },
    };

    private HeldOutFold[] Score(SelectionFolds folds)
    {
        var (images, done) = (unlabeled.Images, Fits - SelectionFolds.Fewest);
        return CrossFitting.Run(_labeled, folds, context, fold =>
        {
            var part = context with { Progress = null };
            var task = new AutoTask(fold.Training, part, isQuick: true);
            var outcome = clock.Measure("select", new AutoChoice(task).Run);
            var alone = AlignedTask.Of(fold.Training, null, new CanonicalCorrelation(), part).ToScorer(outcome.Transform, outcome.Calibration?.Temperature ?? outcome.Temperature, residual: outcome.Residual);
            var all = PseudoLabeledChoice.Of(prepare(new FitTask(fold.Training, images)), part, clock).Scorer;
            return HeldOutFold.Of(ToExperts(alone, all, task), fold.Held, fold.HeldRows, _task.Temperature, _task.Threads);
        }, mostHeld: MostLogits / (_labeled.ClassCount * 3 * SelectionFolds.Fewest), done: folds => context.Progress?.Report(new FitProgress(done += folds, Fits)));
    }

    private static FittedExpert[] ToExperts(AlignedScorer alone, AlignedScorer all, AutoTask task) =>
        [ScorerBlend.ToExpert(FitStages.Auto, alone, task), ScorerBlend.ToExpert(FitStages.Unsupervised, all, task), new FittedExpert(FitStages.ZeroShot, Transform.Identity(task.Aligned.Dimension))];

    private double[] OfAlone(HeldOutFold[] folds) => [JudgedFold.BestScale(folds, [1]), 0, 0];

    private double[] Stack(HeldOutFold[] folds) => LogitStacking.Fit(folds, [Alone, All], OfAlone(folds), _task.Threads);

    /// <summary>Draws images without labels, enough to know a mean.</summary>
    private FeatureSet Draw()
    {
        var rows = FoldTask.Draw([.. Enumerable.Range(0, unlabeled.Images.SampleCount)], Math.Max(1, EntropyMatching.MostScores / _labeled.ClassCount), context.Seed);
        return _labeled.Derive([unlabeled.Images.ImageFeatures.SelectRows(rows)], _labeled.ClassPrototypes, new int[rows.Length]);
    }

    private FitContext Part(int fit) => context with { Progress = RoundProgress.Of(context.Progress, fit, Fits) };

    private static UnlabeledSelection Keep(UnlabeledReason reason) => new() { Part = 0, Reason = reason };

    private static UnlabeledSelection Describe(StepChoice step, HeldOutFold[] held, double[] weights)
    {
        var outcome = step.Describe([], FitStages.Auto);
        double Spread(int expert) => weights[expert] * held.Sum(fold => fold.Spread(expert) * fold.Count);
        double Mean(Func<FoldScore, double> of) => outcome.Folds.Sum(fold => fold.Images * of(fold)) / outcome.Folds.Sum(fold => fold.Images);
        var (before, after) = (Mean(fold => fold.ZeroShotAccuracy), Mean(fold => fold.Accuracy));
        var reason = step.Step == 0 || weights[All] == 0 ? UnlabeledReason.Noise : after < before ? UnlabeledReason.FewerRight : UnlabeledReason.Gains;
        return new UnlabeledSelection
        {
            Part = reason is UnlabeledReason.Gains ? Spread(All) / (Spread(Alone) + Spread(All)) : 0,
            Reason = reason,
            Images = outcome.Images,
            Gain = outcome.Gain,
            GainError = outcome.GainError,
            LabeledAccuracy = before,
            Accuracy = reason is UnlabeledReason.Gains ? after : before,
        };
    }
}
