namespace Lfa.Selection;

/// <summary>Which transform new classes get, and why: what was learned on half of the classes, tried on the others.</summary>
public sealed record NewClassSelection
{
    /// <summary>Gets how far the transform goes from the identity: 0 (zero-shot), 0.25, 0.5 or 1.</summary>
    public required double Step { get; init; }

    /// <summary>Gets what was chosen, in words.</summary>
    public required string Chosen { get; init; }

    /// <summary>Gets the reason, in one sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets the number of held-out classes that the choice rests on.</summary>
    public required int Classes { get; init; }

    /// <summary>Gets the mean fall of the log-loss of a held-out class by the first step, in nats.</summary>
    public required double Gain { get; init; }

    /// <summary>Gets the standard error of <see cref="Gain"/> over the classes, in nats.</summary>
    public required double GainError { get; init; }

    /// <summary>Gets the outcome of every fold: images of half of the classes, which compete among themselves.</summary>
    public required IReadOnlyList<FoldScore> Folds { get; init; }

    /// <summary>Describes that nothing could be tried.</summary>
    internal static NewClassSelection Nothing { get; } = new()
    {
        Step = 0,
        Chosen = "zero-shot",
        Reason = "there are too few classes to hold any out",
        Classes = 0,
        Gain = 0,
        GainError = double.PositiveInfinity,
        Folds = [],
    };

    /// <summary>Describes that there is no zero-shot classification to hold to.</summary>
    internal static NewClassSelection AcrossBridge { get; } = Nothing with
    {
        Step = 1,
        Chosen = "the transform of the trained classes",
        Reason = "across a bridge there is no other",
    };

    /// <summary>Describes that pseudo-labels, which zero-shot classification nearly gives itself, were not asked.</summary>
    internal static NewClassSelection NotTried { get; } = Nothing with { Reason = "labels by transport say nothing of classes without images" };
}
