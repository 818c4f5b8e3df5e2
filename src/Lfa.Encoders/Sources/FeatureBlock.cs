using Lfa.Data;

namespace Lfa.Encoders.Sources;

/// <summary>The features of consecutive images of a source.</summary>
/// <param name="Features">The features, n × d.</param>
/// <param name="Names">The names of the n images; null where they are not known.</param>
public sealed record FeatureBlock(Matrix Features, IReadOnlyList<string>? Names);
