namespace Lfa.Methods;

/// <summary>Which transform new classes get, and why: what was learned on half of the classes, tried on the others.</summary>
public sealed record NewClassSelection
{
    /// <summary>Gets how far the transform goes from the identity: 0 (zero-shot), 0.25, 0.5 or 1.</summary>
    public required double Step { get; init; }

    /// <summary>Gets to what the way leads that was tried.</summary>
    public NewClassTarget Target { get; init; }

    /// <summary>Gets why it goes so far.</summary>
    public required NewClassReason Reason { get; init; }

    /// <summary>Gets the number of held-out classes that the choice rests on.</summary>
    public required int Classes { get; init; }

    /// <summary>Gets the mean fall of the log-loss of a held-out class by the first step, in nats.</summary>
    public required double Gain { get; init; }

    /// <summary>Gets the standard error of <see cref="Gain"/> over the classes, in nats.</summary>
    public required double GainError { get; init; }

    /// <summary>Gets how many standard errors the gain must exceed.</summary>
    public required double Threshold { get; init; }

    /// <summary>Gets the outcome of every fold: images of half of the classes, which compete among themselves.</summary>
    public required IReadOnlyList<FoldScore> Folds { get; init; }

    /// <summary>Gets how many standard errors the gain exceeds 0 by; 0 where there is none.</summary>
    public double Errors => Gain == 0 ? 0 : Gain / GainError;

    /// <summary>Describes that nothing could be tried.</summary>
    internal static NewClassSelection Nothing { get; } = new()
    {
        Step = 0,
        Reason = NewClassReason.TooFewClasses,
        Classes = 0,
        Gain = 0,
        GainError = double.PositiveInfinity,
        Threshold = HeldOutEvidence.OfImages.FirstStep,
        Folds = [],
    };

    /// <summary>Describes that there is no zero-shot classification to hold to.</summary>
    internal static NewClassSelection AcrossSpaces { get; } = Nothing with
    {
        Step = 1,
        Target = NewClassTarget.TrainedTransform,
        Reason = NewClassReason.TwoSpaces,
    };

    /// <summary>Describes that pseudo-labels, which zero-shot classification nearly gives itself, were not asked.</summary>
    internal static NewClassSelection NotTried { get; } = Nothing with { Reason = NewClassReason.PseudoLabels };
}

/// <summary>To what the way of new classes leads.</summary>
public enum NewClassTarget
{
    /// <summary>The blend that needs no fitting.</summary>
    FixedBlend,

    /// <summary>The transform of the trained classes.</summary>
    TrainedTransform,
}

/// <summary>Why new classes get what they get.</summary>
public enum NewClassReason
{
    /// <summary>A step that was learned on half of the classes helps the others beyond noise.</summary>
    Gains,

    /// <summary>A step lowers the log-loss of held-out classes, but no more of their images are classified right.</summary>
    NoMoreRight,

    /// <summary>A step does not help held-out classes beyond noise.</summary>
    Noise,

    /// <summary>There are too few classes to hold any out.</summary>
    TooFewClasses,

    /// <summary>Across two spaces there is no zero-shot classification to hold to.</summary>
    TwoSpaces,

    /// <summary>Labels by transport say nothing of classes without images.</summary>
    PseudoLabels,
}
