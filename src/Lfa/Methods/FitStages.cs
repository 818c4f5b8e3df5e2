namespace Lfa.Methods;

/// <summary>The names of the stages of a fit, in <see cref="MethodFit.Stages"/>.</summary>
public static class FitStages
{
    /// <summary>Zero-shot classification, where images and class names share a space.</summary>
    public const string ZeroShot = "zero-shot";

    /// <summary>Least squares.</summary>
    public const string LeastSquares = "least-squares";

    /// <summary>The orthogonal transform.</summary>
    public const string Procrustes = "procrustes";

    /// <summary>The orthogonal transform shrunk towards the identity.</summary>
    public const string BetaProcrustes = "beta-procrustes";

    /// <summary>The refined transform.</summary>
    public const string Lfa = "lfa";

    /// <summary>The moving average of the transforms of the refinement.</summary>
    public const string MovingAverage = "moving-average";

    /// <summary>The automatic choice.</summary>
    public const string Auto = "auto";

    /// <summary>What images without labels led to.</summary>
    public const string Unsupervised = "unsupervised";
}
