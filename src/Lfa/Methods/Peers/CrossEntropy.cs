using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Methods;

/// <summary>
/// Computes the mean cross-entropy of the logits scale · X·Hᵀ, each sample counting by its weight, and its gradient in the
/// weights H.
/// </summary>
/// <remarks>
/// Blocks of rows go through one buffer of logits, so no n × C matrix is held. Sums over rows are taken in their order: the
/// same bits on any number of threads.
/// </remarks>
internal sealed class CrossEntropy(Matrix features, ReadOnlyMemory<int> labels, int classes, double scale, int threads, float[]? sampleWeights = null)
{
    private const int BlockRows = 2048;

    private readonly MatrixProduct<float> _product = MatrixProducts.Single();
    private readonly float[] _logits = new float[checked(Math.Min(BlockRows, features.Rows) * classes)];
    private readonly double[] _losses = new double[features.Rows];
    private int _start;

    /// <summary>Computes the loss.</summary>
    /// <param name="weights">The weights H, C × d.</param>
    /// <param name="gradient">Receives the gradient in them, C × d.</param>
    public double Evaluate(ReadOnlyMemory<float> weights, Memory<float> gradient)
    {
        for (_start = 0; _start < features.Rows; _start += BlockRows)
        {
            var block = features.Slice(_start, Math.Min(BlockRows, features.Rows - _start)).AsOperand();
            var logits = _logits.AsMemory(0, block.Rows * classes);
            _product.Multiply(block, new Operand<float>(weights, classes, block.Columns).Transpose(), logits, threads);
            ParallelLoop.For(block.Rows, threads, this, static (loss, row) => loss.Differentiate(row));
            _product.Multiply(new Operand<float>(logits, block.Rows, classes).Transpose(), block, gradient, threads, accumulate: _start > 0);
        }
        return TensorPrimitives.Sum<double>(_losses) / features.Rows;
    }

    /// <summary>Replaces a row of products by the derivative of the mean loss in them.</summary>
    private void Differentiate(int row)
    {
        var logits = _logits.AsSpan(row * classes, classes);
        TensorPrimitives.Multiply(logits, (float)scale, logits);
        var (sample, weight) = (_start + row, sampleWeights?[_start + row] ?? 1);
        _losses[sample] = weight * ToGradient(logits, labels.Span[sample], (float)(weight * scale / features.Rows));
    }

    /// <summary>Replaces the logits of a sample by (softmax − one-hot) · weight.</summary>
    /// <returns>The cross-entropy of the sample.</returns>
    public static double ToGradient(Span<float> logits, int label, float weight)
    {
        var largest = TensorPrimitives.Max<float>(logits);
        double own = logits[label] - largest;
        TensorPrimitives.Subtract(logits, largest, logits);
        TensorPrimitives.Exp(logits, logits);
        var sum = TensorPrimitives.Sum<float>(logits);
        TensorPrimitives.Multiply(logits, weight / sum, logits);
        logits[label] -= weight;
        return Math.Log(sum) - own;
    }
}
