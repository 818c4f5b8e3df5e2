namespace Lfa.Methods;

/// <summary>What was held out, and what it must show.</summary>
/// <param name="FirstStep">The standard errors by which the first step from zero-shot must gain.</param>
/// <param name="LongerStep">The standard errors by which a longer step must gain on the one before it.</param>
/// <param name="MustCorrect">Whether more images must be classified right than by zero-shot; else it is enough that the log-loss falls.</param>
internal sealed record HeldOutEvidence(double FirstStep, double LongerStep, bool MustCorrect)
{
    /// <summary>Images of classes with other examples: like those to come. A lower log-loss without more images classified right is no reason to leave zero-shot.</summary>
    public static HeldOutEvidence OfImages { get; } = new(FirstStep: 2, LongerStep: 1, MustCorrect: true);

    /// <summary>Images of classes without an example, of which nothing else is known than their names.</summary>
    public static HeldOutEvidence OfNewClasses { get; } = OfImages with { LongerStep = 2 };
}
