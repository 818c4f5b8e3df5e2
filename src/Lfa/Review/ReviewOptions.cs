namespace Lfa.Review;

/// <summary>The options of <see cref="FeatureReview"/>.</summary>
public sealed record ReviewOptions
{
    /// <summary>Gets the cosine from which two images count as duplicates, above 0 and at most 1. Default: 0.99.</summary>
    public double DuplicateCosine
    {
        get;
        init => field = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(DuplicateCosine), value, "DuplicateCosine must be above 0 and at most 1.");
    } = 0.99;

    /// <summary>Gets the number of unlabeled images to propose for labeling, at least 0. Default: 20.</summary>
    public int ToLabel
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(ToLabel), value, "ToLabel must be 0 or more.");
    } = 20;
}
