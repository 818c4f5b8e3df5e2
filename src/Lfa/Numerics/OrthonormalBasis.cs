using System.Numerics.Tensors;

namespace Lfa.Numerics;

/// <summary>Finds an orthonormal basis of the space that the rows of a matrix span.</summary>
internal static class OrthonormalBasis
{
    // A remainder this much shorter than the longest row is the rounding of double precision, which comes to 1e-15.
    public const double RankCutoff = 1e-12;

    // Features that depend on each other do so to the rounding of single precision, about 1e-7.
    private const double FeatureCutoff = 1e-5;

    /// <summary>Computes the basis by modified Gram–Schmidt, the longest remainder next, twice orthogonalized.</summary>
    /// <param name="matrix">The rows, count × width.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="width">The number of columns.</param>
    /// <param name="cutoff">A remainder this much shorter than the longest row counts as zero.</param>
    /// <returns>The basis, rank × width by rows, and the rank.</returns>
    public static (double[] Rows, int Rank) OfRows(ReadOnlySpan<double> matrix, int count, int width, double cutoff = RankCutoff)
    {
        var work = new Remainders(matrix.ToArray(), count, width);
        var basis = new double[Math.Min(count, width) * width];
        var shortest = cutoff * Math.Sqrt(TensorPrimitives.Max<double>(work.SquaredNorms));
        var rank = 0;
        for (; rank < Math.Min(count, width); rank++)
        {
            var longest = TensorPrimitives.IndexOfMax<double>(work.SquaredNorms);
            if (!(Math.Sqrt(work.SquaredNorms[longest]) > shortest))
                break;
            var direction = basis.AsSpan(rank * width, width);
            work.Row(longest).CopyTo(direction);
            Normalize(direction);
            for (var i = 0; i < rank; i++)
                Subtract(basis.AsSpan(i * width, width), direction);
            Normalize(direction);
            work.SquaredNorms[longest] = 0;
            work.Direction = basis.AsMemory(rank * width, width);
            work.Deflate();
        }
        return (basis[..(rank * width)], rank);
    }

    /// <summary>Finds an orthonormal basis Q of some rows A that come from features, rank × width, and their coordinates in it, A·Qᵀ, count × rank.</summary>
    public static (Operand<double> Basis, double[] Coordinates) WithCoordinates(double[] matrix, int count, int width, int threads)
    {
        var (rows, rank) = count <= width ? OfRows(matrix, count, width, FeatureCutoff) : OfManyRows(matrix, count, width, threads);
        var basis = new Operand<double>(rows, rank, width);
        var coordinates = new double[count * rank];
        MatrixProducts.Double().Multiply(new(matrix, count, width), basis.Transpose(), coordinates, threads);
        return (basis, coordinates);
    }

    /// <summary>Of more rows than columns: those of AᵀA, which span the same space at the squares of the lengths.</summary>
    private static (double[] Rows, int Rank) OfManyRows(double[] matrix, int count, int width, int threads)
    {
        var (gram, rows) = (new double[width * width], new Operand<double>(matrix, count, width));
        MatrixProducts.Double().Multiply(rows.Transpose(), rows, gram, threads);
        return OfRows(gram, width, width, FeatureCutoff * FeatureCutoff);
    }

    /// <summary>Returns the projection on the complement of a basis Q, I − QᵀQ.</summary>
    public static SquareMatrix Complement(double[] basis, int rank, int width, int threads)
    {
        var complement = new SquareMatrix(width);
        var rows = new Operand<double>(basis, rank, width);
        MatrixProducts.Double().Multiply(rows.Transpose(), rows, complement.Values, threads);
        TensorPrimitives.Negate<double>(complement.Values, complement.Values);
        for (var i = 0; i < width; i++)
            complement.Row(i)[i]++;
        return complement;
    }

    private static void Normalize(Span<double> row) => TensorPrimitives.Divide(row, TensorPrimitives.Norm<double>(row), row);

    private static void Subtract(ReadOnlySpan<double> direction, Span<double> row) =>
        TensorPrimitives.MultiplyAdd(direction, -TensorPrimitives.Dot(row, direction), row, row);

    /// <summary>What is left of each row once the directions found so far are taken out; a row that gave one has length 0.</summary>
    private sealed class Remainders
    {
        private readonly double[] _rows;
        private readonly int _width;

        public Remainders(double[] rows, int count, int width)
        {
            (_rows, _width, SquaredNorms) = (rows, width, new double[count]);
            for (var i = 0; i < count; i++)
                SquaredNorms[i] = TensorPrimitives.SumOfSquares<double>(Row(i));
        }

        public double[] SquaredNorms { get; }

        public ReadOnlyMemory<double> Direction { get; set; }

        public Span<double> Row(int index) => _rows.AsSpan(index * _width, _width);

        public void Deflate()
        {
            for (var i = 0; i < SquaredNorms.Length; i++)
            {
                if (SquaredNorms[i] == 0)
                    continue;
                Subtract(Direction.Span, Row(i));
                SquaredNorms[i] = TensorPrimitives.SumOfSquares<double>(Row(i));
            }
        }
    }
}
