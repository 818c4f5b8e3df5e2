using System.Numerics.Tensors;

namespace Lfa.Data;

/// <summary>
/// Represents an n × d matrix of features in single precision, stored by rows: a row is the embedding of one sample.
/// </summary>
/// <remarks>
/// The matrix is a view of the memory it was given: it never writes to it, and its owner must not either.
/// Instances are safe for use by several threads at once.
/// </remarks>
public sealed class Matrix
{
    // What scaling in single precision leaves; features stored in half precision are scaled after reading.
    private const float UnitTolerance = 1e-5f;

    /// <summary>Initializes a view of <paramref name="values"/>.</summary>
    /// <param name="values">The values by rows, exactly rows · columns of them.</param>
    /// <param name="rows">The number of rows n, at least 0.</param>
    /// <param name="columns">The number of columns d, at least 1.</param>
    /// <exception cref="ArgumentException">The length of <paramref name="values"/> is not rows · columns.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    public Matrix(ReadOnlyMemory<float> values, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (values.Length != (long)rows * columns)
            throw new ArgumentException(Invariant($"values has {values.Length} entries but a {rows} × {columns} matrix has {(long)rows * columns}."), nameof(values));
        Values = values;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>Gets the number of rows n.</summary>
    public int Rows { get; }

    /// <summary>Gets the number of columns d.</summary>
    public int Columns { get; }

