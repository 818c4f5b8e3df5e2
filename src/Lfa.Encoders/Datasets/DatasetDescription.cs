using Lfa.Encoders.Text;

namespace Lfa.Encoders.Datasets;

/// <summary>Represents a dataset that papers report on, with its layout, its templates and its published iterations.</summary>
/// <remarks>Instances are safe for use by several threads at once.</remarks>
public sealed class DatasetDescription
{
    private readonly DatasetLayout _layout;

    internal DatasetDescription(string name, string folder, string templates, DatasetLayout layout) =>
        (Name, Folder, Templates, _layout) = (name, folder, PromptTemplates.ForDataset(templates), layout);

    /// <summary>Gets the name; upper and lower case, and - and _ within, do not matter where it is asked for.</summary>
    public string Name { get; }

    /// <summary>Gets other names that it goes by.</summary>
    public IReadOnlyList<string> Aliases { get; internal init; } = [];

    /// <summary>Gets its folder in the one of all datasets.</summary>
    public string Folder { get; }

    /// <summary>Gets the templates that papers put its class names into.</summary>
    public PromptTemplates Templates { get; }

    /// <summary>Gets the published iterations of the refinement, or null where none are.</summary>
    public PublishedIterations? Iterations { get; internal init; }

    /// <summary>Gets the splits that it has.</summary>
    public IReadOnlyList<DatasetSplit> Splits => _layout.Splits;

    /// <summary>Gets the files and folders that are looked for in <see cref="Folder"/>; folders end in /.</summary>
    public IReadOnlyList<string> Expects => [.. Splits.SelectMany(_layout.Needs).Distinct()];

    /// <summary>Reads which images a split has; no image is opened.</summary>
    /// <param name="root">The folder of all datasets, which holds <see cref="Folder"/>.</param>
    /// <param name="split">One of <see cref="Splits"/>.</param>
    /// <returns>The images or videos with their labels; all splits have the same class names, in the order of the labels.</returns>
    /// <exception cref="FileNotFoundException">A file is not there; the message says what is expected where.</exception>
    /// <exception cref="DirectoryNotFoundException">A folder is not there; the message says what is expected where.</exception>
    /// <exception cref="LfaDataException">There is no such split, a file is damaged, or names an image that is not there; the message names the first.</exception>
    public ImageDataset Read(string root, DatasetSplit split)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        if (!Splits.Contains(split))
            throw BadInput.Because($"{Name} has no split {split.Name}; it has {string.Join(", ", Splits.Select(split => split.Name))}.");
        var folder = Path.Combine(root, Folder);
        foreach (var need in _layout.Needs(split).Prepend("/"))
            RequireThere(Path.Combine(folder, need.TrimStart('/')), need.EndsWith('/'));
        return _layout.Read(folder, split);
    }

    private void RequireThere(string path, bool isFolder)
    {
        if (isFolder ? Directory.Exists(path) : File.Exists(path))
            return;
        var message = OneLine.Of($"{path.TrimEnd('/', Path.DirectorySeparatorChar)}: there is no such {(isFolder ? "folder" : "file")}; {Name} is looked for in {Folder}/ with {string.Join(", ", Expects)}.");
        throw isFolder ? new DirectoryNotFoundException(message) : new FileNotFoundException(message, path);
    }
}
