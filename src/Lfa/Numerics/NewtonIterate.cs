using System.Numerics.Tensors;

namespace Lfa.Numerics;

/// <summary>The iterate of Newton's iteration for the polar factor, and its inverse.</summary>
internal sealed class NewtonIterate(SquareMatrix start, int threads)
{
    // Two cache lines of each side at a time, so that the transposed reads stay in the cache.
    private const int Tile = 16;

    private readonly SquareMatrix _inverse = new(start.Size);
    private readonly Inverse _inversion = new(start.Size, threads);
    private readonly double[] _squaredSteps = new double[(start.Size + Tile - 1) / Tile];
    private double _scale;

    /// <summary>Gets the iterate X.</summary>
    public SquareMatrix Current { get; } = start;

    /// <summary>Computes X⁻¹; false when X is singular.</summary>
    public bool TryInvert()
    {
        Current.Values.CopyTo(_inverse.Values, 0);
        return _inversion.TryInvert(_inverse);
    }

    /// <summary>Returns upper bounds of the largest singular value of X and of X⁻¹: √(‖·‖₁ ‖·‖∞).</summary>
    public (double Norm, double InverseNorm) NormBounds()
    {
        var (rows, columns) = Current.Norms();
        var (inverseRows, inverseColumns) = _inverse.Norms();
        return (Math.Sqrt(rows * columns), Math.Sqrt(inverseRows * inverseColumns));
    }

    /// <summary>Replaces X by ½(γX + X⁻ᵀ/γ).</summary>
    /// <param name="scale">The scale γ.</param>
    /// <returns>The length of the step in the Frobenius norm.</returns>
    public double Step(double scale)
    {
        _scale = scale;
        ParallelLoop.For(_squaredSteps.Length, threads, this, static (iterate, band) => iterate.StepBand(band));
        return Math.Sqrt(TensorPrimitives.Sum<double>(_squaredSteps));
    }

    private void StepBand(int band)
    {
        var size = Current.Size;
        var (ownWeight, inverseWeight) = (0.5 * _scale, 0.5 / _scale);
        var (current, inverse) = (Current.Values, _inverse.Values);
        var squared = 0.0;
        for (var j0 = 0; j0 < size; j0 += Tile)
        {
            for (var i = band * Tile; i < Math.Min((band + 1) * Tile, size); i++)
            {
                for (var j = j0; j < Math.Min(j0 + Tile, size); j++)
                {
                    var old = current[(i * size) + j];
                    var next = (ownWeight * old) + (inverseWeight * inverse[(j * size) + i]);
                    current[(i * size) + j] = next;
                    squared += (next - old) * (next - old);
                }
            }
        }
        _squaredSteps[band] = squared;
    }
}
