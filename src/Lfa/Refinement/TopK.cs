namespace Lfa.Refinement;

/// <summary>Selects the largest of many values without sorting them.</summary>
internal static class TopK
{
    /// <summary>Finds the positions of the largest values, the largest first; of equals, the first.</summary>
    /// <param name="values">The values, at least as many as <paramref name="positions"/>.</param>
    /// <param name="positions">Receives the positions.</param>
    public static void Select(ReadOnlySpan<float> values, Span<int> positions)
    {
        var found = 0;
        var threshold = float.NegativeInfinity;
        for (var i = 0; i < values.Length; i++)
        {
            if (found == positions.Length && !(values[i] > threshold))
                continue;
            var place = found == positions.Length ? found - 1 : found++;
            for (; place > 0 && values[i] > values[positions[place - 1]]; place--)
                positions[place] = positions[place - 1];
            positions[place] = i;
            threshold = values[positions[found - 1]];
        }
    }
}
