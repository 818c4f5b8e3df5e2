namespace Lfa.Encoders.Datasets;

/// <summary>Makes a dataset of a folder.</summary>
internal static class FolderDataset
{
    public static ImageDataset Read(string folder, ClassNameList? names)
    {
        var walk = Open(folder);
        var classes = walk.AddRoot();
        if (classes.Length == 0)
            return ToDataset(folder, walk, names?.Names ?? [], isLabeled: false);
        if (walk.Items.Count > 0)
            throw BadInput.At(folder, $"it holds images ({walk.Items[0].Name}) beside folders ({classes[0]}); put the images into a folder of their class, or take the folders out.");
        var classNames = names?.Names ?? Array.ConvertAll(classes, ClassNameList.Readable);
        var labels = names is null ? [.. Enumerable.Range(0, classes.Length)] : Array.ConvertAll(classes, names.LabelOf);
        CheckNames(folder, classes, labels, names is null ? i => classNames[labels[i]] : null);
        for (var i = 0; i < classes.Length; i++)
        {
            var start = walk.Items.Count;
            walk.AddTree(classes[i]);
            for (var j = start; j < walk.Items.Count; j++)
                walk.Items[j] = walk.Items[j].WithLabel(labels[i]);
            if (walk.Items.Count == start && names is null)
                throw BadInput.At(folder, $"the folder {classes[i]} holds no image{Reason(walk)}; add some, delete the folder, or list the classes in a file.");
        }
        return ToDataset(folder, walk, classNames, isLabeled: true);
    }

    public static ImageDataset ReadUnlabeled(string folder, ClassNameList? names)
    {
        var walk = Open(folder);
        foreach (var child in walk.AddRoot())
            walk.AddTree(child);
        return ToDataset(folder, walk, names?.Names ?? [], isLabeled: false);
    }

    private static FolderWalk Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException(OneLine.Of($"{folder}: there is no such folder."));
        return new FolderWalk(folder);
    }

    // Two classes of a list may share a name, as two of ImageNet do; two folders must not share a class.
    private static void CheckNames(string folder, string[] classes, int[] labels, Func<int, string>? nameOf)
    {
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < classes.Length; i++)
        {
            var key = nameOf?.Invoke(i) ?? Invariant($"{labels[i]}");
            if (!folders.TryAdd(key, classes[i]))
                throw BadInput.At(folder, $"the folders {folders[key]} and {classes[i]} are both the class {nameOf?.Invoke(i) ?? ClassNameList.Readable(classes[i])}; rename one, or put them into one.");
        }
    }

    private static ImageDataset ToDataset(string folder, FolderWalk walk, IReadOnlyList<string> classNames, bool isLabeled)
    {
        if (walk.Items.Count == 0)
            throw BadInput.At(folder, $"it holds no image{Reason(walk)}; give a folder of images, or of a folder for each class.");
        ImageItem[] items = [.. walk.Items];
        Array.Sort(items, ImageItem.CompareNames);
        return new ImageDataset(items, classNames, isLabeled) { Warnings = walk.Warnings, IgnoredFiles = walk.Ignored };
    }

    private static string Reason(FolderWalk walk) => walk.Warnings is [.., var last] ? $" ({last})" : "";
}
