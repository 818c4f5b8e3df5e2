using Lfa.Cli.Rendering;
using Lfa.Encoders;
using Lfa.Encoders.Datasets;

namespace Lfa.Cli.Inputs;

/// <summary>Tells images from feature files among the arguments, and reads what is listed.</summary>
internal static class ImageInput
{
    /// <summary>Returns whether a path stands for images: a folder, a list (.csv, .txt), an image itself, or a dataset by name.</summary>
    public static bool IsImages(string path) =>
        Directory.Exists(path) || IsList(path) || ImageDataset.IsImageName(path) || DatasetName.Parse(path) is not null;

    /// <summary>Reads which images there are.</summary>
    /// <param name="path">A folder, a list, an image, or a dataset by name.</param>
    /// <param name="names">The class names, or null to take them from the folders, the list or the dataset.</param>
    /// <param name="root">The folder of the datasets, or null.</param>
    /// <param name="split">The split of a dataset by name that the argument is for.</param>
    public static ImageDataset Read(string path, ClassNameList? names, string? root, DatasetSplit split) =>
        DatasetName.Parse(path) is { } known ? known.Read(root, split, names)
        : Directory.Exists(path) ? ImageDataset.FromFolder(path, names)
        : IsCsv(path) ? ImageDataset.FromCsv(path, names)
        : IsList(path) ? ImageDataset.FromList(path, names)
        : ImageDataset.FromFiles([path]);

    /// <summary>Reads which images there are, whatever their classes.</summary>
    /// <param name="paths">A folder, a list, a dataset by name, or any number of images.</param>
    /// <param name="root">The folder of the datasets, or null.</param>
    /// <param name="names">The class names of the task, or null where none are needed.</param>
    /// <param name="split">The split of a dataset by name that the argument is for.</param>
    public static ImageDataset ReadUnlabeled(IReadOnlyList<string> paths, string? root, ClassNameList? names = null, DatasetSplit split = default)
    {
        if (paths is [var path])
        {
            return Directory.Exists(path) ? ImageDataset.FromUnlabeledFolder(path, names)
                : IsCsv(path) ? ImageDataset.FromUnlabeledCsv(path, names)
                : Read(path, names, root, split);
        }
        if (paths.FirstOrDefault(path => Directory.Exists(path) || !ImageDataset.IsImageName(path)) is { } other)
            throw new BadInputException($"{other}: this is no image; give images, or one folder, list or feature file.");
        return ImageDataset.FromFiles(paths);
    }

    /// <summary>Says what the dataset has passed over.</summary>
    public static void Report(ProgressDisplay display, ImageDataset dataset)
    {
        foreach (var warning in dataset.Warnings)
            display.Tell($"lfa: {OneLine.Of(warning)}");
        if (dataset.IgnoredFiles > 0)
            display.Tell($"lfa: passed over {Counted.Of(dataset.IgnoredFiles, "file that is neither image nor video", "files that are neither images nor videos")}.");
    }

    /// <summary>Says which images could not be read.</summary>
    public static void Report(ProgressDisplay display, IReadOnlyList<UnreadableImage> unreadable)
    {
        foreach (var image in unreadable)
            display.Tell($"lfa: left out {OneLine.Of(image.Name)}: {OneLine.Of(image.Problem)}");
    }

    private static bool IsList(string path) => IsCsv(path) || Path.GetExtension(path).Equals(".txt", StringComparison.OrdinalIgnoreCase);

    private static bool IsCsv(string path) => Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase);
}
