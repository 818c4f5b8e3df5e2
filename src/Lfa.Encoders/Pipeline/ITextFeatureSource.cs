using Lfa.Data;

namespace Lfa.Encoders.Pipeline;

/// <summary>Embeds class names.</summary>
internal interface ITextFeatureSource : IDisposable
{
    /// <summary>Gets a text that differs between sources that put class names into different sentences.</summary>
    string Sentences { get; }

    /// <summary>Gets the encoder, without its dimension; null where it is unknown.</summary>
    EncoderIdentity? Identity { get; }

    /// <summary>Embeds class names.</summary>
    /// <returns>One prototype of d components a name, in their order, of unit length.</returns>
    IReadOnlyList<float[]> Encode(IReadOnlyList<string> classNames, CancellationToken cancellationToken);

    /// <summary>Embeds class names.</summary>
    /// <returns>The prototypes, C × d, in the order of the names, rows of unit length.</returns>
    sealed TextFeatures EncodeFeatures(IReadOnlyList<string> classNames, CancellationToken cancellationToken)
    {
        var prototypes = Encode(classNames, cancellationToken);
        var matrix = new Matrix(prototypes.SelectMany(prototype => prototype).ToArray(), prototypes.Count, prototypes[0].Length);
        return new TextFeatures(matrix, Identity is { } identity ? identity with { Dimension = matrix.Columns } : null);
    }
}
