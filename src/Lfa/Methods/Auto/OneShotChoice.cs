namespace Lfa.Methods;

/// <summary>
/// Decides how far to go from zero-shot classification to a fixed blend where most classes have one example, so that no image
/// can be held out of its class.
/// </summary>
/// <remarks>
/// <para>
/// What is learned of half of the classes can be tried on the others alone: g(f), the mean fall of their log-loss at step f,
/// leaves out what an example teaches of its own class. How much that may be, zero-shot classification tells, which is fitted to
/// none of the images: its mean log-loss L on them, calibrated, and the part L / ln C that it leaves of the log-loss of chance.
/// The step is the one of largest
/// </para>
/// <para>g(f) − (standard error of g(f)) + 0.4 · L · (L / ln C) · √f,</para>
/// <para>
/// so that good names keep the classifier near zero-shot, names that say little let it go the whole way, and held-out classes
/// can object. Across a modality gap three sixteenths are the least, unless they object by two standard errors. Without one, images lie where their names do, and there may be nothing to gain: then a
/// promise below 0.02 nats is none. Where a few images can be held out of their classes, but too few to tell, their gain takes the place
/// of the others, weighed by its standard error against the expected one.
/// </para>
/// </remarks>
internal sealed class OneShotChoice
{
    // Alike on training files from 0.25 to 0.6.
    private const double OwnClassGain = 0.4;
    private const double WorthLeaving = 0.02;
    private const int Steps = 16;
    // In sixteenths.
    private const int ShortStep = 3;

    private readonly JudgedFold[] _folds;
    private readonly (double Mean, double Error, int Units) _gain;
    private readonly double _expected;
    private readonly bool _holdsOutClasses;

    private OneShotChoice(double step, JudgedFold[] folds, double expected, bool holdsOutClasses) =>
        (Step, _folds, _gain, _expected, _holdsOutClasses) = (step, folds, StepChoice.Compare(folds, null, default), expected, holdsOutClasses);

    /// <summary>Gets how far to go: 0 for zero-shot, 1 for the blend.</summary>
    public double Step { get; private init; }

    private bool IsOpposed => _gain.Mean < -2 * _gain.Error;

    private double Promise => _holdsOutClasses ? _gain.Mean - _gain.Error + _expected : PosteriorGain();

    /// <summary>Decides.</summary>
    /// <param name="folds">What the transforms, fitted to half of the classes, say of the others.</param>
    /// <param name="direction">The part of each transform in the blend; they add up to 1.</param>
    /// <param name="zeroShotLogLoss">The mean log-loss L of zero-shot classification on all images among all classes, in nats.</param>
    /// <param name="classes">The number of classes C.</param>
    /// <param name="hasGap">Whether a modality gap lies between images and class names.</param>
    /// <param name="holdsOutClasses">Whether the folds hold out whole classes; else images, too few to tell by themselves.</param>
    public static OneShotChoice Of(HeldOutFold[] folds, IReadOnlyList<double> direction, double zeroShotLogLoss, int classes, bool hasGap, bool holdsOutClasses)
    {
        var (origin, target) = (new double[direction.Count], direction.ToArray());
        origin[ExpertPool.Origin] = 1;
        var scaled = AtBestScale(folds, origin);
        (double, bool)[][] zeroShot = [.. folds.Select(fold => JudgedFold.Judge(fold, scaled))];
        var own = OwnClassGain * zeroShotLogLoss * zeroShotLogLoss / Math.Log(classes);
        OneShotChoice[] steps = [.. Enumerable.Range(1, Steps).Select(i => (double)i / Steps)
            .Select(step => (Step: step, Weights: AtBestScale(folds, StepChoice.Between(origin, target, step))))
            .Select(item => new OneShotChoice(item.Step, [.. folds.Zip(zeroShot, (fold, judged) => new JudgedFold(fold, judged, item.Weights))], own * Math.Sqrt(item.Step), holdsOutClasses))];
        var (best, first) = (steps.MaxBy(choice => choice.Promise)!, steps[ShortStep - 1]);
        if (hasGap && holdsOutClasses && !(best.Promise > 0 && best.Step >= first.Step) && !first.IsOpposed)
            return first;
        return best.Promise > (hasGap ? 0 : WorthLeaving) ? best : new OneShotChoice(0, best._folds, best._expected, holdsOutClasses);
    }

    /// <summary>Describes the choice.</summary>
    /// <param name="experts">The ways to score, alone and in the blend.</param>
    public AutoSelection Describe(IReadOnlyList<ExpertScore> experts) => new()
    {
        Adapts = Step > 0,
        Step = Step,
        Reason = Step == 0 ? StepReason.ClassesNoise : _holdsOutClasses ? StepReason.ClassesDoNotObject : StepReason.Expected,
        Experts = experts,
        Folds = [.. _folds.Select(fold => fold.Score)],
        HoldsOutClasses = _holdsOutClasses,
        Images = _gain.Units,
        Gain = _gain.Mean,
        GainError = _gain.Error,
        ExpectedGain = _expected,
        Threshold = -1,
    };

    /// <summary>Weighs the gain of held-out images, of a standard error, by what was expected before, of an error as large as itself; less half of the error that is left.</summary>
    private double PosteriorGain()
    {
        var (prior, noise) = (_expected * _expected, _gain.Error * _gain.Error);
        return prior + noise > 0 ? (((_expected * noise) + (_gain.Mean * prior)) / (prior + noise)) - (0.5 * Math.Sqrt(prior * noise / (prior + noise))) : 0;
    }

    private static double[] AtBestScale(HeldOutFold[] folds, double[] weights)
    {
        var scale = JudgedFold.BestScale(folds, weights);
        return [.. weights.Select(weight => weight * scale)];
    }
}
