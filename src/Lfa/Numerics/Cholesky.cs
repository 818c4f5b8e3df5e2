using System.Numerics.Tensors;

namespace Lfa.Numerics;

/// <summary>Factors a symmetric positive definite matrix A = LLᵀ and solves with it.</summary>
internal sealed class Cholesky
{
    // Relative to the largest diagonal entry. The matrices are Gram matrices, so this is a ratio of singular values of 1e-6.
    private const double PivotCutoff = 1e-12;

    private readonly SquareMatrix _factor;

    private Cholesky(SquareMatrix factor) => _factor = factor;

    /// <summary>Factors a matrix.</summary>
    /// <param name="matrix">The matrix; only its lower triangle is read.</param>
    /// <param name="cutoff">A pivot this much smaller than the largest diagonal entry counts as zero.</param>
    /// <returns>The factorization, or null when the matrix is singular to working precision.</returns>
    public static Cholesky? TryFactor(SquareMatrix matrix, double cutoff = PivotCutoff)
    {
        var factor = matrix.Clone();
        var largest = 0.0;
        for (var i = 0; i < matrix.Size; i++)
            largest = Math.Max(largest, matrix[i, i]);
        for (var i = 0; i < matrix.Size; i++)
        {
            var row = factor.Row(i);
            for (var j = 0; j < i; j++)
            {
                var other = factor.Row(j);
                row[j] = (row[j] - TensorPrimitives.Dot<double>(row[..j], other[..j])) / other[j];
            }
            var pivot = row[i] - TensorPrimitives.SumOfSquares<double>(row[..i]);
            if (!(pivot > cutoff * largest))
                return null;
            row[i] = Math.Sqrt(pivot);
        }
        return new Cholesky(factor);
    }

    /// <summary>Solves A · x = b for many right-hand sides, in place.</summary>
    /// <param name="rightSides">The right-hand sides, one a row: count × size.</param>
    /// <param name="threads">The number of threads at most.</param>
    public void Solve(double[] rightSides, int threads)
    {
        SolveLower(rightSides, threads);
        SolveUpper(rightSides, threads);
    }

    /// <summary>Solves L · x = b for many right-hand sides, one a row, in place.</summary>
    public void SolveLower(double[] rightSides, int threads) =>
        ParallelLoop.For(rightSides.Length / _factor.Size, threads, new Substitution(_factor, rightSides), static (work, row) => work.SolveLower(row));

    /// <summary>Solves Lᵀ · x = b for many right-hand sides, one a row, in place.</summary>
    public void SolveUpper(double[] rightSides, int threads) =>
        ParallelLoop.For(rightSides.Length / _factor.Size, threads, new Substitution(_factor, rightSides), static (work, row) => work.SolveUpper(row));

    private sealed record Substitution(SquareMatrix Factor, double[] RightSides)
    {
        public void SolveLower(int index)
        {
            var x = RightSides.AsSpan(index * Factor.Size, Factor.Size);
            for (var i = 0; i < x.Length; i++)
            {
                var row = Factor.Row(i);
                x[i] = (x[i] - TensorPrimitives.Dot<double>(row[..i], x[..i])) / row[i];
            }
        }

        public void SolveUpper(int index)
        {
            var x = RightSides.AsSpan(index * Factor.Size, Factor.Size);
            for (var i = x.Length - 1; i >= 0; i--)
            {
                var row = Factor.Row(i);
                x[i] /= row[i];
                TensorPrimitives.MultiplyAdd(row[..i], -x[i], x[..i], x[..i]);
            }
        }
    }
}
