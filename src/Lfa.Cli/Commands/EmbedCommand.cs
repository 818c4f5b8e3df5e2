using System.Diagnostics;
using System.Globalization;
using Lfa.Cli.Inputs;
using Lfa.Cli.Parsing;
using Lfa.Cli.Rendering;
using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Sources;

namespace Lfa.Cli.Commands;

/// <summary>lfa embed: turns images and class names into a feature file.</summary>
internal sealed class EmbedCommand : Command
{
    private readonly Session _session;
    private readonly Argument<string> _images = PathArgument.Create("IMAGES", "A folder with one folder of images or videos for each class, a .csv of file,class, a dataset by name or a .txt of files");
    private readonly Option<string> _output = new("--output", "-o") { Description = "The feature file to write (.npz)", HelpName = "file", Required = true };
    private readonly EncodingSymbols _encoding;
    private readonly TextSymbols _texts;
    private readonly ClassesOption _classes;
    private readonly Option<bool> _keepPrompts = OptionOf.Switch("--keep-prompts", "Keep the prompts of several templates apart in the file, so that a fit weighs them by the images, in place of their means");
    private readonly Option<string?> _shard = new("--shard") { Description = "Embed only part i of n of the images, 1/n to n/n", HelpName = "i/n" };
    private readonly Option<bool> _strict = OptionOf.Switch("--strict", "Fail on an image that cannot be read, in place of leaving it out");
    private readonly Option<int> _threads = ThreadsOption.Create();
    private readonly Option<bool> _json = OptionOf.Switch("--json", "Print one JSON document instead of the summary");

    public EmbedCommand(Session session)
        : base("embed", "Embed images and class names with a CLIP-like model into a feature file; run it again to go on after an interruption.")
    {
        _session = session;
        Add(_images);
        Add(_output);
        _encoding = new EncodingSymbols(this, trains: true);
        _texts = new TextSymbols(this);
        _classes = new ClassesOption(this);
        Add(_keepPrompts);
        Add(_shard);
        Add(_strict);
        Add(_threads);
        Add(_json);
        SetAction(Execute);
    }

    private void Execute(ParseResult result)
    {
        var (path, output) = (result.GetRequiredValue(_images), result.GetRequiredValue(_output));
        OutputPath.RequireExtension(output, ".npz");
        OutputPath.Check(output, path, _texts.FilePath(result), _classes.Path(result));
        var start = Stopwatch.GetTimestamp();
        EncodedFile file;
        ImageDataset dataset;
        using (var progress = _session.StartProgress("listing"))
        {
            var sources = _encoding.ReadSources(result, result.Read(_threads), DatasetReference.Find(path)?.Dataset);
            using var input = new FeatureInput(_session, progress, sources with { Encoding = sources.Encoding with { KeepsPrompts = result.GetValue(_keepPrompts) }, TextFeatures = _texts.Read(result, sources.Encoding.Templates, isCached: true) });
            dataset = Shard(input.OpenImages(path, _classes.Read(result)), result.GetValue(_shard));
            if (input.HasOtherTexts && dataset.ClassNames.Count == 0)
                throw new BadInputException($"{path}: the images have no classes to find text features for; leave --text-features and --text-api out, or put the images of each class into a folder of their own.");
            file = Encode(input, dataset, output, result.GetValue(_strict));
        }
        if (result.GetValue(_json))
            EmbeddingReport.WriteJson(_session.Output, dataset, file, Stopwatch.GetElapsedTime(start));
        else
            EmbeddingReport.WriteText(_session.Output, dataset, file, Stopwatch.GetElapsedTime(start));
    }

    private static EncodedFile Encode(FeatureInput input, ImageDataset dataset, string output, bool strict)
    {
        try
        {
            return input.Embed(dataset, output, strict);
        }
        catch (OperationCanceledException e)
        {
            throw new CanceledException("canceled; run it again to go on where it stopped.", e);
        }
    }

    private static ImageDataset Shard(ImageDataset dataset, string? shard)
    {
        if (shard is null)
            return dataset;
        var parts = shard.Split('/');
        if (parts is not [var first, var second] || !IsNumber(first, out var part) || !IsNumber(second, out var count) || part < 1 || count < part)
            throw new BadInputException($"--shard {shard}: expected i/n with i from 1 to n, such as 1/4.");
        if (count > dataset.Items.Count)
            throw new BadInputException($"--shard {shard}: there {(dataset.Items.Count == 1 ? "is" : "are")} only {Counted.Images(dataset.Items.Count)}; take no more parts than images.");
        return dataset.Shard(part, count);
    }

    private static bool IsNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
