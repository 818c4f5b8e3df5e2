using Lfa.Data;

namespace Lfa.Encoders.Sources;

/// <summary>Features of images alone, without classes.</summary>
/// <param name="Features">The features, n × d.</param>
/// <param name="Names">The names of the n images; null where they are not known.</param>
/// <param name="Findings">What was passed over.</param>
public sealed record ImageFeatures(Matrix Features, IReadOnlyList<string>? Names, SourceFindings Findings)
{
    /// <summary>Gets the encoder of the images. Default: unknown.</summary>
    public EncoderIdentity? Encoder { get; init; }
}
