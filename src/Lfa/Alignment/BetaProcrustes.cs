using System.Numerics.Tensors;
using Lfa.Data;

namespace Lfa.Alignment;

/// <summary>
/// Fits the orthogonal transform and shrinks it to the identity: W_β = (1 − β) · W_op + β · I.
/// </summary>
/// <remarks>
/// Ouali et al., ICCV 2023, section 3.2 (β-Procrustes). β = 0 is the orthogonal transform, β = 1 zero-shot classification.
/// Cross-validation on held-out images chooses β.
/// </remarks>
public static class BetaProcrustes
{
    /// <summary>Fits the shrunk transform.</summary>
    /// <param name="task">The labeled images, n × d, and the class prototypes, C × d, rows of unit length.</param>
    /// <param name="beta">The weight of the identity β, from 0 to 1.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <returns>The transform, d × d.</returns>
    /// <exception cref="LfaDataException">The images have no labels, or a class has no example.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is outside [0, 1].</exception>
    public static Transform Fit(FeatureSet task, double beta, int maxDegreeOfParallelism = -1) =>
        Shrink(OrthogonalProcrustes.Fit(task, maxDegreeOfParallelism), beta);

    /// <summary>Shrinks a transform to the identity.</summary>
    /// <param name="transform">The transform W, d × d.</param>
    /// <param name="beta">The weight of the identity β, from 0 to 1.</param>
    /// <returns>The transform (1 − β) · W + β · I.</returns>
    /// <exception cref="LfaDataException">The transform is not square.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beta"/> is outside [0, 1].</exception>
    public static Transform Shrink(Transform transform, double beta)
    {
        ArgumentNullException.ThrowIfNull(transform);
        ThrowIfNotWeight(beta);
        if (transform.InputDimension != transform.OutputDimension)
            throw new LfaDataException(Invariant($"transform is {transform.InputDimension} × {transform.OutputDimension} but the identity is square; only a square transform can be shrunk to it."));
        var dimension = transform.InputDimension;
        var values = new float[transform.Matrix.Values.Length];
        TensorPrimitives.Multiply(transform.Matrix.Values.Span, (float)(1 - beta), values);
        for (var i = 0; i < dimension; i++)
            values[(i * dimension) + i] += (float)beta;
        return new Transform(new Matrix(values, dimension, dimension));
    }

    internal static void ThrowIfNotWeight(double beta)
    {
        if (!(beta is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "beta must be from 0 (orthogonal) to 1 (zero-shot).");
    }
}
