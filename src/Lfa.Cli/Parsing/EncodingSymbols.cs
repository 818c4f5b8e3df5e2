using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Images;
using Lfa.Encoders.Models;
using Lfa.Encoders.Sources;
using Lfa.Encoders.Text;

namespace Lfa.Cli.Parsing;

/// <summary>The options that say with which model, and how, images are embedded.</summary>
internal sealed class EncodingSymbols
{
    private static readonly EncoderOptions Defaults = new();

    private readonly Option<string?> _model = new("--model") { HelpName = "folder|name" };
    private readonly Option<string?> _variant = new("--variant") { Description = "The variant of the model's graphs, such as quantized or fp16", HelpName = "name" };
    private readonly Option<string> _provider = OptionOf.Choice("--provider", "What runs the model; all but cpu need another package of the runtime", "cpu", "cpu", "cuda", "directml");
    private readonly Option<int> _batch;
    private readonly Option<bool> _applyOrientation = OptionOf.Switch("--apply-orientation", "Turn images as their EXIF data say, which the published pipelines do not");
    private readonly Option<bool> _noCache = OptionOf.Switch("--no-cache", "Embed again what was embedded before");
    private readonly Option<int> _frames = OptionOf.Integer("--frames", "How many frames of a video are embedded", new DatasetEncoderOptions().Frames, value => _ = new DatasetEncoderOptions { Frames = value });

    private readonly Option<string> _framePooling = OptionOf.Choice("--frame-pooling", "How the features of the frames become that of the video", "mean", "mean", "maximum");
    private readonly Option<string?> _root = new("--root") { Description = "The folder of the datasets that are asked for by name, such as caltech101:train (see `lfa datasets`); without it, LFA_DATA", HelpName = "folder" };

    private readonly Option<string> _crops = OptionOf.Choice("--crops", "The crops embedded of each image: the center, the four corners too, or all of them mirrored too", "1", "1", "5", "10");

    private readonly Option<string[]> _templates = new("--template")
    {
        Description = $"A text that class names are put into, with {{}} for the name, any number of times; or the published ones of a dataset ({string.Join(", ", PromptTemplates.Datasets)}), which one asked for by name has by itself",
        HelpName = "text|dataset",
        DefaultValueFactory = _ => [.. PromptTemplates.Default.Templates],
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly bool _trains;
    private bool _keeps;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="trains">Whether the command embeds class names and may store several crops, too.</param>
    /// <param name="knowsModel">Whether a classifier tells the model. Default: where the command does not train.</param>
    public EncodingSymbols(Command command, bool trains, bool? knowsModel = null)
    {
        _trains = trains;
        _model.Description = "The encoder: the folder of a CLIP-like model, a model of a hub such as openai/clip-vit-base-patch32, or emoji, the small one that comes with the tool"
            + (knowsModel ?? !trains ? "; without it, that of the fit" : "");
        _batch = OptionOf.Integer("--image-batch", "How many images run through the model at once", Defaults.BatchSize, value => _ = new EncoderOptions { BatchSize = value });
        foreach (Option option in new Option[] { _model, _variant, _provider, _batch, _frames, _framePooling, _applyOrientation, _root })
            command.Add(option);
        if (trains)
        {
            command.Add(_crops);
            command.Add(_templates);
        }
    }

    /// <summary>Adds the option for commands that keep features between runs.</summary>
    public EncodingSymbols AddCache(Command command)
    {
        command.Add(_noCache);
        _keeps = true;
        return this;
    }

    /// <summary>Reads what the model is asked for by, or null where none is given.</summary>
    public ModelReference? Model(ParseResult result) =>
        result.GetValue(_model) is { } model ? result.GetValue(_variant) is { } given ? new ModelReference(model, given) : ModelReference.Parse(model)
        : result.GetValue(_variant) is { } variant ? throw new BadInputException($"--variant {variant}: give the model, too, with --model.")
        : null;

    /// <summary>Refuses a model where there are no images to embed.</summary>
    public void RefuseWithout(ParseResult result, params ReadOnlySpan<string?> paths)
    {
        foreach (var path in paths)
        {
            if (path is not null && SourceLoader.IsImages(path))
                return;
        }
        // What is not there is told as such when it is read.
        if (File.Exists(paths[0]) && Model(result) is { } model)
            throw new BadInputException($"--model {model}: {paths[0]} is neither an image, a folder nor a list (.csv, .txt) of images; leave the option out for a file of features.");
    }

    /// <summary>Reads how sources are read: the model, the folder of the datasets, and how to embed.</summary>
    /// <inheritdoc cref="Read"/>
    public SourceLoaderOptions ReadSources(ParseResult result, int threads, DatasetDescription? known = null) => new()
    {
        Model = Model(result),
        DatasetRoot = result.GetValue(_root),
        Encoding = Read(result, threads, known),
    };

    /// <summary>Reads whether what was embedded before is embedded again.</summary>
    public bool SkipsCache(ParseResult result) => _keeps && result.GetValue(_noCache);

    /// <summary>Reads how to embed.</summary>
    /// <param name="result">The arguments.</param>
    /// <param name="threads">The number of threads at most; -1 for all processors.</param>
    /// <param name="known">The dataset that is asked for by name, whose templates are its defaults, or null.</param>
    public DatasetEncoderOptions Read(ParseResult result, int threads, DatasetDescription? known = null) => new()
    {
        Encoder = new EncoderOptions { Provider = Enum.Parse<ExecutionProvider>(result.GetRequiredValue(_provider), ignoreCase: true), MaxDegreeOfParallelism = threads, BatchSize = result.GetValue(_batch) },
        Crops = !_trains ? Crops.Center : result.GetValue(_crops) switch { "5" => Crops.Five, "10" => Crops.FiveAndFlips, _ => Crops.Center },
        Frames = result.GetValue(_frames),
        FramePooling = Enum.Parse<FramePooling>(result.GetRequiredValue(_framePooling), ignoreCase: true),
        Decoding = new ImageDecoderOptions { ApplyOrientation = result.GetValue(_applyOrientation) },
        Templates = result.GetResult(_templates) is { Implicit: false } ? ReadTemplates(result.GetRequiredValue(_templates)) : known?.Templates ?? PromptTemplates.Default,
        CacheFolder = !_keeps || result.GetValue(_noCache) ? null : new DatasetEncoderOptions().CacheFolder,
    };

    private static PromptTemplates ReadTemplates(string[] texts)
    {
        try
        {
            return texts is [var name] && !name.Contains("{}", StringComparison.Ordinal) ? PromptTemplates.ForDataset(name) : new PromptTemplates(texts);
        }
        catch (LfaDataException e)
        {
            throw new BadInputException($"--template: {e.Message}", e);
        }
    }
}
