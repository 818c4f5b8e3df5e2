using Lfa.Cli.Rendering;
using Lfa.Data;
using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Models;
using Lfa.Encoders.Sources;
using Lfa.Model;

namespace Lfa.Cli.Inputs;

/// <summary>Reads what a command works on with a <see cref="SourceLoader"/>, waits for it, and shows what was passed over.</summary>
internal sealed class FeatureInput : IDisposable
{
    private readonly Session _session;
    private readonly ProgressDisplay _progress;
    private readonly LfaModel? _fitted;
    private readonly ModelLocator _models = ModelFolders.CreateLocator();
    private readonly SourceLoader _loader;

    /// <summary>Prepares to read; no model is opened before there are images.</summary>
    /// <param name="session">Stops the work.</param>
    /// <param name="progress">Shows the download of a model and the embedding, and what was passed over.</param>
    /// <param name="options">How to read.</param>
    /// <param name="fitted">The classifier that the features are for, which tells the model of its images. Default: none.</param>
    public FeatureInput(Session session, ProgressDisplay progress, SourceLoaderOptions options, LfaModel? fitted = null)
    {
        (_session, _progress, _fitted) = (session, progress, fitted);
        _loader = new SourceLoader(options with { FittedEncoder = fitted?.Record.ImageEncoder, Models = _models, Progress = progress, DownloadProgress = progress });
    }

    /// <summary>Gets whether the text features of class names come from elsewhere than the model or the file.</summary>
    public bool HasOtherTexts => _loader.Options.TextFeatures is not null;

    /// <summary>Gets the folder of the model.</summary>
    public ModelFolder Model => Wait(_loader.OpenModelAsync(_session.CancellationToken));

    private FittedClasses Classes => new(_fitted!.ClassNames,
        _fitted.ClassPrototypes ?? throw new BadInputException("the model keeps no text features of its classes; fit it again with this version."), _fitted.Record.TextEncoder);

    /// <summary>Reads labeled features and class prototypes.</summary>
    /// <param name="path">A feature file, or images.</param>
    /// <param name="names">The class names for images, or null to take them from the folders or the list.</param>
    /// <param name="texts">The text features for images, or null to embed the class names.</param>
    /// <param name="split">The split of a dataset by name that the argument is for.</param>
    public FeatureSet Read(string path, ClassNameList? names = null, TextFeatures? texts = null, DatasetSplit split = default) =>
        Read(path, () => _loader.LoadAsync(path, names, texts, split, _session.CancellationToken));

    /// <summary>Reads features whose labels do not matter, and class prototypes.</summary>
    /// <param name="path">A feature file, or images: with class names given they may lie anywhere below a folder.</param>
    /// <param name="names">The class names for images, or null to take them from the folders or the list.</param>
    public FeatureSet ReadUnlabeled(string path, ClassNameList? names) =>
        Read(path, () => _loader.LoadUnlabeledAsync(path, names, _session.CancellationToken));

    /// <summary>Reads labeled features for the classifier.</summary>
    /// <param name="path">A feature file, or images.</param>
    /// <param name="names">The class names for images, or null to take them from the folders or the list.</param>
    /// <param name="split">The split of a dataset by name that the argument is for.</param>
    public FeatureSet ReadForFitted(string path, ClassNameList? names, DatasetSplit split = default) =>
        Read(path, () => _loader.LoadForAsync(Classes, path, names, split, _session.CancellationToken));

    /// <summary>Reads features of images alone.</summary>
    /// <param name="path">A feature file, or images.</param>
    public ImageFeatures ReadImages(string path)
    {
        var images = Wait(_loader.LoadImageFeaturesAsync(path, _session.CancellationToken));
        Report(_progress, images.Findings);
        return images;
    }

    /// <summary>Opens features of images alone, however many.</summary>
    /// <param name="paths">A feature file, or images.</param>
    /// <param name="split">The split of a dataset by name that the argument is for.</param>
    public FeatureBlocks OpenBlocks(IReadOnlyList<string> paths, DatasetSplit split) => _loader.OpenBlocks(paths, split);

    /// <summary>Reads features block by block, for prediction.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="names">Takes the names of the images that could be read, ahead of their features.</param>
    public IEnumerable<Matrix> ReadBlocks(FeatureBlocks blocks, List<string> names)
    {
        using var enumerator = Naming(() => blocks.ToBlockingEnumerable(_session.CancellationToken)).GetEnumerator();
        while (Naming(enumerator.MoveNext))
        {
            names.AddRange(enumerator.Current.Names ?? []);
            yield return enumerator.Current.Features;
        }
        // What cannot be read is told once something can: else a single line says so.
        Report(_progress, blocks.Findings);
    }

    /// <summary>Embeds the names of classes that are new to the classifier; that of its first class must come out as the classifier has it.</summary>
    /// <param name="names">The names.</param>
    /// <returns>The names and their prototypes, and those of the class to check by.</returns>
    public NamedPrototypes EncodeNames(IReadOnlyList<string> names) => Wait(_loader.EncodeClassNamesForAsync(Classes, names, _session.CancellationToken));

    /// <summary>Finds the images of an argument.</summary>
    /// <param name="path">A folder, a list, an image, or a dataset by name.</param>
    /// <param name="names">The class names, or null to take them from the folders, the list or the dataset.</param>
    public ImageDataset OpenImages(string path, ClassNameList? names) => _loader.OpenImages(path, names);

    /// <summary>Embeds images to a feature file.</summary>
    public EncodedFile Embed(ImageDataset dataset, string output, bool strict)
    {
        _ = Model;
        _progress.Describe("embedding");
        var file = Wait(_loader.EncodeToFileAsync(dataset, output, strict, _session.CancellationToken));
        Report(_progress, new SourceFindings { Warnings = dataset.Warnings, IgnoredFiles = dataset.IgnoredFiles, Unreadable = file.Unreadable });
        return file;
    }

    public void Dispose()
    {
        _loader.Dispose();
        _loader.Options.TextFeatures?.Dispose();
        _models.Dispose();
    }

    private static void Report(ProgressDisplay display, SourceFindings findings)
    {
        foreach (var warning in findings.Warnings)
            display.Tell($"lfa: {OneLine.Of(warning)}");
        if (findings.IgnoredFiles > 0)
            display.Tell($"lfa: passed over {Counted.Of(findings.IgnoredFiles, "file that is neither image nor video", "files that are neither images nor videos")}.");
        foreach (var image in findings.Unreadable)
            display.Tell($"lfa: left out {OneLine.Of(image.Name)}: {OneLine.Of(image.Problem)}");
    }

    private FeatureSet Read(string path, Func<Task<LoadedFeatures>> load)
    {
        if (SourceLoader.IsImages(path))
            _progress.Describe("embedding");
        var loaded = Wait(load());
        Report(_progress, loaded.Findings);
        return loaded.Features;
    }

    private T Wait<T>(Task<T> task) => Naming(() => task.GetAwaiter().GetResult());

    private T Naming<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (LfaDataException e)
        {
            // What the loader says names the source already, wherever it is read.
            throw new BadInputException(e.Subject == nameof(SourceLoaderOptions.Model) && _fitted is not null ? "the classifier does not tell which model embedded its images; give --model." : e.Message, e);
        }
    }
}
