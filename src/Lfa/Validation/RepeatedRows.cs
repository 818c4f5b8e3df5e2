using System.Runtime.InteropServices;
using Lfa.Data;

namespace Lfa.Validation;

/// <summary>Finds rows that are bit by bit the same.</summary>
internal static class RepeatedRows
{
    /// <summary>Returns for each row the first row with its features: itself, where there is none before.</summary>
    public static int[] FirstOf(Matrix features)
    {
        var first = new int[features.Rows];
        var seen = new Dictionary<int, List<int>>();
        for (var row = 0; row < first.Length; row++)
        {
            var hash = new HashCode();
            hash.AddBytes(MemoryMarshal.AsBytes(features.Row(row)));
            ref var alike = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, hash.ToHashCode(), out _);
            alike ??= [];
            var same = alike.Find(other => features.Row(other).SequenceEqual(features.Row(row)));
            // Row 0 is also what is found where nothing is.
            first[row] = alike.Count > 0 && features.Row(same).SequenceEqual(features.Row(row)) ? same : row;
            if (first[row] == row)
                alike.Add(row);
        }
        return first;
    }
}
