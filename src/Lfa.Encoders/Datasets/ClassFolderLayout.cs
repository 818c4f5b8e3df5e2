namespace Lfa.Encoders.Datasets;

/// <summary>The layout of ImageNet and its variants: a folder for each class, whose names stand in a file of "folder class name" lines.</summary>
/// <param name="train">The folder of the training images, or null for none.</param>
/// <param name="test">The folder of the test images.</param>
internal sealed class ClassFolderLayout(string? train, string test) : DatasetLayout
{
    private const string NamesFile = "classnames.txt";

    /// <summary>Gets whether folders are named by the number of the line, from 0, and not by its first word.</summary>
    public bool AreNumbered { get; init; }

    /// <summary>Gets whether the classes are those with a folder, not all lines.</summary>
    public bool IsPart { get; init; }

    public override IReadOnlyList<DatasetSplit> Splits { get; } = train is null ? [DatasetSplit.Test] : [DatasetSplit.Train, DatasetSplit.Test];

    public override IReadOnlyList<string> Needs(DatasetSplit split) => [$"{FolderOf(split)}/", NamesFile];

    public override ImageDataset Read(string folder, DatasetSplit split)
    {
        var (images, path) = (Path.Combine(folder, FolderOf(split)), Path.Combine(folder, NamesFile));
        var classes = Lines(path).Select((line, index) => AreNumbered ? (Invariant($"{index}"), Cut(path, line.Number, line.Line).Remainder) : Cut(path, line.Number, line.Line));
        if (IsPart)
            classes = classes.Where(entry => Directory.Exists(Path.Combine(images, entry.Item1)));
        var dataset = FolderDataset.Read(images, ClassNameList.OfFolders(classes, path));
        // As the archive of ImageNet's validation images is extracted.
        return dataset.IsLabeled ? dataset : throw BadInput.At(images, "its images lie in no folder of their class; sort them into such, like those to train on.");
    }

    private string FolderOf(DatasetSplit split) => split == DatasetSplit.Train ? train! : test;
}
