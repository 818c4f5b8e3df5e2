using Lfa.Data;

namespace Lfa.IO;

/// <summary>Reads an array to its end, which proves it whole, and measures its rows where it has rows of numbers.</summary>
internal sealed class RowSurvey
{
    private const int BlockValues = 1 << 14;
    private const double UnitTolerance = 1e-3; // float16 rounds a unit row's length by less

    private double _minNorm = double.PositiveInfinity;
    private double _sumNorm;
    private double _maxNorm;
    private long _count;

    /// <summary>Gets the number of rows with a NaN or an infinity.</summary>
    public long NonFiniteRows { get; private set; }

    /// <summary>Gets the first row with a NaN or an infinity, or −1.</summary>
    public long FirstNonFinite { get; private set; } = -1;

    /// <summary>Gets the number of rows that are zero.</summary>
    public long ZeroRows { get; private set; }

    /// <summary>Gets the first row that is zero, or −1.</summary>
    public long FirstZero { get; private set; } = -1;

    /// <summary>Gets the number of other rows that are not of unit length.</summary>
    public long OtherLengthRows { get; private set; }

    /// <summary>Reads an array.</summary>
    public static RowSurvey Take(StoredArray array)
    {
        var survey = new RowSurvey();
        if (!array.Type.IsFloat || array.Shape.Count < 2 || array.Count == 0)
            ReadThrough(array);
        else if (array.Shape[^1] > Array.MaxLength)
            throw array.Bad("a row is longer than memory takes in one piece; expected embeddings.");
        else if (array.IsColumnMajor)
            survey.Add(array.ToSingle(), (int)array.Shape[^1]);
        else
            survey.AddBlocks(array);
        return survey;
    }

    public RowStatistics ToStatistics()
    {
        var finite = _count - NonFiniteRows;
        return new RowStatistics(_count, finite == 0 ? 0 : _minNorm, finite == 0 ? 0 : _sumNorm / finite, _maxNorm, NonFiniteRows, ZeroRows, OtherLengthRows);
    }

    private static void ReadThrough(StoredArray array)
    {
        using var reader = array.OpenReader();
        var buffer = new byte[BlockValues];
        for (var left = (Int128)array.Count * array.Type.Size; left > 0; left -= Math.Min(buffer.Length, (long)left))
            reader.ReadBytes(buffer.AsSpan(0, (int)Math.Min(buffer.Length, (long)left)));
        reader.Finish();
    }

    private void AddBlocks(StoredArray array)
    {
        using var reader = array.OpenReader();
        var columns = (int)array.Shape[^1];
        var (rows, blockRows) = (array.Count / columns, Math.Max(1, BlockValues / columns));
        for (var start = 0L; start < rows; start += blockRows)
        {
            var values = (int)Math.Min(blockRows, rows - start) * columns;
            Add(array.ReadGrowing<float>(reader, values, (source, destination) => source.Read(destination)), columns);
        }
        reader.Finish();
    }

    private void Add(ReadOnlySpan<float> values, int columns)
    {
        for (; values.Length > 0; values = values[columns..])
            AddRow(values[..columns]);
    }

    private void AddRow(ReadOnlySpan<float> row)
    {
        var index = _count++;
        var fault = DegenerateRows.FaultOf(row);
        if (fault == RowFault.NotFinite)
        {
            FirstNonFinite = NonFiniteRows++ == 0 ? index : FirstNonFinite;
            return;
        }
        var sum = 0.0; // of squares, which may leave single precision
        foreach (var value in row)
            sum += (double)value * value;
        var norm = Math.Sqrt(sum);
        (_minNorm, _maxNorm, _sumNorm) = (Math.Min(_minNorm, norm), Math.Max(_maxNorm, norm), _sumNorm + norm);
        if (fault == RowFault.Zero)
            FirstZero = ZeroRows++ == 0 ? index : FirstZero;
        else if (Math.Abs(norm - 1) > UnitTolerance)
            OtherLengthRows++;
    }
}
