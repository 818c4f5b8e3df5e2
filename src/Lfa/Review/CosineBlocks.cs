using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Review;

/// <summary>Cosines between the rows of two matrices, block by block, so that memory does not grow with their product.</summary>
internal static class CosineBlocks
{
    private const int BlockRows = 1024;

    /// <summary>Computes the cosines of all rows of one matrix with all of another.</summary>
    /// <param name="rows">The rows, n × d, of unit length.</param>
    /// <param name="columns">The columns, m × d, of unit length.</param>
    /// <param name="earlierOnly">Whether only blocks that hold a column before a row are wanted; both are then the same matrix.</param>
    /// <param name="threads">The number of threads at most; at least 1. It does not change the bits.</param>
    /// <param name="cancellationToken">Checked before each block.</param>
    /// <returns>The first row, the first column and the cosines of each block, valid until the next one is asked for.</returns>
    public static IEnumerable<(int Row, int Column, Matrix Cosines)> Of(Matrix rows, Matrix columns, bool earlierOnly, int threads, CancellationToken cancellationToken)
    {
        var product = MatrixProducts.Single();
        var buffer = new float[Math.Min(rows.Rows, BlockRows) * Math.Min(columns.Rows, BlockRows)];
        for (var row = 0; row < rows.Rows; row += BlockRows)
        {
            var left = rows.Slice(row, Math.Min(BlockRows, rows.Rows - row));
            for (var column = 0; column < (earlierOnly ? row + left.Rows : columns.Rows); column += BlockRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var right = columns.Slice(column, Math.Min(BlockRows, columns.Rows - column));
                var cosines = buffer.AsMemory(0, left.Rows * right.Rows);
                product.Multiply(left.AsOperand(), right.AsOperand().Transpose(), cosines, threads);
                yield return (row, column, new Matrix(cosines, left.Rows, right.Rows));
            }
        }
    }
}
