using Lfa.Encoders.Datasets;

namespace Lfa.Encoders.Sources;

/// <summary>Names a dataset of <see cref="DatasetCatalog"/>, and perhaps a split: "caltech101" or "caltech101:test".</summary>
/// <param name="Dataset">The dataset.</param>
/// <param name="Split">The split; null for the one that fits the purpose.</param>
public sealed record DatasetReference(DatasetDescription Dataset, DatasetSplit? Split = null)
{
    /// <summary>Finds the dataset that one word names; a file or folder of that name goes ahead.</summary>
    /// <param name="text">The word.</param>
    /// <returns>The reference; null where the word names no dataset.</returns>
    /// <exception cref="LfaDataException">The word names a dataset, but a split that there is not.</exception>
    public static DatasetReference? Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (name, split) = text.Split(':') is [var first, var second] ? (first, second) : (text, null);
        if (Path.Exists(text) || DatasetCatalog.Find(name) is not { } dataset)
            return null;
        return split is null ? new DatasetReference(dataset)
            : DatasetSplit.TryParse(split, out var known) ? new DatasetReference(dataset, known)
            : throw BadInput.At(text, $"there is no split {split}; {dataset.Name} has {string.Join(", ", dataset.Splits)}.");
    }
}
