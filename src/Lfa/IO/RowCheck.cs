using System.Numerics.Tensors;

namespace Lfa.IO;

/// <summary>Finds rows that are zero or not finite.</summary>
internal static class RowCheck
{
    /// <summary>Describes what is wrong with a row, or returns null.</summary>
    public static string? Problem(ReadOnlySpan<float> row)
    {
        var largest = TensorPrimitives.MaxMagnitude(row); // NaN when an entry is
        if (!float.IsFinite(largest))
            return "holds a NaN or an infinity";
        return largest == 0 ? "is zero and has no direction" : null;
    }

    /// <summary>Finds the first row with a problem.</summary>
    public static (int Row, string Problem)? FindFirst(ReadOnlySpan<float> values, int columns)
    {
        for (var row = 0; row < values.Length / columns; row++)
        {
            if (Problem(values.Slice(row * columns, columns)) is { } problem)
                return (row, problem);
        }
        return null;
    }
}
