namespace Lfa.Encoders.Datasets;

/// <summary>Collects the images that a file names.</summary>
/// <param name="source">The file that names them, for messages.</param>
/// <param name="root">The folder that the names start from.</param>
internal sealed class ImageList(string source, string root)
{
    private readonly Dictionary<string, ImageFolder> _folders = new(StringComparer.Ordinal);

    /// <summary>Gets the images, in the order of the file.</summary>
    public List<ImageItem> Items { get; } = [];

    /// <summary>Adds an image, which must be there.</summary>
    /// <param name="name">Its path from the root, with / between folders.</param>
    /// <param name="place">What the file's entries are called: "line", "row", ….</param>
    /// <param name="number">The number of the entry.</param>
    /// <param name="label">The class; −1 for none.</param>
    public void Add(string name, string place, int number, int label = -1)
    {
        if (!File.Exists(Path.Combine(root, name)))
            throw BadInput.At(source, Invariant($"{place} {number} names {name}, but there is no such file in {root}."));
        var cut = name.LastIndexOf('/');
        var folder = cut > 0 ? name[..cut] : "";
        if (!_folders.TryGetValue(folder, out var shared))
            _folders.Add(folder, shared = new ImageFolder(root, folder));
        Items.Add(new ImageItem(shared, cut > 0 ? name[(cut + 1)..] : name, label));
    }

    /// <summary>Returns the dataset; a file that names no image is refused.</summary>
    public ImageDataset ToDataset(IReadOnlyList<string> classNames, bool isLabeled) => Items.Count > 0
        ? new ImageDataset(Items.ToArray(), classNames, isLabeled)
        : throw BadInput.At(source, "it names no image; write one a line.");
}
