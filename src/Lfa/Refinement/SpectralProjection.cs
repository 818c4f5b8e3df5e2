using System.Numerics.Tensors;
using Lfa.Numerics;

namespace Lfa.Refinement;

/// <summary>Pulls the singular values of a transform towards 1, or below it.</summary>
internal sealed class SpectralProjection(int dimension, int threads)
{
    private readonly MatrixProduct<float> _product = MatrixProducts.Single();
    private readonly float[] _gram = new float[dimension * dimension];
    private readonly float[] _cube = new float[dimension * dimension];

    /// <summary>Takes the step W ← (1 + b)W − b·WWᵀW, which moves each singular value σ to σ + b(σ − σ³).</summary>
    public void Orthogonalize(Memory<float> transform, double strength)
    {
        var w = new Operand<float>(transform, dimension, dimension);
        _product.Multiply(w.Transpose(), w, _gram, threads);
        _product.Multiply(w, new(_gram, dimension, dimension), _cube, threads);
        TensorPrimitives.Multiply(transform.Span, (float)(1 + strength), transform.Span);
        TensorPrimitives.MultiplyAdd(_cube, (float)-strength, transform.Span, transform.Span);
    }

    /// <summary>Clips the singular values to 1.</summary>
    /// <remarks>
    /// With the polar factors W = UH, min(σ, 1) = ½(σ + 1 − |σ − 1|) gives ½(W + U − U·|H − I|), and |H − I| is the product
    /// of H − I with its own polar factor: two polar factors, no singular values.
    /// </remarks>
    public void ClipSingularValues(Span<float> transform)
    {
        var w = new SquareMatrix(dimension);
        TensorPrimitives.ConvertTruncating(transform, w.Values);
        var u = PolarFactor.Of(w, threads);
        var excess = u.Times(w, threads, transposeThis: true); // H
        for (var i = 0; i < dimension; i++)
            excess.Row(i)[i]--;
        var magnitude = PolarFactor.Of(excess, threads).Times(excess, threads, transposeThis: true); // |H − I|
        TensorPrimitives.Add<double>(w.Values, u.Values, w.Values);
        TensorPrimitives.Subtract<double>(w.Values, u.Times(magnitude, threads).Values, w.Values);
        TensorPrimitives.Multiply<double>(w.Values, 0.5, w.Values);
        TensorPrimitives.ConvertTruncating<double, float>(w.Values, transform);
    }
}
