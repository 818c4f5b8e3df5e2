using System.Numerics.Tensors;

namespace Lfa.Numerics;

/// <summary>
/// Inverts a square matrix by blocked Gauss–Jordan elimination with partial pivoting.
/// </summary>
/// <remarks>Almost all the work is in products of n × b by b × n, so it runs near the speed of the matrix product.</remarks>
internal sealed class Inverse(int size, int threads)
{
    private const int Block = 64;

    private readonly MatrixProduct<double> _product = MatrixProducts.Double();
    private readonly double[] _panel = new double[size * Math.Min(Block, size)];
    private readonly double[] _multipliers = new double[size * Math.Min(Block, size)];
    private readonly double[] _rows = new double[size * Math.Min(Block, size)];
    private readonly int[] _pivots = new int[size];

    /// <summary>Replaces a matrix by its inverse.</summary>
    /// <param name="matrix">The matrix; its contents are undefined when it turns out singular.</param>
    /// <returns>Whether the matrix has an inverse: false when a column has no pivot that is not zero.</returns>
    public bool TryInvert(SquareMatrix matrix)
    {
        for (var start = 0; start < size; start += Block)
        {
            if (!TryEliminate(matrix, start, Math.Min(Block, size - start)))
                return false;
        }
        for (var j = size - 1; j >= 0; j--)
            SwapColumns(matrix, j, _pivots[j]);
        return true;
    }

    /// <summary>Eliminates the columns from <paramref name="start"/> on, <paramref name="width"/> of them, in all other rows.</summary>
    private bool TryEliminate(SquareMatrix matrix, int start, int width)
    {
        if (!TryPivot(matrix, start, width))
            return false;
        var pivotBlock = TakePanel(matrix, start, width);
        InvertInPlace(pivotBlock, width);

        // Off the pivot rows the multipliers are −panel · pivotBlock⁻¹, on them pivotBlock⁻¹ itself.
        for (var i = 0; i < pivotBlock.Length; i++)
            pivotBlock[i] = -pivotBlock[i];
        var (panel, multipliers) = (_panel.AsMemory(0, size * width), _multipliers.AsMemory(0, size * width));
        _product.Multiply(new(panel, size, width), new(pivotBlock, width, width), multipliers, threads);
        for (var i = 0; i < pivotBlock.Length; i++)
            multipliers.Span[(start * width) + i] = -pivotBlock[i];

        var rows = TakeRows(matrix, start, width);
        _product.Multiply(new(multipliers, size, width), new(rows, width, size), matrix.Values, threads, accumulate: true);
        return true;
    }

    /// <summary>Brings the rows with the largest pivots of the columns to the top of what is left, as an LU factorization does.</summary>
    private bool TryPivot(SquareMatrix matrix, int start, int width)
    {
        // The columns lie along the rows of this copy, so that searches and updates run over long vectors.
        var height = size - start;
        var columns = _panel.AsSpan(0, width * height);
        for (var i = 0; i < height; i++)
        {
            for (var j = 0; j < width; j++)
                columns[(j * height) + i] = matrix.Row(start + i)[start + j];
        }
        for (var j = 0; j < width; j++)
        {
            var column = columns.Slice(j * height, height);
            var pivot = j + TensorPrimitives.IndexOfMaxMagnitude<double>(column[j..]);
            if (column[pivot] == 0)
                return false;
            _pivots[start + j] = start + pivot;
            SwapRows(matrix, start + j, start + pivot);
            for (var other = 0; other < width; other++)
                (columns[(other * height) + j], columns[(other * height) + pivot]) = (columns[(other * height) + pivot], columns[(other * height) + j]);
            EliminateBelow(columns, j, height);
        }
        return true;
    }

    private static void EliminateBelow(Span<double> columns, int pivot, int height)
    {
        var below = columns.Slice(pivot * height, height)[pivot..];
        var factors = below[1..];
        TensorPrimitives.Divide(factors, -below[0], factors);
        for (var other = (pivot + 1) * height; other < columns.Length; other += height)
        {
            var column = columns.Slice(other, height)[pivot..];
            TensorPrimitives.MultiplyAdd(factors, column[0], column[1..], column[1..]);
        }
    }

    /// <summary>Moves the columns to the panel, leaving zeros, and returns a copy of their pivot rows.</summary>
    private double[] TakePanel(SquareMatrix matrix, int start, int width)
    {
        for (var i = 0; i < size; i++)
        {
            var part = matrix.Row(i).Slice(start, width);
            part.CopyTo(_panel.AsSpan(i * width, width));
            part.Clear();
        }
        return _panel.AsSpan(start * width, width * width).ToArray();
    }

    /// <summary>Moves the pivot rows out, leaving zeros, with the identity in the eliminated columns.</summary>
    private Memory<double> TakeRows(SquareMatrix matrix, int start, int width)
    {
        var rows = _rows.AsMemory(0, width * size);
        for (var i = 0; i < width; i++)
        {
            var target = rows.Span.Slice(i * size, size);
            matrix.Row(start + i).CopyTo(target);
            target[start + i] = 1;
            matrix.Row(start + i).Clear();
        }
        return rows;
    }

    /// <summary>Inverts the pivot block, whose rows are in the order of their pivots already.</summary>
    private static void InvertInPlace(double[] block, int width)
    {
        for (var k = 0; k < width; k++)
        {
            var pivotRow = block.AsSpan(k * width, width);
            var pivot = 1 / pivotRow[k];
            pivotRow[k] = 1;
            for (var j = 0; j < width; j++)
                pivotRow[j] *= pivot;
            for (var i = 0; i < width; i++)
            {
                if (i == k)
                    continue;
                var row = block.AsSpan(i * width, width);
                var factor = -row[k];
                row[k] = 0;
                TensorPrimitives.MultiplyAdd(pivotRow, factor, row, row);
            }
        }
    }

    private static void SwapRows(SquareMatrix matrix, int first, int second)
    {
        if (first == second)
            return;
        var a = matrix.Row(first);
        var b = matrix.Row(second);
        for (var j = 0; j < a.Length; j++)
            (a[j], b[j]) = (b[j], a[j]);
    }

    private static void SwapColumns(SquareMatrix matrix, int first, int second)
    {
        if (first == second)
            return;
        for (var i = 0; i < matrix.Size; i++)
        {
            var row = matrix.Row(i);
            (row[first], row[second]) = (row[second], row[first]);
        }
    }
}
