namespace Lfa.Encoders.Datasets;

/// <summary>The layout of HMDB51: a folder of videos for each class, and for each class a list of "video.avi part" lines, part 1 to train on, 2 to test on, 0 for neither.</summary>
/// <param name="number">Which of the three divisions into train and test.</param>
internal sealed class HmdbVideoLayout(int number) : DatasetLayout
{
    private const string Videos = "videos";
    private const string Lists = "testTrainMulti_7030_splits";

    private readonly string _suffix = Invariant($"_test_split{number}.txt");

    public override IReadOnlyList<DatasetSplit> Splits { get; } = [DatasetSplit.Train, DatasetSplit.Test];

    public override IReadOnlyList<string> Needs(DatasetSplit split) => [$"{Videos}/", $"{Lists}/"];

    public override ImageDataset Read(string folder, DatasetSplit split)
    {
        var lists = Path.Combine(folder, Lists);
        string[] classes = [.. Directory.EnumerateFiles(lists, $"*{_suffix}").Select(path => Path.GetFileName(path)[..^_suffix.Length]).Order(StringComparer.Ordinal)];
        if (classes.Length == 0)
            throw BadInput.At(lists, $"there is no list of a class, such as brush_hair{_suffix}; extract the splits again.");
        var part = split == DatasetSplit.Train ? "1" : "2";
        var items = new List<ImageItem>();
        foreach (var (label, name) in classes.Index())
            items.AddRange(Read(Path.Combine(lists, name + _suffix), Path.GetFullPath(Path.Combine(folder, Videos)), name, label, part));
        return items.Count > 0
            ? new ImageDataset(items.ToArray(), [.. classes.Select(ClassNameList.Readable)], isLabeled: true)
            : throw BadInput.At(lists, Invariant($"no list has a video of the part {part}; extract the splits again."));
    }

    private static List<ImageItem> Read(string path, string videos, string name, int label, string part)
    {
        var list = new ImageList(path, videos);
        foreach (var (line, text) in Lines(path))
        {
            var (video, itsPart) = Cut(path, line, text);
            if (itsPart == part)
                list.Add($"{name}/{video}", "line", line, label);
        }
        return list.Items;
    }
}
