using Lfa.Encoders.Datasets;

namespace Lfa.Cli.Inputs;

/// <summary>A known dataset asked for by name, with the split that is meant: "caltech101" or "caltech101:test".</summary>
/// <param name="Dataset">The dataset.</param>
/// <param name="Split">The split, or null for the one that the argument is for.</param>
internal sealed record DatasetName(DatasetDescription Dataset, DatasetSplit? Split)
{
    private const string RootVariable = "LFA_DATA";

    /// <summary>Reads one word; a file or folder of that name goes ahead.</summary>
    /// <returns>The name, or null where the word is no known dataset.</returns>
    public static DatasetName? Parse(string text)
    {
        var (name, split) = text.Split(':') is [var first, var second] ? (first, second) : (text, null);
        if (Path.Exists(text) || DatasetCatalog.Find(name) is not { } dataset)
            return null;
        return split is null ? new DatasetName(dataset, null)
            : DatasetSplit.TryParse(split, out var known) ? new DatasetName(dataset, known)
            : throw new BadInputException($"{text}: there is no split {split}; {dataset.Name} has {string.Join(", ", dataset.Splits.Select(split => split.Name))}.");
    }

    /// <summary>Reads which images there are.</summary>
    /// <param name="root">The folder of all datasets, or null to take it from the environment.</param>
    /// <param name="split">The split that the argument is for.</param>
    /// <param name="names">The class names of the task, or null for those of the dataset.</param>
    public ImageDataset Read(string? root, DatasetSplit split, ClassNameList? names)
    {
        root ??= Environment.GetEnvironmentVariable(RootVariable) is { Length: > 0 } folder ? folder
            : throw new BadInputException($"{Dataset.Name}: say with --root, or in {RootVariable}, which folder holds {Dataset.Folder}/; see `lfa datasets`.");
        var dataset = Dataset.Read(root, Split ?? split);
        return names is null ? dataset : dataset.WithClasses(names);
    }
}
