using System.Numerics.Tensors;
using Lfa.Numerics;

namespace Lfa.Refinement;

/// <summary>Pulls the singular values of a transform towards 1, or below it.</summary>
internal static class SpectralProjection
{
    /// <summary>Takes the step W ← (1 + b)W − b·WWᵀW, which moves each singular value σ to σ + b(σ − σ³).</summary>
    public static void Orthogonalize(Memory<float> transform, int dimension, double strength, int threads)
    {
        var product = MatrixProducts.Single();
        var w = new Operand<float>(transform, dimension, dimension);
        var gram = new float[transform.Length];
        product.Multiply(w.Transpose(), w, gram, threads);
        var cube = new float[transform.Length];
        product.Multiply(w, new(gram, dimension, dimension), cube, threads);
        TensorPrimitives.Multiply(transform.Span, (float)(1 + strength), transform.Span);
        TensorPrimitives.MultiplyAdd(cube, (float)-strength, transform.Span, transform.Span);
    }

    /// <summary>Clips the singular values to 1.</summary>
    /// <remarks>
    /// With the polar factors W = UH, min(σ, 1) = ½(σ + 1 − |σ − 1|) gives ½(W + U − U·|H − I|), and |H − I| is the product
    /// of H − I with its own polar factor: two polar factors, no singular values.
    /// </remarks>
    public static void ClipSingularValues(Span<float> transform, int dimension, int threads)
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
