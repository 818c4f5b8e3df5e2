using Lfa.Data;

namespace Lfa.Classification;

/// <summary>Classifies images by their embeddings: the softmax of its logits are the probabilities of the classes.</summary>
/// <remarks>Implementations are immutable and safe for use by several threads at once.</remarks>
public interface IClassifier
{
    /// <summary>Gets the number of classes C.</summary>
    int ClassCount { get; }

    /// <summary>Gets the number of components d of an embedding.</summary>
    int Dimension { get; }

    /// <summary>Computes the logits.</summary>
    /// <param name="features">The image features X, n × d.</param>
    /// <param name="threads">The number of threads at most; 0 for all processors. It does not change the result. Default: 0.</param>
    /// <returns>The logits, n × C.</returns>
    /// <exception cref="ArgumentException">The features have another number of columns.</exception>
    Matrix Logits(Matrix features, int threads = 0);
}
