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
            ?? RankCutoffs.Select(cutoff => TryIterate(FillNullSpace(matrix, cutoff, threads), threads)).FirstOrDefault(factor => factor is not null)
            ?? TryIterate(Shift(matrix, ShiftOfLastResort * norm), threads)
            ?? throw new ArithmeticException(Invariant($"The polar factor of a {matrix.Size} × {matrix.Size} matrix did not converge."));
    }

    /// <summary>Computes the factor of a matrix that need not be square: of the square one that zeros make of it, the part in its place.</summary>
    /// <param name="matrix">The matrix M, rows × columns by rows.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="threads">The number of threads at most.</param>
    /// <returns>The factor, rows × columns: with orthonormal columns or rows, whichever are fewer.</returns>
    public static double[] OfRectangle(double[] matrix, int rows, int columns, int threads)
    {
        var padded = new SquareMatrix(Math.Max(rows, columns));
        for (var i = 0; i < rows; i++)
            matrix.AsSpan(i * columns, columns).CopyTo(padded.Row(i));
        var (factor, part) = (Of(padded, threads), new double[matrix.Length]);
        for (var i = 0; i < rows; i++)
            factor.Row(i)[..columns].CopyTo(part.AsSpan(i * columns));
        return part;
    }

    /// <summary>Computes the factor of M = LᵀR, k × k.</summary>
    /// <param name="left">The rows of L, count × k.</param>
    /// <param name="right">The rows of R, count × k.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="threads">The number of threads at most.</param>
    /// <returns>The orthogonal factor, k × k.</returns>
    public static SquareMatrix OfProduct(double[] left, double[] right, int count, int threads)
    {
        var matrix = new SquareMatrix(left.Length / count);
        MatrixProducts.Double().Multiply(new Operand<double>(left, count, matrix.Size).Transpose(), new(right, count, matrix.Size), matrix.Values, threads);
        if (count >= matrix.Size || matrix.FrobeniusNorm() == 0)
            return Of(matrix, threads);
        // M is singular, and its null spaces are those of L and R unless rows depend on each other: cheaper to find.
        double[][] factors = [left, right];
        var complements = new SquareMatrix[2];
        ParallelLoop.For(2, threads, complements, (result, side) => result[side] = ComplementOfRows(factors[side], count, matrix.Size));
        return TryIterate(Fill(matrix, complements[0], complements[1], threads), threads) ?? Of(matrix, threads);
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

    private static SquareMatrix ComplementOfRows(double[] matrix, int count, int width)
    {
        var (rows, rank) = OrthonormalBasis.OfRows(matrix, count, width);
        return OrthonormalBasis.Complement(rows, rank, width, threads: 1);
    }

    private static SquareMatrix FillNullSpace(SquareMatrix matrix, double cutoff, int threads)
    {
        var size = matrix.Size;
        var (rows, rank) = OrthonormalBasis.OfRows(matrix.Values, size, size, cutoff);
        // The columns' space as the image of the rows' one: both have the same rank wherever the cut falls.
        var images = new double[rank * size];
        MatrixProducts.Double().Multiply(new(rows, rank, size), matrix.Operand.Transpose(), images, threads);
        var (columns, columnRank) = OrthonormalBasis.OfRows(images, rank, size, cutoff: 0);
        return Fill(matrix, OrthonormalBasis.Complement(columns, columnRank, size, threads), OrthonormalBasis.Complement(rows, rank, size, threads), threads);
    }

    /// <summary>Adds s·U₀U₀ᵀV₀V₀ᵀ, given the two projections, at the scale of the matrix.</summary>
    private static SquareMatrix Fill(SquareMatrix matrix, SquareMatrix left, SquareMatrix right, int threads)
    {
        var filled = left.Times(right, threads);
        TensorPrimitives.MultiplyAdd<double>(filled.Values, matrix.FrobeniusNorm() / Math.Sqrt(matrix.Size), matrix.Values, filled.Values);
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
