namespace Lfa;

/// <summary>
/// How a classifier was fitted: what it takes to fit it again, and, beside the sums over its images, to change it without
/// the images.
/// </summary>
public sealed record FitRecipe
{
    /// <summary>Gets the options of the fit; the number of threads is not kept.</summary>
    public required LfaOptions Options { get; init; }

    /// <summary>Gets the number of images that the parts were fitted to that an update keeps as they are.</summary>
    public required int Samples { get; init; }

    /// <summary>Gets the number of images without labels among those of the fit; 0 where all had one. A classifier with any cannot be updated.</summary>
    public int Unlabeled { get; init; }

    /// <summary>Gets the weights of what <see cref="FitMethod.Auto"/> has blended; null for the other methods.</summary>
    public BlendWeights? Blend { get; init; }

    /// <summary>Gets whether the options can repeat the fit. They cannot where a file does not tell a loss that is not of this library.</summary>
    public bool IsRepeatable { get; init; } = true;
}

/// <summary>
/// The weights of a blend: W = zeroShot · I + procrustes · W_op + refined · (other transforms), and the residual head
/// gaussian · (the logits of Gaussian classes of one covariance).
/// </summary>
/// <param name="ZeroShot">The weight of the identity.</param>
/// <param name="Procrustes">The weight of the orthogonal transform.</param>
/// <param name="Refined">The weight of all transforms that a refinement gave; the three weights add up to 1.</param>
/// <param name="Gaussian">The factor from the logits of the Gaussian classes, times the images that have others of their class less one a class, to scores; 0 where there is no residual head.</param>
public sealed record BlendWeights(double ZeroShot, double Procrustes, double Refined, double Gaussian);
