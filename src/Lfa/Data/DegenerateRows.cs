using System.Numerics.Tensors;

namespace Lfa.Data;

/// <summary>Names why a row has no direction.</summary>
internal enum RowFault
{
    /// <summary>It has one.</summary>
    None,

    /// <summary>An entry is a NaN or an infinity.</summary>
    NotFinite,

    /// <summary>All entries are zero.</summary>
    Zero,
}

/// <summary>Finds rows that have no direction: the one check of the core.</summary>
internal static class DegenerateRows
{
    /// <summary>Tells what is wrong with a row.</summary>
    public static RowFault FaultOf(ReadOnlySpan<float> row)
    {
        var largest = TensorPrimitives.MaxMagnitude(row); // NaN when an entry is
        return !float.IsFinite(largest) ? RowFault.NotFinite : largest == 0 ? RowFault.Zero : RowFault.None;
    }

    /// <summary>Says what is wrong, as the end of "row 3 …".</summary>
    public static string Describe(RowFault fault) => fault == RowFault.Zero ? "is zero and has no direction" : "holds a NaN or an infinity";

    /// <summary>Finds the first row with a fault.</summary>
    /// <param name="values">The values by rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="allowZero">Whether rows of zeros pass. Default: no.</param>
    public static (int Row, string Problem)? FindFirst(ReadOnlySpan<float> values, int columns, bool allowZero = false)
    {
        for (var row = 0; row < values.Length / columns; row++)
        {
            var fault = FaultOf(values.Slice(row * columns, columns));
            if (fault == RowFault.NotFinite || (fault == RowFault.Zero && !allowZero))
                return (row, Describe(fault));
        }
        return null;
    }
}
