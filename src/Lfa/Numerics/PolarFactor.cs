using System.Numerics.Tensors;

namespace Lfa.Numerics;

/// <summary>
/// Computes the orthogonal polar factor of a square matrix: argmax over orthogonal W of trace(WᵀM), which is UVᵀ for M = UΣVᵀ.
/// </summary>
/// <remarks>
/// Newton's iteration X ← ½(γX + X⁻ᵀ/γ) (N. J. Higham, "Computing the polar decomposition — with applications", SIAM J.
/// Sci. Stat. Comput. 7(4), 1986), scaled by the bounds of R. Byers and H. Xu ("A new scaling for Newton's iteration for
/// the polar decomposition and its backward stability", SIAM J. Matrix Anal. Appl. 30(2), 2008): about seven inverses,
/// no singular values.
/// For a singular M the factor is not unique; the one returned is the limit of polar(M + ε‖M‖I) as ε falls to zero,
/// the completion nearest to the identity. With U₀ and V₀ bases of the null spaces of Mᵀ and M, that limit is the
/// polar factor of M + s·U₀U₀ᵀV₀V₀ᵀ for any s > 0, a matrix that is not singular.
/// </remarks>
internal static class PolarFactor
{
    // A matrix with a smaller bound on its ratio of singular values counts as singular. The class sums of ImageNet come to
    // 1e-9, exact dependence to 1e-16 or less.
    private const double SingularCutoff = 1e-13;
    // In the Frobenius norm. The error falls quadratically: after a step this short it is below 1e-8 over all entries together.
    private const double StepTolerance = 1e-4;
    private const int MaximumIterations = 40;
    // Where nothing separates the singular values that count from rounding, the second cut leaves a matrix that is regular.
    private static readonly double[] RankCutoffs = [OrthonormalBasis.RankCutoff, 1e-9];
    // Where even the filled matrix is singular, the limit is taken at this ε: its square must stay above rounding.
    private const double ShiftOfLastResort = 1e-5;

    /// <summary>Computes the factor.</summary>
    /// <param name="matrix">The matrix M, k × k, of finite entries.</param>
    /// <param name="threads">The number of threads at most.</param>
    /// <returns>The orthogonal factor, k × k.</returns>
    public static SquareMatrix Of(SquareMatrix matrix, int threads)
    {
        var norm = matrix.FrobeniusNorm();
        if (norm == 0)
            return SquareMatrix.Identity(matrix.Size);
        return TryIterate(matrix, threads)
            ?? RankCutoffs.Select(cutoff => TryIterate(FillNullSpace(matrix, norm, cutoff, threads), threads)).FirstOrDefault(factor => factor is not null)
            ?? TryIterate(Shift(matrix, ShiftOfLastResort * norm), threads)
            ?? throw new ArithmeticException(Invariant($"The polar factor of a {matrix.Size} × {matrix.Size} matrix did not converge."));
    }

    private static SquareMatrix? TryIterate(SquareMatrix matrix, int threads)
    {
        var iterate = new NewtonIterate(matrix.Clone(), threads);
        if (!iterate.TryInvert())
            return null;
        var (norm, inverseNorm) = iterate.NormBounds();
        if (!(norm * inverseNorm * SingularCutoff < 1))
            return null;

        // All singular values lie in [1 / inverseNorm, norm]; each step maps such an interval [low, high] into [1, bound].
        var scale = Math.Sqrt(inverseNorm / norm);
        var bound = Mean(Math.Sqrt(inverseNorm * norm));
        for (var iteration = 0; iteration < MaximumIterations; iteration++)
        {
            if (iterate.Step(scale) <= StepTolerance)
                return iterate.Current;
            if (!iterate.TryInvert())
                return null;
            scale = 1 / Math.Sqrt(bound);
            bound = Mean(Math.Sqrt(bound));
        }
        return null;
    }

    private static double Mean(double root) => (root + (1 / root)) / 2;

    private static SquareMatrix FillNullSpace(SquareMatrix matrix, double norm, double cutoff, int threads)
    {
        var size = matrix.Size;
        var (rows, rank) = OrthonormalBasis.OfRows(matrix.Values, size, size, threads, cutoff);
        // The columns' space as the image of the rows' one: both have the same rank wherever the cut falls.
        var images = new double[rank * size];
        MatrixProducts.Double().Multiply(new(rows, rank, size), matrix.Operand.Transpose(), images, threads);
        var (columns, columnRank) = OrthonormalBasis.OfRows(images, rank, size, threads, cutoff: 0);
        var left = OrthonormalBasis.Complement(columns, columnRank, size, threads);
        var right = OrthonormalBasis.Complement(rows, rank, size, threads);
        var filled = left.Times(right, threads);
        TensorPrimitives.MultiplyAdd<double>(filled.Values, norm / Math.Sqrt(size), matrix.Values, filled.Values);
        return filled;
    }

    private static SquareMatrix Shift(SquareMatrix matrix, double shift)
    {
        var shifted = matrix.Clone();
        for (var i = 0; i < matrix.Size; i++)
            shifted.Row(i)[i] += shift;
        return shifted;
    }
}
