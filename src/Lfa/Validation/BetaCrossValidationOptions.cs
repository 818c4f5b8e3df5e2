namespace Lfa.Validation;

/// <summary>The options of the choice of β by cross-validation; the defaults are the published recipe.</summary>
public sealed record BetaCrossValidationOptions
{
    /// <summary>Gets the number of values tried, evenly spaced on [0, 1]; at least 2. Default: 25.</summary>
    public int Candidates
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(Candidates), value, "Candidates must be 2 or more.");
    } = 25;

    /// <summary>Gets the number of splits into a training and a validation part; at least 1. Default: 3.</summary>
    public int Splits
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Splits), value, "Splits must be 1 or more.");
    } = 3;

    /// <summary>Gets the part of the images held out in each split; between 0 and 1. Default: 0.2.</summary>
    public double ValidationFraction
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(ValidationFraction), value, "ValidationFraction must lie between 0 and 1.");
    } = 0.2;

    /// <summary>Gets whether the splits spread every class evenly; the published ones do not. Then 1/k of the images is held out, k the whole number of 2 or more nearest to 1 over the fraction. Default: false.</summary>
    public bool Stratified { get; init; }
}
