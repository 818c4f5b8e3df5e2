namespace Lfa.Encoders.Datasets;

/// <summary>Represents the images and videos to embed, with the classes they belong to, if any.</summary>
/// <remarks>
/// Files are known by their extensions: jpg, jpeg, jpe, jfif, png, webp, gif, bmp, tif, tiff, avif, heic, heif, jp2, jxl, ppm, pgm, pbm, pnm; videos mp4, m4v, mov,
/// mkv, webm, avi, mpg, mpeg, wmv, flv, ogv, 3gp. Hidden files and folders are skipped. No file is opened. Instances are safe for use by several threads at once.
/// </remarks>
public sealed class ImageDataset
{
    private readonly ArraySegment<ImageItem> _items;

    internal ImageDataset(ArraySegment<ImageItem> items, IReadOnlyList<string> classNames, bool isLabeled) =>
        (_items, ClassNames, IsLabeled) = (items, classNames, isLabeled);

    /// <summary>Gets the images and videos: those of a folder in ordinal order of their names, those of a list in its order.</summary>
    public IReadOnlyList<ImageItem> Items => _items;

    /// <summary>Gets the class names, in the order of the labels; images without labels have them where a list gives them.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Gets whether every item has a label.</summary>
    public bool IsLabeled { get; }

    /// <summary>Gets what was skipped and why, one line each: links in a loop or to nothing, folders that cannot be read. At most 101 lines.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>Gets the number of files that were passed over because they are neither images nor videos.</summary>
    public int IgnoredFiles { get; internal init; }

