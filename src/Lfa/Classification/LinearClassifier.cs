using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>Classifies by one linear map of the embedding: the logits are x·Hᵀ + b for x of unit length.</summary>
/// <remarks>Instances are immutable and safe for use by several threads at once.</remarks>
public sealed class LinearClassifier : IClassifier
{
    /// <summary>Initializes a classifier.</summary>
    /// <param name="weights">The weights H, C × d: a row for each class.</param>
    /// <param name="biases">The biases b, C values. Default: none.</param>
    /// <exception cref="ArgumentException">There are no weights, or another number of biases than of rows.</exception>
    public LinearClassifier(Matrix weights, ReadOnlyMemory<float> biases = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Rows == 0)
            throw new ArgumentException("weights has no rows; give at least one class.");
        if (biases.Length != 0 && biases.Length != weights.Rows)
            throw new ArgumentException(Invariant($"biases has {biases.Length} entries but weights has {weights.Rows} rows; give one for each row, or none."));
        Weights = weights;
        Biases = biases;
    }

    /// <summary>Gets the weights H, C × d.</summary>
    public Matrix Weights { get; }

    /// <summary>Gets the biases b, C values, or none.</summary>
    public ReadOnlyMemory<float> Biases { get; }

    /// <inheritdoc/>
    public int ClassCount => Weights.Rows;

    /// <inheritdoc/>
    public int Dimension => Weights.Columns;

    /// <summary>Returns the classifier of more classes, whose logits are 0.</summary>
    internal LinearClassifier AddClasses(int count)
    {
        var (weights, biases) = (new float[(ClassCount + count) * Dimension], new float[Biases.Length == 0 ? 0 : ClassCount + count]);
        Weights.Values.CopyTo(weights);
        Biases.CopyTo(biases);
        return new LinearClassifier(new Matrix(weights, ClassCount + count, Dimension), biases);
    }

    /// <summary>Returns the classifier whose logits are a multiple of these.</summary>
    internal LinearClassifier Times(double factor)
    {
        var (weights, biases) = (Weights.Values.ToArray(), Biases.ToArray());
        TensorPrimitives.Multiply(weights, (float)factor, weights);
        TensorPrimitives.Multiply(biases, (float)factor, biases);
        return new LinearClassifier(new Matrix(weights, ClassCount, Dimension), biases);
    }

    /// <inheritdoc/>
    public Matrix Logits(Matrix features, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Columns != Dimension)
            throw new ArgumentException(Invariant($"features is {features.Rows} × {features.Columns} but the classifier takes {Dimension} columns; the features must come from the encoder it was fitted with."));
        var logits = new float[checked(features.Rows * ClassCount)];
        MatrixProducts.Single().Multiply(features.AsOperand(), Weights.AsOperand().Transpose(), logits, Threads.Resolve(threads));
        if (Biases.Length > 0)
        {
            for (var start = 0; start < logits.Length; start += ClassCount)
                TensorPrimitives.Add(logits.AsSpan(start, ClassCount), Biases.Span, logits.AsSpan(start, ClassCount));
        }
        return new Matrix(logits, features.Rows, ClassCount);
    }
}
