namespace Lfa.Numerics;

/// <summary>Selects the largest of many values without sorting them.</summary>
/// <remarks>
/// A heap of the k largest so far, its smallest at the root (heapselect). The order of equal values follows from the
/// heap alone; it is the order of the published implementation, so that accuracies agree with it to the last image
/// where two classes have equal prototypes.
/// </remarks>
internal static class TopK
{
    /// <summary>The number of classes that accuracies and predictions look at, at least: one size, so that they agree on ties.</summary>
    public const int Ranked = 5;

    /// <summary>Finds the positions of the largest values, the largest first.</summary>
    /// <param name="values">The values, at least as many as <paramref name="positions"/>.</param>
    /// <param name="positions">Receives the positions; at least one.</param>
    public static void Select(ReadOnlySpan<float> values, Span<int> positions)
    {
        for (var i = 0; i < positions.Length; i++)
            positions[i] = i;
        for (var root = (positions.Length / 2) - 1; root >= 0; root--)
            Place(values, positions, root, positions[root]);

        var smallest = values[positions[0]];
        for (var i = positions.Length; i < values.Length; i++)
        {
            if (!(values[i] > smallest))
                continue;
            Place(values, positions, 0, i);
            smallest = values[positions[0]];
        }
        for (var last = positions.Length - 1; last > 0; last--)
        {
            var moved = positions[last];
            positions[last] = positions[0];
            Place(values, positions[..last], 0, moved);
        }
    }

    /// <summary>Finds the positions of the largest values, the largest first: five, or as many as are wanted or exist.</summary>
    public static int[] Rank(ReadOnlySpan<float> values, int wanted = Ranked)
    {
        var positions = new int[Math.Min(Math.Max(wanted, Ranked), values.Length)];
        Select(values, positions);
        return positions;
    }

    /// <summary>Puts a position into the heap at a hole: the hole sinks to a leaf, then the position rises to its place.</summary>
    private static void Place(ReadOnlySpan<float> values, Span<int> heap, int hole, int position)
    {
        var top = hole;
        for (var child = (2 * hole) + 2; child <= heap.Length; child = (2 * hole) + 2)
        {
            if (child == heap.Length || values[heap[child]] > values[heap[child - 1]])
                child--;
            heap[hole] = heap[child];
            hole = child;
        }
        for (var parent = (hole - 1) / 2; hole > top && values[heap[parent]] > values[position]; parent = (hole - 1) / 2)
        {
            heap[hole] = heap[parent];
            hole = parent;
        }
        heap[hole] = position;
    }
}
