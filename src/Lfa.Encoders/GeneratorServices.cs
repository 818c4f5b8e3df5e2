using Lfa.Data;
using Lfa.Encoders.Models;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders;

/// <summary>Answers what a consumer of embedding generators may ask ours for.</summary>
internal static class GeneratorServices
{
    public static object? Find(object generator, ModelFolder model, Func<ModelFolder, EncoderIdentity> identity, int dimension, Type serviceType, object? serviceKey)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        if (serviceType == typeof(EmbeddingGeneratorMetadata))
            return new EmbeddingGeneratorMetadata("lfa", defaultModelId: model.Name, defaultModelDimensions: dimension);
        if (serviceType == typeof(EncoderIdentity))
            return identity(model) with { Dimension = dimension };
        return serviceType.IsInstanceOfType(generator) ? generator : null;
    }
}
