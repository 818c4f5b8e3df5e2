namespace Lfa.Data;

/// <summary>Lists the rows of each class.</summary>
internal static class ClassMembers
{
    /// <summary>Returns, for each class, its rows in rising order.</summary>
    public static int[][] Of(ReadOnlySpan<int> labels, int classes)
    {
        var counts = new int[classes];
        foreach (var label in labels)
            counts[label]++;
        var members = new int[classes][];
        for (var c = 0; c < classes; c++)
            members[c] = new int[counts[c]];
        Array.Clear(counts);
        for (var i = 0; i < labels.Length; i++)
            members[labels[i]][counts[labels[i]]++] = i;
        return members;
    }
}
