namespace Lfa.Methods;

/// <summary>
/// Decides how far to go from zero-shot classification to a blend: the guard that keeps zero-shot where nothing beats it
/// beyond noise.
/// </summary>
/// <remarks>
/// The log-loss is convex along the way, so that the shortest step is the one whose gain, if there is any, stands out most
/// from its noise: it decides whether to go at all. Each longer step must gain on the one before it. Gains are paired image by
/// image, and their noise is the standard error of their mean, over images or, where these stand or fall together, classes.
/// </remarks>
internal sealed class StepChoice
{
    private static readonly double[] Lengths = [0.25, 0.5, 1];

    private readonly JudgedFold[] _folds;
    private readonly (double Mean, double Error, int Units) _first;
    private readonly HeldOutEvidence _evidence;
    private readonly ReadOnlyMemory<int> _labels;

    private StepChoice(double step, JudgedFold[] folds, (double Mean, double Error, int Units) first, HeldOutEvidence evidence, ReadOnlyMemory<int> labels) =>
        (Step, _folds, _first, _evidence, _labels) = (step, folds, first, evidence, labels);

    /// <summary>Gets how far to go: 0 for zero-shot, 1 for the blend.</summary>
    public double Step { get; }

    /// <summary>Gets the mean gain of a held-out image at that step, or, where none is taken, at the first one.</summary>
    public double Gain => Compare(_folds, null, _labels).Mean;

    /// <summary>Decides.</summary>
    /// <param name="folds">What the experts say of the held-out images.</param>
    /// <param name="zeroShot">For each fold, the weights of zero-shot classification, from other folds.</param>
    /// <param name="blends">For each fold, the weights of the blend, from other folds.</param>
    /// <param name="evidence">What was held out, and what it must show.</param>
    /// <param name="labels">The class of each image of the whole task, where the noise is that over classes. Default: over images.</param>
    public static StepChoice Of(HeldOutFold[] folds, double[][] zeroShot, double[][] blends, HeldOutEvidence evidence, ReadOnlyMemory<int> labels = default)
    {
        (double, bool)[][] before = [.. folds.Zip(zeroShot, JudgedFold.Judge)];
        JudgedFold[] Judge(double step) => [.. folds.Select((fold, i) => new JudgedFold(fold, before[i], Between(zeroShot[i], blends[i], step)))];
        var first = Judge(Lengths[0]);
        var gain = Compare(first, null, labels);
        if (!IsBeyond(evidence.FirstStep, gain))
            return new StepChoice(0, first, gain, evidence, labels);
        var (step, judged) = (Lengths[0], first);
        var (chosen, outcome) = Corrects(first, evidence) ? (step, first) : (0, first);
        foreach (var length in Lengths[1..])
        {
            var longer = Judge(length);
            var more = Compare(longer, judged, labels);
            if (!IsBeyond(evidence.LongerStep, more))
                break;
            (step, judged) = (length, longer);
            if (Corrects(judged, evidence))
                (chosen, outcome) = (step, judged);
        }
        return new StepChoice(chosen, outcome, gain, evidence, labels);
    }

    private static bool Corrects(JudgedFold[] folds, HeldOutEvidence evidence) => !evidence.MustCorrect || folds.Sum(fold => fold.Corrections) > 0;

    /// <summary>Goes some way from one set of weights to another.</summary>
    public static double[] Between(double[] from, double[] to, double step) => [.. from.Zip(to, (a, b) => ((1 - step) * a) + (step * b))];

    /// <summary>Describes the choice.</summary>
    /// <param name="experts">The ways to score, alone and in the blend.</param>
    /// <param name="origin">What the steps start from.</param>
    public AutoSelection Describe(IReadOnlyList<ExpertScore> experts, string origin = FitStages.ZeroShot) => new()
    {
        Origin = origin,
        Adapts = Step > 0,
        Step = Step,
        Reason = Step > 0 ? StepReason.Gains : IsBeyondNoise ? StepReason.NoMoreRight : StepReason.Noise,
        Experts = experts,
        Folds = [.. _folds.Select(fold => fold.Score)],
        HoldsOutClasses = false,
        Images = _first.Units,
        Gain = _first.Mean,
        GainError = _first.Error,
        Threshold = Quantile(_evidence.FirstStep, _first.Units),
    };

    /// <summary>Describes the choice for new classes.</summary>
    public NewClassSelection DescribeNewClasses(NewClassTarget target) => new()
    {
        Step = Step,
        Target = target,
        Reason = Step > 0 ? NewClassReason.Gains : IsBeyondNoise ? NewClassReason.NoMoreRight : NewClassReason.Noise,
        Classes = _first.Units,
        Gain = _first.Mean,
        GainError = _first.Error,
        Threshold = Quantile(_evidence.FirstStep, _first.Units),
        Folds = [.. _folds.Select(fold => fold.Score)],
    };

    private bool IsBeyondNoise => IsBeyond(_evidence.FirstStep, _first);

    private static bool IsBeyond(double errors, (double Mean, double Error, int Units) gain) => gain.Units > 1 && gain.Mean > Quantile(errors, gain.Units) * gain.Error;

    // The quantile of Student's t in place of the normal one, to first order.
    private static double Quantile(double errors, int units) => errors + (((errors * errors * errors) + errors) / (4.0 * Math.Max(1, units - 1)));

    /// <summary>Computes the mean gain of a unit, on zero-shot or on other weights, and its standard error; a unit is a class where labels are given, else an image, which counts once however many repeats hold it out.</summary>
    internal static (double Mean, double Error, int Units) Compare(JudgedFold[] folds, JudgedFold[]? others, ReadOnlyMemory<int> labels)
    {
        var gains = folds.SelectMany((fold, i) => fold.Images.Zip(others is null ? fold.Gains : fold.Gains.Zip(others[i].Gains, (gain, other) => gain - other)))
            .GroupBy(pair => labels.IsEmpty ? pair.First : labels.Span[pair.First], pair => pair.Second).Select(group => group.Average()).ToArray();
        var mean = gains.Average();
        var error = gains.Length < 2 ? double.PositiveInfinity : Math.Sqrt(gains.Sum(value => (value - mean) * (value - mean)) / (gains.Length - 1) / gains.Length);
        return (mean, error, gains.Length);
    }
}
