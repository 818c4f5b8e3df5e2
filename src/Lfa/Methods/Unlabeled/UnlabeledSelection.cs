namespace Lfa.Methods;

/// <summary>How much images without labels have to say beside labeled ones, and why.</summary>
public sealed record UnlabeledSelection
{
    /// <summary>Gets the part of the fit to all images in the spread of the logits over the classes, from 0 (the fit to the labeled images alone) to 1.</summary>
    public required double Part { get; init; }

    /// <summary>Gets why it is so large.</summary>
    public required UnlabeledReason Reason { get; init; }

    /// <summary>Gets the number of labeled images held out of both fits; 0 where none could be.</summary>
    public int Images { get; init; }

    /// <summary>Gets the mean fall of the log-loss of a held-out image by the first step from the fit to labeled images alone, in nats.</summary>
    public double Gain { get; init; }

    /// <summary>Gets the standard error of <see cref="Gain"/>, in nats.</summary>
    public double GainError { get; init; }

    /// <summary>Gets the top-1 accuracy of the fits to the labeled images alone on held-out ones, from 0 to 1; null where none could be held out.</summary>
    public double? LabeledAccuracy { get; init; }

    /// <summary>Gets the top-1 accuracy of the chosen blend on them, from 0 to 1; null likewise.</summary>
    public double? Accuracy { get; init; }
}

/// <summary>Why images without labels have as much to say as they have.</summary>
public enum UnlabeledReason
{
    /// <summary>Held-out labeled images gain beyond noise.</summary>
    Gains,

    /// <summary>The log-loss of held-out labeled images falls, but fewer of them are classified right.</summary>
    FewerRight,

    /// <summary>Nothing beats the fit to the labeled images alone beyond noise.</summary>
    Noise,

    /// <summary>Most classes have one labeled image, so that none can be held out: the numbers of images decide.</summary>
    OneExample,

    /// <summary>The images without labels themselves do not speak for leaving zero-shot classification.</summary>
    NothingLearned,
}
