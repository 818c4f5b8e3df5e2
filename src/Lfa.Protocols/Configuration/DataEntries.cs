using Lfa.Encoders.Datasets;

namespace Lfa.Protocols.Configuration;

/// <summary>Reads the datasets of a configuration: files, or images of datasets that are known by name.</summary>
/// <param name="config">The whole configuration.</param>
/// <param name="folder">The folder that paths are relative to.</param>
/// <param name="output">The folder of the results, where features of images are kept.</param>
/// <param name="protocol">The kind of experiment.</param>
internal sealed class DataEntries(ConfigValue config, string folder, string output, IProtocol protocol)
{
    private const string ImageNet = "imagenet";

    private static readonly string[] ImageNetTargets = ["imagenet-v2", "imagenet-sketch", "imagenet-a", "imagenet-r"];

    private readonly string? _root = config.Find("root")?.Text();

    /// <summary>Reads them.</summary>
    public IReadOnlyList<ProtocolData> Read() => config.Get("data").List(ReadData, data => data.Name, DataName.Comparer);

    private ProtocolData ReadData(ConfigValue value)
    {
        if (!value.IsText)
            value.RequireKeys(["name", "train", "test", "text", "iterations", .. protocol.HasTargets ? ["targets"] : Array.Empty<string>()]);
        var name = value.IsText ? value : value.Get("name");
        var known = value.Find("train") is null && value.Find("test") is null ? FindKnown(name) : null;
        return name.Check(text => new ProtocolData
        {
            Name = known?.Name ?? text,
            Train = known is null ? ReadFile(value.Get("train")) : Images(known, DatasetSplit.Train, name),
            Test = known is null ? ReadFile(value.Get("test")) : Images(known, DatasetSplit.Test, name),
            Text = value.Find("text") is { } texts ? ReadFile(texts) : null,
            Targets = protocol.HasTargets ? ReadTargets(value, name, known) : [],
            Iterations = value.Find("iterations")?.Integer(least: 1),
        });
    }

    private IReadOnlyList<ProtocolTarget> ReadTargets(ConfigValue value, ConfigValue name, DatasetDescription? known) =>
        value.Find("targets") is { } targets ? targets.List(ReadTarget, target => target.Name, DataName.Comparer)
        : known?.Name == ImageNet ? [.. ImageNetTargets.Select(target => KnownTarget(DatasetCatalog.Find(target)!, name))]
        : throw name.Bad($"the targets of {name.Text()} are missing; add the key \"targets\", a list of datasets.");

    private ProtocolTarget ReadTarget(ConfigValue value)
    {
        if (!value.IsText)
            value.RequireKeys("name", "test");
        var name = value.IsText ? value : value.Get("name");
        return value.Find("test") is { } test
            ? name.Check(text => new ProtocolTarget { Name = text, Test = ReadFile(test) })
            : KnownTarget(FindKnown(name), name);
    }

    private ProtocolTarget KnownTarget(DatasetDescription known, ConfigValue where) => new() { Name = known.Name, Test = Images(known, DatasetSplit.Test, where) };

    private static DatasetDescription FindKnown(ConfigValue name) => DatasetCatalog.Find(name.Text())
        ?? throw name.Bad($"{name.Text()} is no dataset that is known by name; give its files with \"train\" and \"test\", or a name among {string.Join(", ", DatasetCatalog.All.Select(known => known.Name))}.");

    private DataFile Images(DatasetDescription known, DatasetSplit split, ConfigValue where)
    {
        if (!known.Splits.Contains(split))
            throw where.Bad($"{known.Name} has no images to {(split == DatasetSplit.Train ? "fit to" : "measure on")}; it has {string.Join(", ", known.Splits.Select(split => split.Name))}.");
        var root = _root ?? throw where.Bad($"{known.Name} is a folder of images; say with the key \"root\" in which folder it is.");
        var model = config.Find("model") ?? throw where.Bad($"{known.Name} is a folder of images; say with the key \"model\" what embeds them.");
        var file = $"{known.Name}-{split.Name}.npz";
        return new DataFile($"{file} of {model.Text()}", Path.Combine(output, "features", file)) { Images = new DatasetImages(known, split, Path.Combine(folder, root)) };
    }

    private DataFile ReadFile(ConfigValue value)
    {
        var path = Path.Combine(folder, value.Text());
        return File.Exists(path) ? new DataFile(value.Text(), path) : throw value.Bad($"{value.Text()}: there is no such file{(Directory.Exists(path) ? ", but a folder; embed its images to a feature file first" : "")}.");
    }
}
