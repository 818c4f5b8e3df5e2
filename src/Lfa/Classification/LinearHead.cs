using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>The weights and biases of one linear map from embeddings to classes: x·Hᵀ + b.</summary>
/// <remarks>Instances are immutable and safe for use by several threads at once.</remarks>
public sealed class LinearHead
{
    /// <summary>Initializes a head.</summary>
    /// <param name="weights">The weights H, C × d: a row for each class.</param>
    /// <param name="biases">The biases b, C values. Default: none.</param>
    /// <exception cref="LfaDataException">There are no weights, or another number of biases than of rows.</exception>
    public LinearHead(Matrix weights, ReadOnlyMemory<float> biases = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Rows == 0)
            throw new LfaDataException("weights has no rows; give at least one class.");
        if (biases.Length != 0 && biases.Length != weights.Rows)
            throw new LfaDataException(Invariant($"biases has {biases.Length} entries but weights has {weights.Rows} rows; give one for each row, or none."));
        Weights = weights;
        Biases = biases;
    }

    /// <summary>Gets the weights H, C × d.</summary>
    public Matrix Weights { get; }

    /// <summary>Gets the biases b, C values, or none.</summary>
    public ReadOnlyMemory<float> Biases { get; }

    /// <summary>Gets the number of classes C.</summary>
    public int ClassCount => Weights.Rows;

    /// <summary>Gets the number of components d of an embedding.</summary>
    public int Dimension => Weights.Columns;

    /// <summary>Computes X·Hᵀ + b for features as they are.</summary>
    /// <param name="features">The features X, n × d.</param>
    /// <param name="threads">The number of threads at most.</param>
    internal Matrix Apply(Matrix features, int threads)
    {
        var values = new float[checked(features.Rows * ClassCount)];
        MatrixProducts.Single().Multiply(features.AsOperand(), Weights.AsOperand().Transpose(), values, Threads.Resolve(threads));
        AddBiases(values);
        return new Matrix(values, features.Rows, ClassCount);
    }

    /// <summary>Adds the biases to each row of scores.</summary>
    internal void AddBiases(Span<float> scores)
    {
        for (; Biases.Length > 0 && scores.Length > 0; scores = scores[ClassCount..])
            TensorPrimitives.Add(scores[..ClassCount], Biases.Span, scores);
    }

    /// <summary>Returns the head of more classes, which it scores 0.</summary>
    internal LinearHead AddClasses(int count)
    {
        var (weights, biases) = (new float[(ClassCount + count) * Dimension], new float[Biases.Length == 0 ? 0 : ClassCount + count]);
        Weights.Values.CopyTo(weights);
        Biases.CopyTo(biases);
        return new LinearHead(new Matrix(weights, ClassCount + count, Dimension), biases);
    }

    /// <summary>Returns the head of some of the classes.</summary>
    internal LinearHead SelectClasses(ReadOnlySpan<int> classes)
    {
        var biases = new float[Biases.Length == 0 ? 0 : classes.Length];
        for (var i = 0; i < biases.Length; i++)
            biases[i] = Biases.Span[classes[i]];
        return new LinearHead(Weights.SelectRows(classes), biases);
    }

    /// <summary>Gets how far the weights of the classes lie from their mean: the Frobenius norm ‖H − 1·h̄‖.</summary>
    internal double Size
    {
        get
        {
            var (sum, squares) = (new double[Dimension], 0.0);
            for (var c = 0; c < ClassCount; c++)
            {
                var row = Weights.Row(c);
                squares += TensorPrimitives.SumOfSquares(row);
                for (var j = 0; j < row.Length; j++)
                    sum[j] += row[j];
            }
            return Math.Sqrt(Math.Max(0, squares - (TensorPrimitives.SumOfSquares<double>(sum) / ClassCount)));
        }
    }

    /// <summary>Returns a multiple of the head.</summary>
    internal LinearHead Times(double factor)
    {
        var (weights, biases) = (Weights.Values.ToArray(), Biases.ToArray());
        TensorPrimitives.Multiply(weights, (float)factor, weights);
        TensorPrimitives.Multiply(biases, (float)factor, biases);
        return new LinearHead(new Matrix(weights, ClassCount, Dimension), biases);
    }

    /// <summary>Returns the sum of two heads of the same classes.</summary>
    internal LinearHead Plus(LinearHead other)
    {
        var (weights, biases) = (Weights.Values.ToArray(), new float[Math.Max(Biases.Length, other.Biases.Length)]);
        TensorPrimitives.Add(weights, other.Weights.Values.Span, weights);
        AddBiases(biases);
        other.AddBiases(biases);
        return new LinearHead(new Matrix(weights, ClassCount, Dimension), biases);
    }

    /// <summary>Throws for weights or biases that are not finite.</summary>
    internal void ThrowIfNotFinite(string name)
    {
        Weights.ThrowIfNotFinite(name);
        if (!Biases.IsEmpty && !TensorPrimitives.IsFiniteAll(Biases.Span)) // Of no values it says that they are not.
            throw new LfaDataException($"{name} has a bias that is a NaN or an infinity; fit it again.");
    }
}