    /// <summary>Gets the n · d values by rows.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>Copies a tensor of two dimensions.</summary>
    /// <param name="tensor">The tensor, n × d.</param>
    /// <exception cref="ArgumentException">It has another number of dimensions, or no columns.</exception>
    public static Matrix FromTensor(Tensor<float> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Rank != 2)
            throw new ArgumentException(Invariant($"The tensor has {tensor.Rank} dimensions; a matrix has two, rows × columns."), nameof(tensor));
        var values = new float[checked((int)tensor.FlattenedLength)];
        tensor.FlattenTo(values);
        return new Matrix(values, (int)tensor.Lengths[0], (int)tensor.Lengths[1]);
    }

    /// <summary>Gets a view of the values as a tensor of two dimensions, n × d, without a copy.</summary>
    public ReadOnlyTensorSpan<float> AsTensorSpan() => new(Values.Span, [Rows, Columns]);

    /// <summary>Gets one entry.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <param name="column">The column, from 0.</param>
    public float this[int row, int column] => Row(row)[column];

    /// <summary>Gets one row, the embedding of one sample.</summary>
    /// <param name="index">The row, from 0.</param>
    /// <returns>The d values of the row.</returns>
    public ReadOnlySpan<float> Row(int index) => Values.Span.Slice(checked(index * Columns), Columns);

    /// <summary>Gets a view of consecutive rows, without a copy.</summary>
    /// <param name="start">The first row, from 0.</param>
    /// <param name="count">The number of rows.</param>
    /// <returns>The count × d view.</returns>
    public Matrix Slice(int start, int count) =>
        new(Values.Slice(checked(start * Columns), checked(count * Columns)), count, Columns);

    /// <summary>Copies the given rows, in the given order.</summary>
    /// <param name="rows">The rows to take, each from 0; a row may be taken more than once.</param>
    /// <returns>A new matrix with one row for each entry of <paramref name="rows"/>.</returns>
    public Matrix SelectRows(ReadOnlySpan<int> rows)
    {
        var selected = new float[checked(rows.Length * Columns)];
        for (var i = 0; i < rows.Length; i++)
            Row(rows[i]).CopyTo(selected.AsSpan(i * Columns, Columns));
        return new Matrix(selected, rows.Length, Columns);
    }

    /// <summary>Copies matrices of as many columns one below the other; a single one is returned as it is.</summary>
    internal static Matrix Stack(IReadOnlyList<Matrix> parts)
    {
        if (parts is [var only])
            return only;
        var (rows, columns) = (parts.Sum(part => part.Rows), parts[0].Columns);
        var values = new float[checked(rows * columns)];
        var start = 0;
        foreach (var part in parts)
        {
            part.Values.CopyTo(values.AsMemory(start));
            start += part.Values.Length;
        }
        return new Matrix(values, rows, columns);
    }

    /// <summary>Copies the matrix with every row scaled to unit Euclidean length.</summary>
    /// <returns>The n × d matrix of unit rows.</returns>
    /// <exception cref="LfaDataException">A row has an entry that is not finite, or is zero; the message names the first.</exception>
    public Matrix NormalizeRows()
    {
        ThrowIfDegenerate("features");
        var unit = Values.ToArray();
        NormalizeRows(unit, Columns);
        return new Matrix(unit, Rows, Columns);
    }

    /// <summary>Scales every row of <paramref name="values"/> to unit length, in place; a zero row, which has no direction, stays zero.</summary>
    /// <remarks>In double precision, so that no square leaves its range and rows of unit length already stay as they are.</remarks>
    internal static void NormalizeRows(Span<float> values, int columns)
    {
        Span<double> part = stackalloc double[256];
        for (; values.Length > 0; values = values[columns..])
        {
            var row = values[..columns];
            var sum = 0.0;
            for (var start = 0; start < columns; start += part.Length)
                sum += TensorPrimitives.SumOfSquares<double>(Widen(row, start, part));
            var scale = sum > 0 ? 1 / Math.Sqrt(sum) : 0;
            for (var start = 0; start < columns; start += part.Length)
            {
                var scaled = Widen(row, start, part);
                TensorPrimitives.Multiply(scaled, scale, scaled);
                TensorPrimitives.ConvertTruncating<double, float>(scaled, row[start..]);
            }
        }
    }

    private static Span<double> Widen(ReadOnlySpan<float> row, int start, Span<double> buffer)
    {
        var part = row.Slice(start, Math.Min(buffer.Length, row.Length - start));
        TensorPrimitives.ConvertTruncating(part, buffer);
        return buffer[..part.Length];
    }

    /// <summary>Returns the matrix with rows of unit length: itself where they are so already, else a copy.</summary>
    /// <exception cref="LfaDataException">A row is zero or not finite.</exception>
    internal Matrix ToUnitRows()
    {
        for (var i = 0; i < Rows; i++)
        {
            if (!(Math.Abs(TensorPrimitives.SumOfSquares(Row(i)) - 1) <= UnitTolerance))
                return NormalizeRows();
        }
        return this;
    }

    /// <summary>Throws for the first row that has an entry that is not finite.</summary>
    /// <param name="name">What the caller calls this matrix.</param>
    internal void ThrowIfNotFinite(string name) => Throw(name, DegenerateRows.FindFirst(Values.Span, Columns, allowZero: true), null);

    /// <summary>Throws for the first row that is zero or has an entry that is not finite.</summary>
    /// <param name="name">What the caller calls this matrix.</param>
    /// <param name="rowNames">The names of the rows, if known.</param>
    internal void ThrowIfDegenerate(string name, IReadOnlyList<string>? rowNames = null) => Throw(name, DegenerateRows.FindFirst(Values.Span, Columns), rowNames);

    private static void Throw(string name, (int Row, string Problem)? found, IReadOnlyList<string>? rowNames)
    {
        if (found is not var (row, problem))
            return;
        var label = rowNames is null ? "" : $" ({rowNames[row]})";
        throw new LfaDataException(Invariant($"{name}: row {row}{label} {problem}; remove the row or embed it again.")) { Subject = name, Row = row };
    }

    /// <summary>Throws for one embedding that is zero or has an entry that is not finite.</summary>
    internal static void ThrowIfDegenerate(ReadOnlySpan<float> embedding, string name)
    {
        if (DegenerateRows.FaultOf(embedding) is not RowFault.None and var fault)
            throw new LfaDataException($"{name} {DegenerateRows.Describe(fault)}; embed the image again.") { Subject = name };
    }
}