    /// <summary>Gets whether a file name has the extension of an image or video.</summary>
    /// <param name="name">The name or path.</param>
    /// <returns>Whether it has.</returns>
    public static bool IsImageName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return FileExtensions.IsImage(name) || FileExtensions.IsVideo(name);
    }

    /// <summary>Finds the images in a folder that has a sub-folder for each class; in one with no sub-folders, they have no labels.</summary>
    /// <param name="folder">The path of the folder. Links in it are followed; folders below a class belong to it.</param>
    /// <param name="names">The classes and their order, or null for those of the sub-folders: in ordinal order, named as they are, with _ read as a space.</param>
    /// <returns>The dataset.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="LfaDataException">The folder holds no image, images beside sub-folders, a sub-folder without an image that <paramref name="names"/> does not list, one that it does not know, or two that read alike.</exception>
    public static ImageDataset FromFolder(string folder, ClassNameList? names = null) => FolderDataset.Read(folder, names);

    /// <summary>Finds all images in and below a folder, whatever its sub-folders; they have no labels.</summary>
    /// <param name="folder">The path of the folder. Links in it are followed.</param>
    /// <param name="names">The class names of the task. Default: none.</param>
    /// <returns>The dataset.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="LfaDataException">The folder holds no image.</exception>
    public static ImageDataset FromUnlabeledFolder(string folder, ClassNameList? names = null) => FolderDataset.ReadUnlabeled(folder, names);

    /// <summary>Reads a CSV file (RFC 4180, UTF-8) of files and their labels or class names.</summary>
    /// <param name="path">The path of the CSV file. Its first column is the file, from the CSV file's folder; its second the label. A first row with names for them (file, path or image; label or class) may change their order.</param>
    /// <param name="names">The class names; needed where labels are numbers. Default: the class names in the file, in ordinal order.</param>
    /// <returns>The dataset, in the file's order.</returns>
    /// <exception cref="FileNotFoundException">There is no such CSV file.</exception>
    /// <exception cref="LfaDataException">A row names a file that is not there or stands twice, a label out of range or an unknown class, or the file is damaged; the message names the row.</exception>
    public static ImageDataset FromCsv(string path, ClassNameList? names = null) => ListedDataset.ReadCsv(path, names);

    /// <summary>Reads the files of a CSV file; they have no labels, whatever its further columns say.</summary>
    /// <param name="path">The path of the CSV file, as for <see cref="FromCsv"/>, but one column is enough.</param>
    /// <param name="names">The class names of the task. Default: none.</param>
    /// <returns>The dataset, in the file's order.</returns>
    /// <exception cref="FileNotFoundException">There is no such CSV file.</exception>
    /// <exception cref="LfaDataException">A row names a file that is not there or stands twice, or the file is damaged; the message names the row.</exception>
    public static ImageDataset FromUnlabeledCsv(string path, ClassNameList? names = null) => ListedDataset.ReadUnlabeledCsv(path, names);

    /// <summary>Reads a text file (UTF-8) that names an image a line, from its own folder; they have no labels.</summary>
    /// <param name="path">The path of the text file.</param>
    /// <param name="names">The class names of the task. Default: none.</param>
    /// <returns>The dataset, in the file's order.</returns>
    /// <exception cref="FileNotFoundException">There is no such text file.</exception>
    /// <exception cref="LfaDataException">A line names a file that is not there or stands twice; the message names the line.</exception>
    public static ImageDataset FromList(string path, ClassNameList? names = null) => ListedDataset.ReadList(path, names);

    /// <summary>Makes a dataset of images and videos given by their paths, which become their names; they have no labels.</summary>
    /// <param name="paths">The paths of the files, of any extension.</param>
    /// <returns>The dataset, in the order of the paths.</returns>
    /// <exception cref="FileNotFoundException">There is no such file; the message names the first.</exception>
    public static ImageDataset FromFiles(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var here = new ImageFolder(Directory.GetCurrentDirectory(), "");
        return new ImageDataset(paths.Select(path => new ImageItem(here, Existing(path), -1)).ToArray(), [], isLabeled: false);
    }

    /// <summary>Makes a dataset of images that are put together one by one: files, bytes or streams.</summary>
    /// <param name="items">The images, all with a label or none.</param>
    /// <param name="classNames">The names of the C classes, which labels need; labels count them from 0. Default: none.</param>
    /// <returns>The dataset, in the order of the items.</returns>
    /// <exception cref="LfaDataException">Some items have a label and others do not, or a label is none of a class; the message names the first.</exception>
    public static ImageDataset FromItems(IEnumerable<ImageItem> items, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ImageItem[] all = [.. items];
        var names = classNames ?? [];
        var isLabeled = all.Length > 0 && all[0].Label >= 0;
        foreach (var (row, item) in all.Index())
        {
            if (item.Label >= 0 != isLabeled)
                throw new LfaDataException(OneLine.Of($"{item.Name} has {(isLabeled ? "no label" : "a label")} but {all[0].Name} has {(isLabeled ? "one" : "none")}; give a label to all images, or to none.")) { Subject = item.Name, Row = row };
            if (item.Label >= names.Count)
                throw new LfaDataException(OneLine.Of(Invariant($"the label {item.Label} of {item.Name} is out of range; there are {names.Count} class names, which labels count from 0."))) { Subject = item.Name, Row = row };
        }
        return new ImageDataset(all, [.. names], isLabeled);
    }

    /// <summary>Takes one of several parts of the items, in order; all parts one after another are the whole.</summary>
    /// <param name="part">The part, from 1 to <paramref name="parts"/>.</param>
    /// <param name="parts">The number of parts, at least 1; their sizes differ by at most one.</param>
    /// <returns>The part, with all classes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
    public ImageDataset Shard(int part, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(part, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, parts);
        var (start, end) = ((int)((long)_items.Count * (part - 1) / parts), (int)((long)_items.Count * part / parts));
        return new ImageDataset(_items[start..end], ClassNames, IsLabeled) { Warnings = Warnings, IgnoredFiles = IgnoredFiles };
    }

    /// <summary>Names the classes, and orders their labels, as a list does.</summary>
    /// <param name="names">The classes, among which must be all of this dataset.</param>
    /// <returns>The same images with the classes of the list.</returns>
    /// <exception cref="LfaDataException">A class is not in the list; the message names it.</exception>
    public ImageDataset WithClasses(ClassNameList names)
    {
        ArgumentNullException.ThrowIfNull(names);
        // Two classes of one name keep their own labels.
        if (names.Names.SequenceEqual(ClassNames))
            return this;
        int[] labels = [.. ClassNames.Select(names.LabelOf)];
        return new ImageDataset(_items.Select(item => IsLabeled ? item.WithLabel(labels[item.Label]) : item).ToArray(), names.Names, IsLabeled) { Warnings = Warnings, IgnoredFiles = IgnoredFiles };
    }

    private static string Existing(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return File.Exists(path) ? path : throw new FileNotFoundException(OneLine.Of($"{path}: there is no such file."), path);
    }
}
