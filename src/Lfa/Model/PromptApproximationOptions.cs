namespace Lfa.Model;

/// <summary>The options of <see cref="PromptApproximation.Fit"/>.</summary>
public sealed record PromptApproximationOptions
{
    /// <summary>Gets the penalty λ, at least 0, or null to choose it by classes left out. Default: null.</summary>
    public double? Ridge
    {
        get;
        init => field = value is null or (>= 0 and < double.PositiveInfinity) ? value : throw new ArgumentOutOfRangeException(nameof(Ridge), value, "Ridge must be 0 or more, and finite.");
    }

    /// <summary>
    /// Gets whether the penalty pulls W to zero, as plain least squares does, which with fewer classes than components takes
    /// away what the class names do not span; else to the identity. Default: false.
    /// </summary>
    public bool ShrinksToZero { get; init; }

    /// <summary>Gets the number of parts of the classes, each left out in turn; at least 2. Default: 5.</summary>
    public int Folds
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(Folds), value, "Folds must be 2 or more.");
    } = 5;
}
