namespace Lfa.Classification;

/// <summary>Where a classifier comes from: what its file keeps beside the numbers it computes with.</summary>
public sealed record ClassifierProvenance
{
    /// <summary>Gets the method of the fit, such as "lfa". Default: unknown.</summary>
    public string? Method { get; init; }

    /// <summary>Gets the weight β of the identity in the transform that the refinement started from. Default: unknown.</summary>
    public double? Beta { get; init; }

    /// <summary>Gets the number of iterations of the refinement. Default: unknown.</summary>
    public int? Iterations { get; init; }

    /// <summary>Gets the seed of the fit. Default: unknown.</summary>
    public int? Seed { get; init; }

    /// <summary>Gets the name of the encoder that the features come from. Default: unknown.</summary>
    public string? Encoder { get; init; }

    /// <summary>Gets a text that tells the encoder's files from others. Default: unknown.</summary>
    public string? EncoderFingerprint { get; init; }

    /// <summary>Gets the options of the fit, in words. Default: unknown.</summary>
    public string? Options { get; init; }

    /// <summary>Gets the version of the library that fitted it. Default: unknown.</summary>
    public string? LibraryVersion { get; init; }
}
