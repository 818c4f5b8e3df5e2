using Lfa.Methods;

namespace Lfa.Cli.Rendering;

/// <summary>Puts what the automatic choice measured into sentences.</summary>
internal static class AutoReasons
{
    /// <summary>Says why the choice goes as far as it does.</summary>
    public static string Why(AutoSelection auto)
    {
        var (errors, gain) = (auto.Errors, $"{Gain(auto.Gain, auto.GainError)} an image");
        return auto.Reason switch
        {
            StepReason.Gains => Invariant($"a first step from {auto.Origin} gains {errors:0.0} standard errors on {auto.Images} held-out images ({gain}); {auto.Threshold:0.#} are needed"),
            StepReason.NoMoreRight => Invariant($"on {auto.Images} held-out images the log-loss falls ({gain}), but no more of them are classified right than by {auto.Origin}"),
            StepReason.Noise => Invariant($"nothing beats {auto.Origin} beyond noise: a first step gains {errors:0.0} standard errors on {auto.Images} held-out images ({gain}), and {auto.Threshold:0.#} are needed"),
            StepReason.ClassesDoNotObject => Invariant($"few classes have two examples: from what zero-shot leaves, those of their own class are expected to gain {auto.ExpectedGain:0.0000} nats of log-loss, and whole classes held out do not object ({gain})"),
            StepReason.ClassesNoise => Invariant($"few classes have two examples, and no step promises enough: {auto.ExpectedGain:0.0000} nats of log-loss are expected from those of their own class, beside what whole classes held out show ({gain})"),
            StepReason.Expected => Invariant($"held-out images are too few to tell ({gain}); from what zero-shot leaves, examples are expected to gain {auto.ExpectedGain:0.0000} nats of log-loss, and they do not object"),
            _ => "there are too few examples or classes to hold any out",
        };
    }

    /// <summary>Says what new classes get.</summary>
    public static string Chosen(NewClassSelection newClasses) => newClasses switch
    {
        { Reason: NewClassReason.TwoSpaces } => "the transform of the trained classes",
        { Step: > 0 } => Invariant($"{100 * newClasses.Step:0} % of the way from zero-shot to {(newClasses.Target is NewClassTarget.FixedBlend ? "the fixed blend" : "the transform of the trained classes")}"),
        _ => FitStages.ZeroShot,
    };

    /// <summary>Says why new classes get it.</summary>
    public static string Why(NewClassSelection newClasses)
    {
        var measured = $"{newClasses.Classes} classes, {Gain(newClasses.Gain, newClasses.GainError)}";
        return newClasses.Reason switch
        {
            NewClassReason.Gains => Invariant($"a first step learned on half of the classes gains {newClasses.Errors:0.0} standard errors on the others ({measured}); {newClasses.Threshold:0.#} are needed"),
            NewClassReason.NoMoreRight => $"what is learned on half of the classes lowers the log-loss of the others ({measured}), but no more of their images are classified right than by zero-shot",
            NewClassReason.Noise => Invariant($"what is learned on half of the classes does not help the others beyond noise: a first step gains {newClasses.Errors:0.0} standard errors ({measured}), and {newClasses.Threshold:0.#} are needed"),
            NewClassReason.TwoSpaces => "across two spaces there is no other",
            NewClassReason.PseudoLabels => "labels by transport say nothing of classes without images",
            _ => "there are too few classes to hold any out",
        };
    }

    private static string Gain(double gain, double error) => Invariant($"{Math.Round(gain, 4) + 0.0:+0.0000;-0.0000} ± {error:0.0000} nats of log-loss");
}
