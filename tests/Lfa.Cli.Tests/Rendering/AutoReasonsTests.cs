using Lfa.Cli.Rendering;
using Lfa.Methods;

namespace Lfa.Cli.Tests.Rendering;

public sealed class AutoReasonsTests
{
    [Theory]
    [InlineData(StepReason.Gains, 0.0312, "a first step from zero-shot gains 3.1 standard errors on 24 held-out images (+0.0312 ± 0.0100 nats of log-loss an image); 2 are needed")]
    [InlineData(StepReason.NoMoreRight, 0.0312, "on 24 held-out images the log-loss falls (+0.0312 ± 0.0100 nats of log-loss an image), but no more of them are classified right than by zero-shot")]
    [InlineData(StepReason.Noise, 0.005, "nothing beats zero-shot beyond noise: a first step gains 0.5 standard errors on 24 held-out images (+0.0050 ± 0.0100 nats of log-loss an image), and 2 are needed")]
    [InlineData(StepReason.ClassesDoNotObject, -0.005, "few classes have two examples: from what zero-shot leaves, those of their own class are expected to gain 0.0700 nats of log-loss, and whole classes held out do not object (-0.0050 ± 0.0100 nats of log-loss an image)")]
    [InlineData(StepReason.ClassesNoise, 0.005, "few classes have two examples, and no step promises enough: 0.0700 nats of log-loss are expected from those of their own class, beside what whole classes held out show (+0.0050 ± 0.0100 nats of log-loss an image)")]
    [InlineData(StepReason.Expected, 0.005, "held-out images are too few to tell (+0.0050 ± 0.0100 nats of log-loss an image); from what zero-shot leaves, examples are expected to gain 0.0700 nats of log-loss, and they do not object")]
    [InlineData(StepReason.TooFewExamples, 0, "there are too few examples or classes to hold any out")]
    public void Why_Reason_TellsWhatWasMeasured(StepReason reason, double gain, string expected) => AutoReasons.Why(Selection(reason, gain)).ShouldBe(expected);

    [Theory]
    [InlineData(NewClassReason.Gains, "a first step learned on half of the classes gains 3.0 standard errors on the others (6 classes, +0.0300 ± 0.0100 nats of log-loss); 2 are needed")]
    [InlineData(NewClassReason.NoMoreRight, "what is learned on half of the classes lowers the log-loss of the others (6 classes, +0.0300 ± 0.0100 nats of log-loss), but no more of their images are classified right than by zero-shot")]
    [InlineData(NewClassReason.Noise, "what is learned on half of the classes does not help the others beyond noise: a first step gains 3.0 standard errors (6 classes, +0.0300 ± 0.0100 nats of log-loss), and 2 are needed")]
    [InlineData(NewClassReason.TwoSpaces, "across two spaces there is no other")]
    [InlineData(NewClassReason.PseudoLabels, "labels by transport say nothing of classes without images")]
    [InlineData(NewClassReason.TooFewClasses, "there are too few classes to hold any out")]
    public void Why_ReasonOfNewClasses_TellsWhatWasMeasured(NewClassReason reason, string expected) => AutoReasons.Why(NewClasses(reason, 0.5)).ShouldBe(expected);

    [Theory]
    [InlineData(NewClassReason.Noise, 0, NewClassTarget.FixedBlend, "zero-shot")]
    [InlineData(NewClassReason.Gains, 0.25, NewClassTarget.FixedBlend, "25 % of the way from zero-shot to the fixed blend")]
    [InlineData(NewClassReason.Gains, 1, NewClassTarget.TrainedTransform, "100 % of the way from zero-shot to the transform of the trained classes")]
    [InlineData(NewClassReason.TwoSpaces, 0, NewClassTarget.FixedBlend, "the transform of the trained classes")]
    public void Chosen_NewClasses_TellsHowFar(NewClassReason reason, double step, NewClassTarget target, string expected) =>
        AutoReasons.Chosen(NewClasses(reason, step) with { Target = target }).ShouldBe(expected);

    private static AutoSelection Selection(StepReason reason, double gain) => new()
    {
        Adapts = true,
        Step = 1,
        Reason = reason,
        Experts = [],
        Folds = [],
        HoldsOutClasses = false,
        Images = 24,
        Gain = gain,
        GainError = 0.01,
        ExpectedGain = 0.07,
        Threshold = 2,
    };

    private static NewClassSelection NewClasses(NewClassReason reason, double step) => new()
    {
        Step = step,
        Reason = reason,
        Classes = 6,
        Gain = 0.03,
        GainError = 0.01,
        Threshold = 2,
        Folds = [],
    };
}
