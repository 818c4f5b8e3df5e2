using System.Numerics.Tensors;
using Lfa.Numerics;

namespace Lfa.Refinement;

/// <summary>Pulls the singular values of a transform towards 1, or below it.</summary>
/// <param name="rows">The rows of the transform.</param>
/// <param name="columns">The columns of the transform.</param>
/// <param name="threads">The number of threads at most.</param>
internal sealed class SpectralProjection(int rows, int columns, int threads)
{
    private readonly MatrixProduct<float> _product = MatrixProducts.Single();
    private readonly float[] _gram = new float[columns * columns];
    private readonly float[] _cube = new float[rows * columns];

    /// <summary>Takes the step W ← (1 + b)W − b·WWᵀW, which moves each singular value σ to σ + b(σ − σ³).</summary>
    public void Orthogonalize(Memory<float> transform, double strength)
    {
        var w = new Operand<float>(transform, rows, columns);
        _product.Multiply(w.Transpose(), w, _gram, threads);
        _product.Multiply(w, new(_gram, columns, columns), _cube, threads);
        TensorPrimitives.Multiply(transform.Span, (float)(1 + strength), transform.Span);
        TensorPrimitives.MultiplyAdd(_cube, (float)-strength, transform.Span, transform.Span);
    }

    /// <summary>Clips the singular values to 1.</summary>
    /// <remarks>
    /// With the polar factors W = UH, min(σ, 1) = ½(σ + 1 − |σ − 1|) gives ½(W + U − U·|H − I|), and |H − I| is the product
    /// of H − I with its own polar factor: two polar factors, no singular values. Columns or rows of zeros make a transform
    /// that is not square a square one; they add singular values of 0, which stay.
    /// </remarks>
    public void ClipSingularValues(Span<float> transform)
    {
        var w = SquareMatrix.Padded(transform, rows, columns);
        var u = PolarFactor.Of(w, threads);
        var excess = u.Times(w, threads, transposeThis: true); // H
        for (var i = 0; i < w.Size; i++)
            excess.Row(i)[i]--;
        var magnitude = PolarFactor.Of(excess, threads).Times(excess, threads, transposeThis: true); // |H − I|
        TensorPrimitives.Add<double>(w.Values, u.Values, w.Values);
        TensorPrimitives.Subtract<double>(w.Values, u.Times(magnitude, threads).Values, w.Values);
        TensorPrimitives.Multiply<double>(w.Values, 0.5, w.Values);
        for (var i = 0; i < rows; i++)
            TensorPrimitives.ConvertTruncating<double, float>(w.Row(i)[..columns], transform.Slice(i * columns, columns));
    }
}
