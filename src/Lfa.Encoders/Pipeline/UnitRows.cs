using Lfa.Data;

namespace Lfa.Encoders.Pipeline;

/// <summary>Scales embeddings to unit length.</summary>
internal static class UnitRows
{
    /// <summary>Copies embeddings, each scaled to unit length.</summary>
    /// <param name="values">The embeddings, n × d.</param>
    /// <param name="dimension">The number of components d.</param>
    /// <exception cref="LfaDataException">An embedding is zero or not finite.</exception>
    public static ReadOnlyMemory<float> Of(ReadOnlyMemory<float> values, int dimension)
    {
        try
        {
            return new Matrix(values, values.Length / dimension, dimension).NormalizeRows().Values;
        }
        catch (LfaDataException e)
        {
            throw new LfaDataException("the model gave an embedding that is zero or not finite; its weights may be damaged, or of too low a precision: try another variant.", e);
        }
    }
}
