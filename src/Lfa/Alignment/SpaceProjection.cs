using Lfa.Data;

namespace Lfa.Alignment;

/// <summary>Brings the features of encoders that never met into one space: a linear map of each side, before they are aligned.</summary>
/// <param name="Name">The name in files and on a command line, such as "pca".</param>
public abstract record SpaceProjection(string Name) : INamed
{
    /// <summary>Gets all projections, the plainest first.</summary>
    public static Registry<SpaceProjection> All { get; } = new("projection", new MeanDirections(), new GaussianProjection(), new PrincipalComponents(), new CanonicalCorrelation());

    /// <summary>Gets the most components of the common space; null where it has none of its own, or as many as the narrower side. Default: null.</summary>
    public int? Components
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Components), value, "Components must be 1 or more.");
    }

    /// <summary>Gets whether images and class names lie in one space behind the maps, so that there is an identity to shrink to.</summary>
    public virtual bool GivesCommonSpace => true;

    /// <summary>Gets whether <see cref="Components"/> has an effect.</summary>
    public virtual bool HasComponents => false;

    /// <summary>Fits the maps of both sides.</summary>
    /// <param name="task">The labeled images, n × d_image, and the class prototypes, C × d_text.</param>
    /// <param name="context">The seed and the threads. Default: seed 1, all processors.</param>
    /// <returns>The maps of both sides.</returns>
    /// <exception cref="LfaDataException">The images have no labels, a class has no example, or there are fewer components on one side.</exception>
    public abstract SideMaps Fit(FeatureSet task, FitContext? context = null);
}
