using Lfa.Data;

namespace Lfa.Encoders.Sources;

/// <summary>A task that was loaded.</summary>
/// <param name="Features">The features of the images that could be read, and the class prototypes.</param>
/// <param name="Findings">What was passed over.</param>
public sealed record LoadedFeatures(FeatureSet Features, SourceFindings Findings);
