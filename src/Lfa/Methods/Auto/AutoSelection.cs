namespace Lfa.Methods;

/// <summary>What the automatic choice tried, what it chose, and why.</summary>
public sealed record AutoSelection
{
    /// <summary>Gets what the choice starts from and is judged by: "zero-shot", or the projection between two spaces, which takes its place throughout.</summary>
    public string Origin { get; init; } = FitStages.ZeroShot;

    /// <summary>Gets whether the classifier goes beyond zero-shot classification: where something beats it beyond noise, or, with one example a class, where the gain that is expected of it exceeds what held-out classes lose. If not, the classifier is zero-shot, with a fitted temperature.</summary>
    public required bool Adapts { get; init; }

    /// <summary>Gets how far the classifier goes from zero-shot to the blend, from 0 (zero-shot) to 1.</summary>
    public required double Step { get; init; }

    /// <summary>Gets why it goes so far.</summary>
    public required StepReason Reason { get; init; }

    /// <summary>Gets the ways to score that were tried, each with its part in the result.</summary>
    public required IReadOnlyList<ExpertScore> Experts { get; init; }

    /// <summary>Gets the outcome of every fold.</summary>
    public required IReadOnlyList<FoldScore> Folds { get; init; }

    /// <summary>Gets whether whole classes were held out, since few classes have more than one example: then held-out images compete among held-out classes only.</summary>
    public required bool HoldsOutClasses { get; init; }

    /// <summary>Gets the number of held-out images that the choice rests on.</summary>
    public required int Images { get; init; }

    /// <summary>Gets the mean fall of the log-loss of a held-out image by the first step from zero-shot to the blend, in nats, each judged by weights and a temperature from other folds; by the chosen step, where only whole classes can be held out.</summary>
    public required double Gain { get; init; }

    /// <summary>Gets the standard error of <see cref="Gain"/>, in nats.</summary>
    public required double GainError { get; init; }

    /// <summary>Gets how many standard errors the gain must exceed for that step to be taken; −1 where only whole classes can be held out, in which case <see cref="ExpectedGain"/> counts too.</summary>
    public required double Threshold { get; init; }

    /// <summary>Gets the mean fall of the log-loss, in nats, that examples of their own classes are expected to bring at the chosen step, from what zero-shot classification leaves; 0 where held-out images tell enough.</summary>
    public double ExpectedGain { get; init; }

    /// <summary>Gets the mean weight over the classes of each of P prompts, which the images of a class weigh in place of their mean; they add up to 1. Default: none, there is one a class.</summary>
    public IReadOnlyList<double> PromptWeights { get; init; } = [];

    /// <summary>Gets which transform new classes get, and why.</summary>
    public NewClassSelection NewClasses { get; init; } = NewClassSelection.Nothing;

    /// <summary>Gets how many standard errors the gain exceeds 0 by; 0 where there is none.</summary>
    public double Errors => Gain == 0 ? 0 : Gain / GainError; // Not 0 / 0, where a blend changes nothing.

    /// <summary>Returns the parts of the experts for a person to read, the largest first.</summary>
    public override string ToString() => Adapts
        ? string.Join(" + ", Experts.Where(expert => expert.Part >= 0.005).OrderByDescending(expert => expert.Part).Select(expert => Invariant($"{100 * expert.Part:0} % {expert.Name}")))
        : Origin;

    /// <summary>Describes that nothing could be tried.</summary>
    internal static AutoSelection Nothing(string origin) => new()
    {
        Origin = origin,
        Adapts = false,
        Step = 0,
        Reason = StepReason.TooFewExamples,
        Experts = [],
        Folds = [],
        HoldsOutClasses = false,
        Images = 0,
        Gain = 0,
        GainError = double.PositiveInfinity,
        Threshold = HeldOutEvidence.OfImages.FirstStep,
    };
}

/// <summary>One way to score that took part in the choice.</summary>
/// <param name="Name">What it is, such as "re-ranking, 25 iterations".</param>
/// <param name="Part">Its part in the spread of the blend's logits over the classes, from 0 to 1.</param>
/// <param name="Accuracy">The top-1 accuracy on held-out images alone, from 0 to 1; null where these are of classes that it does not know.</param>
/// <param name="LogLoss">The mean log-loss on held-out images alone, at its best temperature, in nats; null likewise.</param>
public sealed record ExpertScore(string Name, double Part, double? Accuracy, double? LogLoss);

/// <summary>The outcome of one fold, by weights and temperatures from the other folds.</summary>
/// <param name="Images">The number of held-out images.</param>
/// <param name="ZeroShotAccuracy">The top-1 accuracy of zero-shot classification, from 0 to 1.</param>
/// <param name="ZeroShotLogLoss">The mean log-loss of zero-shot classification, in nats.</param>
/// <param name="Accuracy">The top-1 accuracy of the blend, from 0 to 1.</param>
/// <param name="LogLoss">The mean log-loss of the blend, in nats.</param>
public sealed record FoldScore(int Images, double ZeroShotAccuracy, double ZeroShotLogLoss, double Accuracy, double LogLoss);

/// <summary>Why the automatic choice goes as far as it does.</summary>
public enum StepReason
{
    /// <summary>A first step gains beyond noise on held-out images.</summary>
    Gains,

    /// <summary>The log-loss of held-out images falls, but no more of them are classified right.</summary>
    NoMoreRight,

    /// <summary>Nothing beats the origin beyond noise on held-out images.</summary>
    Noise,

    /// <summary>Only whole classes can be held out, and they lose less by a step than examples of their own classes are expected to gain.</summary>
    ClassesDoNotObject,

    /// <summary>Only whole classes can be held out, and no step promises a gain.</summary>
    ClassesNoise,

    /// <summary>Held-out images are too few to tell, and do not speak against a step that what zero-shot classification leaves calls for.</summary>
    Expected,

    /// <summary>There are too few examples or classes to hold any out.</summary>
    TooFewExamples,
}
