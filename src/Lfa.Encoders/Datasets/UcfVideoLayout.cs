using System.Text.RegularExpressions;

namespace Lfa.Encoders.Datasets;

/// <summary>The layout of the videos of UCF101: a folder for each class, and lists of "class/video.avi label" lines.</summary>
/// <param name="number">Which of the three divisions into train and test.</param>
internal sealed partial class UcfVideoLayout(int number) : DatasetLayout
{
    private const string Videos = "UCF-101";
    private const string Lists = "ucfTrainTestlist";
    private const string Classes = $"{Lists}/classInd.txt";

    public override IReadOnlyList<DatasetSplit> Splits { get; } = [DatasetSplit.Train, DatasetSplit.Test];

    public override IReadOnlyList<string> Needs(DatasetSplit split) => [$"{Videos}/", Classes, SplitFile(split)];

    public override ImageDataset Read(string folder, DatasetSplit split)
    {
        var (classes, path) = (Path.Combine(folder, Classes), Path.Combine(folder, SplitFile(split)));
        string[] actions = [.. Lines(classes).Select(line => Cut(classes, line.Number, line.Line).Remainder)];
        var names = ClassNameList.From(actions, classes);
        var list = new ImageList(path, Path.GetFullPath(Path.Combine(folder, Videos)));
        foreach (var (line, text) in Lines(path))
        {
            // The lists of test videos have no label behind the name.
            var video = text.Split(' ')[0];
            list.Add(video, "line", line, names.LabelOf(video.Split('/')[0]));
        }
        return list.ToDataset([.. actions.Select(action => BeforeCapital().Replace(action, " "))], isLabeled: true);
    }

    private string SplitFile(DatasetSplit split) => Invariant($"{Lists}/{(split == DatasetSplit.Train ? "train" : "test")}list{number:00}.txt");

    // ApplyEyeMakeup is read as "Apply Eye Makeup".
    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex BeforeCapital();
}
