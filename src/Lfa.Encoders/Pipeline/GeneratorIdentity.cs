using Lfa.Data;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders.Pipeline;

/// <summary>Tells which encoder an embedding generator is.</summary>
internal static class GeneratorIdentity
{
    /// <summary>Returns the identity that the generator gives itself, else one by the model of its metadata; null where it tells neither.</summary>
    public static EncoderIdentity? Find(IEmbeddingGenerator generator) =>
        generator.GetService(typeof(EncoderIdentity)) as EncoderIdentity
        ?? ((generator.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata)?.DefaultModelId is { Length: > 0 } model
            ? new EncoderIdentity(model) { Space = model }
            : null);
}
