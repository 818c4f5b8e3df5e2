namespace Lfa.IO;

/// <summary>Computes with the shapes of stored arrays.</summary>
internal static class ArrayShape
{
    /// <summary>Multiplies the extents.</summary>
    /// <returns>The number of elements, or null when it leaves 64 bits.</returns>
    public static long? Count(IReadOnlyList<long> shape)
    {
        if (shape.Contains(0))
            return 0;
        var count = (Int128)1;
        foreach (var extent in shape)
        {
            count *= extent;
            if (count > long.MaxValue)
                return null;
        }
        return (long)count;
    }

    /// <summary>Describes a shape for a person: "4000 × 512", or "a single value".</summary>
    public static string Describe(IReadOnlyList<long> shape) =>
        shape.Count == 0 ? "a single value" : string.Join(" × ", shape.Select(extent => Invariant($"{extent}")));

    /// <summary>Reorders values stored by columns (the first index runs fastest) to rows (the last runs fastest).</summary>
    public static T[] ToRowMajor<T>(T[] values, IReadOnlyList<long> shape)
    {
        if (shape.Count < 2 || values.Length == 0)
            return values;
        var ordered = new T[values.Length];
        var last = (int)shape[^1];
        var stride = values.Length / last; // between neighbors along the last index
        var index = new long[shape.Count - 1];
        for (var row = 0; row < ordered.Length; row += last)
        {
            var start = Offset(index, shape);
            for (var j = 0; j < last; j++)
                ordered[row + j] = values[start + j * stride];
            Advance(index, shape);
        }
        return ordered;
    }

    private static int Offset(ReadOnlySpan<long> index, IReadOnlyList<long> shape)
    {
        var (offset, stride) = (0L, 1L);
        for (var axis = 0; axis < index.Length; axis++)
        {
            offset += index[axis] * stride;
            stride *= shape[axis];
        }
        return (int)offset;
    }

    private static void Advance(Span<long> index, IReadOnlyList<long> shape)
    {
        for (var axis = index.Length - 1; axis >= 0; axis--)
        {
            if (++index[axis] < shape[axis])
                return;
            index[axis] = 0;
        }
    }
}
