namespace Lfa.Classification;

/// <summary>What held-out images guarantee of the coverage of prediction sets, for a further image of their kind.</summary>
/// <param name="Samples">The number n of held-out images.</param>
/// <param name="AtLeast">The least coverage, from 0 to 1: the one asked for, or 1 where n is too small for it.</param>
/// <param name="AtMost">The largest coverage, from 0 to 1: ⌈(n + 1)·coverage⌉ / (n + 1), less than 1 / (n + 1) above the least, of more than 1001 images that of the next stored quantile; 1 where the most probable class covers as much alone, or n is too small.</param>
/// <param name="Expected">The coverage to expect, from 0 to 1: the largest, or the accuracy on the held-out images where the most probable class covers as much alone.</param>
/// <param name="Deviation">The standard deviation of the coverage over draws of n held-out images, √(e·(1 − e) / (n + 2)) for the expected coverage e.</param>
/// <remarks>
/// V. Vovk, A. Gammerman, G. Shafer, "Algorithmic learning in a random world", 2005; the upper bound, for scores without ties,
/// J. Lei, M. G'Sell, A. Rinaldo, R. Tibshirani, L. Wasserman, "Distribution-free predictive inference for regression", JASA 113, 2018, theorem 2.2;
/// over draws the coverage has a beta distribution (V. Vovk, "Conditional validity of inductive conformal predictors", ACML 2012).
/// Exact where one classifier scored held-out and new images, and without class difficulties; pooled over folds it is an approximation.
/// </remarks>
public sealed record CoverageGuarantee(int Samples, double AtLeast, double AtMost, double Expected, double Deviation)
{
    /// <summary>Finds the guarantee of a level.</summary>
    /// <param name="nonconformity">What the held-out images say: 0 where the most probable class is right.</param>
    /// <param name="coverage">The coverage, between 0 and 1.</param>
    internal static CoverageGuarantee Of(HeldOutQuantiles nonconformity, double coverage)
    {
        var n = nonconformity.Samples;
        if (nonconformity.UpperRank(coverage) is not { } rank)
            return new CoverageGuarantee(n, 1, 1, 1, 0);
        var (most, accuracy) = (rank / (n + 1.0), nonconformity.FractionUpTo(0));
        var expected = Math.Max(most, accuracy);
        // Of former files, whose sets might be empty, the accuracy is unknown: 0.
        var isBounded = accuracy > 0 && nonconformity.Upper(coverage) > 0;
        return new CoverageGuarantee(n, coverage, isBounded ? most : 1, expected, Math.Sqrt(expected * (1 - expected) / (n + 2)));
    }
}
