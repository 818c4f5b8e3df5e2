using Lfa.Alignment;
using Lfa.Bridging;
using Lfa.Classification;
using Lfa.Refinement;
using Lfa.Selection;

namespace Lfa;

/// <summary>The ways to fit a classifier.</summary>
public enum FitMethod
{
    /// <summary>Whatever the examples themselves show to be best; zero-shot where nothing beats it beyond noise. With one example a class, which shows little, a short step from it.</summary>
    Auto,

    /// <summary>Linear Feature Alignment: β-Procrustes, then refinement.</summary>
    Lfa,

    /// <summary>The orthogonal transform, shrunk to the identity.</summary>
    BetaProcrustes,

    /// <summary>The orthogonal transform.</summary>
    Procrustes,

    /// <summary>The transform of least squares.</summary>
    LeastSquares,

    /// <summary>No transform: the class prototypes as they are.</summary>
    ZeroShot,
}

/// <summary>The options of <see cref="LfaTrainer.Fit"/>. Those of other methods than <see cref="Method"/> have no effect; their defaults are the published ones.</summary>
public sealed record LfaOptions
{
    /// <summary>Gets the method. Default: <see cref="FitMethod.Auto"/>.</summary>
    public FitMethod Method
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Method), value, "Method must be one of the named values.");
    } = FitMethod.Auto;

    /// <summary>
    /// Gets how images and class names of encoders that never met are brought together; null where they share a space, or
    /// to leave it to the method: <see cref="Bridging.Bridge.Procrustes"/> for the closed forms alone, else
    /// <see cref="Bridging.Bridge.CanonicalCorrelation"/>. <see cref="FitMethod.Auto"/> takes none but null. Default: null.
    /// </summary>
    public Bridge? Bridge
    {
        get;
        init => field = value is null || Enum.IsDefined(value.Value) ? value : throw new ArgumentOutOfRangeException(nameof(Bridge), value, "Bridge must be one of the named values, or null.");
    }

    /// <summary>Gets the most components of the space of <see cref="Bridging.Bridge.PrincipalComponents"/> or <see cref="Bridging.Bridge.CanonicalCorrelation"/>, at least 1; null for as many as the narrower side has. Default: null.</summary>
    public int? Components
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Components), value, "Components must be 1 or more.");
    }

    /// <summary>Gets the weight β of the identity, from 0 to 1, or null to choose it by cross-validation. Default: null.</summary>
    public double? Beta
    {
        get;
        init
        {
            if (value is { } beta)
                BetaProcrustes.ThrowIfNotWeight(beta);
            field = value;
        }
    }

    /// <summary>Gets how β is chosen where it is not given. Default: the published recipe.</summary>
    public BetaCrossValidationOptions CrossValidation
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(CrossValidation));
    } = new();

    /// <summary>Gets the options of the refinement. Default: the published ones.</summary>
    public RefinementOptions Refinement
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Refinement));
    } = new();

    /// <summary>Gets how images without labels take part (<see cref="LfaTrainer.FitUnlabeled"/>). Default: by uniform or estimated shares of the classes, in 5 rounds, all images.</summary>
    public UnsupervisedOptions Unsupervised
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Unsupervised));
    } = new();

    /// <summary>Gets the penalty λ of <see cref="FitMethod.LeastSquares"/>, at least 0. Default: 0.</summary>
    public double Ridge
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Ridge), value, "Ridge must be 0 or more, and finite.");
    }

    /// <summary>Gets the temperature τ of the probabilities, above 0: the encoder's own. The automatic choice starts from it and fits its own; fits without labels are as sure as zero-shot classification is at it; the other fits do not depend on it. Default: 0.01.</summary>
    public double Temperature
    {
        get;
        init => field = LfaClassifier.IsTemperature(value) ? value : throw new ArgumentOutOfRangeException(nameof(Temperature), value, "Temperature must be above 0, and finite, and so must its inverse.");
    } = LfaClassifier.DefaultTemperature;

    /// <summary>
    /// Gets the seed of everything random. Default: 1. The same seed gives the same bits, on any number of threads, on
    /// processors with the same width of register, with the same operating system and runtime.
    /// </summary>
    public int Seed { get; init; } = 1;

    /// <summary>Gets the number of threads at most; 0 for all processors. It does not change the result. Default: 0.</summary>
    public int Threads
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Threads), value, "Threads must be 0 (all processors) or more.");
    }

    /// <summary>Returns the bridge that a task needs; null where it needs none.</summary>
    internal Bridge? BridgeOf(Data.FeatureSet task)
    {
        if (Method is FitMethod.Auto && (Bridge is not (null or Bridging.Bridge.CanonicalCorrelation) || Components is not null))
            throw new ArgumentException("Method auto bridges by canonical correlation, as it chooses itself; leave Components null, and Bridge null or CanonicalCorrelation, or give another method, such as lfa.");
        var bridge = Bridge ?? (task.SharesSpace ? null : Method is FitMethod.Procrustes or FitMethod.LeastSquares ? Bridging.Bridge.Procrustes : Bridging.Bridge.CanonicalCorrelation);
        if (bridge is not null && Method is FitMethod.ZeroShot)
            throw new ArgumentException(Invariant($"{task.DescribeSpaces()}: across a bridge there is no zero-shot classification; give another method, such as auto."));
        if (Components is not null && bridge is not (Bridging.Bridge.PrincipalComponents or Bridging.Bridge.CanonicalCorrelation))
            throw new ArgumentException(Invariant($"components is {Components}, but {(bridge is { } other ? $"the bridge is {BridgeNames.Of(other)}" : "there is no bridge")}; leave it out, or take the bridge pca or cca."));
        return bridge;
    }

    /// <summary>Gets the name of the encoder that the features come from, kept in the model file. Default: unknown.</summary>
    public string? Encoder { get; init; }

    /// <summary>Gets a text that tells the encoder's files from others, kept in the model file. Default: unknown.</summary>
    public string? EncoderFingerprint { get; init; }
}
