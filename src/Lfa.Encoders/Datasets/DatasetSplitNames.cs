namespace Lfa.Encoders.Datasets;

/// <summary>The words for the splits of a dataset.</summary>
public static class DatasetSplitNames
{
    private static readonly string[] Names = ["train", "val", "test"];

    /// <summary>Returns the word for a split: train, val or test.</summary>
    /// <param name="split">The split.</param>
    public static string Of(DatasetSplit split) => Names[(int)split];

    /// <summary>Returns the split of a word, or null where it is none.</summary>
    /// <param name="name">The word, in letters of either case.</param>
    public static DatasetSplit? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var index = Array.FindIndex(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : (DatasetSplit)index;
    }
}
