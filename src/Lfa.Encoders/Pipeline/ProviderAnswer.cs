using Microsoft.Extensions.AI;

namespace Lfa.Encoders.Pipeline;

/// <summary>Checks what a provider of embeddings answers.</summary>
internal static class ProviderAnswer
{
    /// <summary>Throws unless there is one embedding for each input, all of one dimension.</summary>
    public static void ThrowIfNot(GeneratedEmbeddings<Embedding<float>> embeddings, int inputs)
    {
        if (embeddings.Count != inputs)
            throw new LfaDataException(Invariant($"the provider answered {inputs} inputs with {embeddings.Count} embeddings."));
        if (embeddings.Select(embedding => embedding.Vector.Length).Distinct().Skip(1).Any())
            throw new LfaDataException("the provider answered with embeddings of several dimensions.");
    }
}
