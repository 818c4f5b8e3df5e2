using System.Text.Json;

namespace Lfa.Encoders.Datasets;

/// <summary>The layout of CoOp: a folder of images, and a file {"train": [[path, label, class name], …], "val": …, "test": …}.</summary>
internal sealed class SplitFileLayout(string splitFile, string imageFolder) : DatasetLayout
{
    private static readonly string[] Keys = ["train", "val", "test"];

    public override IReadOnlyList<DatasetSplit> Splits { get; } = [DatasetSplit.Train, DatasetSplit.Validation, DatasetSplit.Test];

    public override IReadOnlyList<string> Needs(DatasetSplit split) => imageFolder.Length == 0 ? [splitFile] : [$"{imageFolder}/", splitFile];

    public override ImageDataset Read(string folder, DatasetSplit split)
    {
        var path = Path.Combine(folder, splitFile);
        var splits = Parse(path);
        var list = new ImageList(path, Path.GetFullPath(Path.Combine(folder, imageFolder)));
        var key = split.Name;
        foreach (var (index, entry) in splits[key].Index())
            list.Add(entry.Path, $"the entry of \"{key}\" with the number", index + 1, entry.Label);
        return list.ToDataset(ClassNames(path, splits.Values.SelectMany(entries => entries)), isLabeled: true);
    }

    private static Dictionary<string, List<(string Path, int Label, string Name)>> Parse(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Keys.ToDictionary(key => key, key => document.RootElement.GetProperty(key).EnumerateArray()
                .Select(entry => (entry[0].GetString()!, entry[1].GetInt32(), ClassNameList.Readable(entry[2].GetString()!))).ToList());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw BadInput.At(path, $"it is not {{\"train\": [[path, label, class name], …], \"val\": …, \"test\": …}} ({OneLine.Of(e.Message).TrimEnd('.')}); download it again.", e);
        }
    }

    /// <summary>Returns the class names in the order of their labels: one for each from 0, the same in all splits.</summary>
    private static string[] ClassNames(string path, IEnumerable<(string Path, int Label, string Name)> entries)
    {
        var names = new SortedDictionary<int, string>();
        foreach (var (file, label, name) in entries)
        {
            if (!names.TryAdd(label, name) && names[label] != name)
                throw BadInput.At(path, Invariant($"the label {label} of {file} is {name}, but {names[label]} before; download it again."));
        }
        if (names.Keys.Where((label, index) => label != index).Any())
            throw BadInput.At(path, Invariant($"its {names.Count} labels are not those from 0 to {names.Count - 1}; download it again."));
        return [.. names.Values];
    }
}
