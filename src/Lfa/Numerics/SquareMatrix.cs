using System.Diagnostics;
using System.Numerics.Tensors;

namespace Lfa.Numerics;

/// <summary>A square matrix in double precision, by rows: what the decompositions work on.</summary>
internal sealed class SquareMatrix
{
    public SquareMatrix(double[] values, int size)
    {
        Debug.Assert(values.Length == size * size);
        Values = values;
        Size = size;
    }

    public SquareMatrix(int size)
        : this(new double[size * size], size)
    {
    }

    public double[] Values { get; }

    public int Size { get; }

    public double this[int row, int column] => Values[(row * Size) + column];

    public Operand<double> Operand => new(Values, Size, Size);

    public static SquareMatrix Identity(int size)
    {
        var identity = new SquareMatrix(size);
        for (var i = 0; i < size; i++)
            identity.Row(i)[i] = 1;
        return identity;
    }

    /// <summary>Makes a matrix square by rows or columns of zeros after its own.</summary>
    public static SquareMatrix Padded(ReadOnlySpan<float> values, int rows, int columns)
    {
        var padded = new SquareMatrix(Math.Max(rows, columns));
        for (var i = 0; i < rows; i++)
            TensorPrimitives.ConvertTruncating(values.Slice(i * columns, columns), padded.Row(i));
        return padded;
    }

    public Span<double> Row(int index) => Values.AsSpan(index * Size, Size);

    public SquareMatrix Clone() => new((double[])Values.Clone(), Size);

    public double FrobeniusNorm() => TensorPrimitives.Norm<double>(Values);

    /// <summary>Returns the transpose.</summary>
    public SquareMatrix Transpose()
    {
        const int tile = 16; // Two cache lines of each side at a time.
        var transpose = new SquareMatrix(Size);
        for (var i0 = 0; i0 < Size; i0 += tile)
        {
            for (var j0 = 0; j0 < Size; j0 += tile)
            {
                for (var i = i0; i < Math.Min(i0 + tile, Size); i++)
                {
                    for (var j = j0; j < Math.Min(j0 + tile, Size); j++)
                        transpose.Values[(j * Size) + i] = Values[(i * Size) + j];
                }
            }
        }
        return transpose;
    }

    /// <summary>Returns the product this · other.</summary>
    public SquareMatrix Times(SquareMatrix other, int threads, bool transposeThis = false)
    {
        var result = new SquareMatrix(Size);
        MatrixProducts.Double().Multiply(transposeThis ? Operand.Transpose() : Operand, other.Operand, result.Values, threads);
        return result;
    }

    /// <summary>Returns the largest row sum of magnitudes (∞-norm) and the largest column sum (1-norm).</summary>
    public (double Rows, double Columns) Norms()
    {
        var rows = 0.0;
        var columns = new double[Size];
        var magnitudes = new double[Size];
        for (var i = 0; i < Size; i++)
        {
            TensorPrimitives.Abs(Row(i), magnitudes);
            rows = Math.Max(rows, TensorPrimitives.Sum<double>(magnitudes));
            TensorPrimitives.Add(columns, magnitudes, columns);
        }
        return (rows, TensorPrimitives.Max<double>(columns));
    }
}
