namespace Lfa.Encoders.Datasets;

/// <summary>The layout of FGVC-Aircraft: a folder of images, a file of the variants, and for each split one of "image variant" lines.</summary>
internal sealed class AircraftLayout : DatasetLayout
{
    private const string Images = "images";
    private const string Variants = "variants.txt";

    public override IReadOnlyList<DatasetSplit> Splits { get; } = [DatasetSplit.Train, DatasetSplit.Validation, DatasetSplit.Test];

    public override IReadOnlyList<string> Needs(DatasetSplit split) => [$"{Images}/", Variants, SplitFile(split)];

    public override ImageDataset Read(string folder, DatasetSplit split)
    {
        var names = ClassNameList.From([.. Lines(Path.Combine(folder, Variants)).Select(line => line.Line)], Path.Combine(folder, Variants));
        var path = Path.Combine(folder, SplitFile(split));
        var list = new ImageList(path, Path.GetFullPath(Path.Combine(folder, Images)));
        foreach (var (number, line) in Lines(path))
        {
            var (image, variant) = Cut(path, number, line);
            list.Add($"{image}.jpg", "line", number, names.LabelOf(variant));
        }
        return list.ToDataset(names.Names, isLabeled: true);
    }

    private static string SplitFile(DatasetSplit split) => $"images_variant_{split.Name}.txt";
}
