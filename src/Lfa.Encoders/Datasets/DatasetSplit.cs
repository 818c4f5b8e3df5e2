using System.Diagnostics.CodeAnalysis;

namespace Lfa.Encoders.Datasets;

/// <summary>Represents a part of a dataset, as its publishers divide it; the default is <see cref="Train"/>.</summary>
public readonly record struct DatasetSplit
{
    private static readonly string[] Words = ["train", "val", "test"];

    private readonly int _index;

    private DatasetSplit(int index) => _index = index;

    /// <summary>Gets the images to fit to.</summary>
    public static DatasetSplit Train => default;

    /// <summary>Gets the images to choose settings by.</summary>
    public static DatasetSplit Validation { get; } = new(1);

    /// <summary>Gets the images to measure on.</summary>
    public static DatasetSplit Test { get; } = new(2);

    /// <summary>Gets the word for the split: train, val or test.</summary>
    public string Name => Words[_index];

    /// <summary>Reads the word for a split.</summary>
    /// <param name="text">The word, in letters of either case.</param>
    /// <param name="split">The split; <see cref="Train"/> where the word is none.</param>
    /// <returns>Whether the word is one of a split.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out DatasetSplit split)
    {
        var index = Array.FindIndex(Words, word => word.Equals(text, StringComparison.OrdinalIgnoreCase));
        split = new DatasetSplit(Math.Max(index, 0));
        return index >= 0;
    }

    /// <summary>Returns <see cref="Name"/>.</summary>
    public override string ToString() => Name;
}
