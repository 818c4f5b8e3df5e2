namespace Lfa.Bridging;

/// <summary>The ways to bring together the features of encoders that never met.</summary>
public enum Bridge
{
    /// <summary>One transform from the images' space to that of the class names: the partial isometry of <see cref="Alignment.OrthogonalProcrustes"/>.</summary>
    Procrustes,

    /// <summary>The wider side projected at random to the narrower dimension, as published: <see cref="GaussianProjection"/>.</summary>
    Projection,

    /// <summary>Both sides on their own directions of most spread: <see cref="PrincipalComponents"/>.</summary>
    PrincipalComponents,

    /// <summary>Both sides on the directions that vary together most: <see cref="CanonicalCorrelation"/>.</summary>
    CanonicalCorrelation,
}
