using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Models;
using Lfa.IO;

namespace Lfa.Encoders.Sources;

/// <summary>
/// Reads what a user names: a folder of images, a list of them (.csv, .txt), an image, a dataset by name, or a feature file.
/// Images are embedded by a model, which is found and opened when it is first needed.
/// </summary>
/// <remarks>Not safe for use by several threads at once.</remarks>
public sealed class SourceLoader : IDisposable
{
    private const string RootVariable = "LFA_DATA";

    private readonly SourceLoaderOptions _options;
    private readonly ModelLocator _models;
    private ModelFolder? _model;
    private DatasetEncoder? _encoder;

    /// <summary>Initializes a loader; nothing is opened yet.</summary>
    /// <param name="options">How to read. Default: feature files only, and images once there is a model.</param>
    public SourceLoader(SourceLoaderOptions? options = null)
    {
        _options = options ?? new SourceLoaderOptions();
        _models = _options.Models ?? new ModelLocator();
    }

    /// <summary>Initializes a loader that embeds images with a model that is open.</summary>
    /// <param name="model">The folder of the model.</param>
    /// <param name="options">How to read; its model is not looked at.</param>
    /// <exception cref="LfaDataException">The model is another one than the fitted model was fitted with.</exception>
    public SourceLoader(ModelFolder model, SourceLoaderOptions? options = null)
        : this(options)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (_options.FittedEncoder is { } fitted)
            ModelLocator.ThrowIfOther(fitted, model, model.Name);
        _model = model;
    }

    /// <summary>Gets how sources are read.</summary>
    public SourceLoaderOptions Options => _options;

    /// <summary>Gets whether a source stands for images: a folder, a list (.csv, .txt), an image, or a dataset by name; if not, it is taken for a feature file.</summary>
    /// <param name="source">The source.</param>
    /// <exception cref="LfaDataException">It is a dataset by name with a split that there is not.</exception>
    public static bool IsImages(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Directory.Exists(source) || IsList(source) || ImageDataset.IsImageName(source) || DatasetReference.Find(source) is not null;
    }

    /// <summary>Finds the images of a source; none is opened.</summary>
    /// <param name="source">A folder, a list, an image, or a dataset by name.</param>
    /// <param name="classNames">The classes and their order. Default: those of the folders, the list or the dataset.</param>
    /// <param name="split">The split of a dataset by name that names none itself. Default: that to fit to.</param>
    /// <returns>The images, with their labels if they have any.</returns>
    /// <exception cref="LfaDataException">The source is damaged or contradicts itself, or a dataset by name lacks its folder.</exception>
    /// <exception cref="IOException">The source is not there.</exception>
    public ImageDataset OpenImages(string source, ClassNameList? classNames = null, DatasetSplit split = default) =>
        DatasetReference.Find(source) is { } reference ? OpenDataset(reference, classNames, split)
        : Directory.Exists(source) ? ImageDataset.FromFolder(source, classNames)
        : IsCsv(source) ? ImageDataset.FromCsv(source, classNames)
        : IsList(source) ? ImageDataset.FromList(source, classNames)
        : ImageDataset.FromFiles([source]);

    /// <summary>Finds the images of sources whatever their classes; none is opened.</summary>
    /// <param name="sources">A folder, a list, a dataset by name, or any number of images.</param>
    /// <param name="classNames">The class names of the task. Default: none.</param>
    /// <param name="split">The split of a dataset by name that names none itself. Default: that to fit to.</param>
    /// <returns>The images.</returns>
    /// <exception cref="LfaDataException">One of several sources is no image, or a source is damaged.</exception>
    /// <exception cref="IOException">A source is not there.</exception>
    public ImageDataset OpenUnlabeledImages(IReadOnlyList<string> sources, ClassNameList? classNames = null, DatasetSplit split = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        if (sources is [var source])
        {
            return Directory.Exists(source) ? ImageDataset.FromUnlabeledFolder(source, classNames)
                : IsCsv(source) ? ImageDataset.FromUnlabeledCsv(source, classNames)
                : OpenImages(source, classNames, split);
        }
        if (sources.FirstOrDefault(source => Directory.Exists(source) || !ImageDataset.IsImageName(source)) is { } other)
            throw BadInput.At(other, "this is no image; give images, or one folder, list or feature file.");
        return ImageDataset.FromFiles(sources);
    }

    /// <summary>Reads a labeled task.</summary>
    /// <param name="source">A feature file, or images.</param>
    /// <param name="classNames">The classes of images and their order. Default: those of the folders, the list or the dataset.</param>
    /// <param name="texts">The text features of the classes of images, where they are known. Default: embeds the class names.</param>
    /// <param name="split">The split of a dataset by name that names none itself. Default: that to fit to.</param>
    /// <param name="cancellationToken">Stops the work between two images.</param>
    /// <returns>The task; without labels where the source has none.</returns>
    /// <exception cref="LfaDataException">The source is damaged or contradicts itself, no image can be read, there is no model to embed images with, or it is another one than the fitted model was fitted with.</exception>
    /// <exception cref="IOException">The source is not there, or a hub or an API fails.</exception>
    public async Task<LoadedFeatures> LoadAsync(string source, ClassNameList? classNames = null, TextFeatures? texts = null, DatasetSplit split = default, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        return IsImages(source)
            ? await EncodeAsync(source, OpenImages(source, classNames, split), texts, cancellationToken).ConfigureAwait(false)
            : new LoadedFeatures(await Task.Run(() => ReadFile(source, cancellationToken), cancellationToken).ConfigureAwait(false), SourceFindings.None);
    }

    /// <summary>Reads a task whose labels are not looked at: with class names given, images may lie anywhere below a folder.</summary>
    /// <param name="source">A feature file, or images.</param>
    /// <param name="classNames">The class names of the task of images. Default: those of the folders, the list or the dataset.</param>
    /// <param name="cancellationToken">Stops the work between two images.</param>
    /// <returns>The task; its labels, if it has any, mean nothing.</returns>
    /// <inheritdoc cref="LoadAsync" path="/exception"/>
    public async Task<LoadedFeatures> LoadUnlabeledAsync(string source, ClassNameList? classNames = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        return classNames is null || !IsImages(source)
            ? await LoadAsync(source, cancellationToken: cancellationToken).ConfigureAwait(false)
            : await EncodeAsync(source, OpenUnlabeledImages([source], classNames), texts: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads labeled features for a fitted model: images of its classes get its text features, and class names are embedded where there are others among them.</summary>
    /// <param name="fitted">The classes of the model.</param>
    /// <param name="source">A feature file, or images.</param>
    /// <param name="classNames">The classes of images and their order. Default: those of the folders, the list or the dataset, written as the model does.</param>
    /// <param name="split">The split of a dataset by name that names none itself. Default: that to fit to.</param>
    /// <param name="cancellationToken">Stops the work between two images.</param>
    /// <returns>The task.</returns>
    /// <inheritdoc cref="LoadAsync" path="/exception"/>
    public async Task<LoadedFeatures> LoadForAsync(FittedClasses fitted, string source, ClassNameList? classNames = null, DatasetSplit split = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fitted);
        ArgumentException.ThrowIfNullOrEmpty(source);
        if (!IsImages(source))
            return await LoadAsync(source, cancellationToken: cancellationToken).ConfigureAwait(false);
        string[] classes = [.. OpenImages(source, classNames, split).ClassNames.Select(fitted.NameOf)];
        var rows = fitted.RowsOf(classes);
        if (classes.Length > 0)
            classNames ??= ClassNameList.From(classes, $"the classes of {source}");
        var texts = classes.Length == 0 || rows.Contains(-1) ? null : new TextFeatures(fitted.ClassPrototypes.SelectRows(rows), fitted.TextEncoder);
        return await LoadAsync(source, classNames, texts, split, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads features of images alone, whole in memory.</summary>
    /// <param name="source">A feature file, of which only the image features are needed, or images.</param>
    /// <param name="cancellationToken">Stops the work between two images.</param>
    /// <returns>The features of the images that could be read.</returns>
    /// <inheritdoc cref="LoadAsync" path="/exception"/>
    public async Task<ImageFeatures> LoadImageFeaturesAsync(string source, CancellationToken cancellationToken = default)
    {
        using var stream = OpenBlocks([source]);
        var (parts, names) = (new List<Matrix>(), new List<string>());
        await foreach (var block in stream.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            parts.Add(block.Features);
            names.AddRange(block.Names ?? []);
        }
        return new ImageFeatures(Join(parts, stream.Dimension), stream.HasNames ? names : null, stream.Findings)
        {
            Encoder = IsImages(source) ? _encoder?.ImageIdentity : stream.FileEncoder,
        };
    }

    /// <summary>Opens features of images alone, however many, to read them block by block.</summary>
    /// <param name="sources">A feature file, a folder of images, a list, a dataset by name, or any number of images.</param>
    /// <param name="split">The split of a dataset by name that names none itself. Default: that to fit to.</param>
    /// <returns>The blocks; they embed images with this loader, which must live as long, and can do nothing else meanwhile.</returns>
    /// <inheritdoc cref="LoadAsync" path="/exception"/>
    public FeatureBlocks OpenBlocks(IReadOnlyList<string> sources, DatasetSplit split = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentOutOfRangeException.ThrowIfZero(sources.Count, nameof(sources));
        return sources is [var source] && !IsImages(source)
            ? OpenFile(source)
            : FeatureBlocks.Create(OpenUnlabeledImages(sources, split: split), sources[0], OpenEncoderAsync, _options.Logger);
    }

    /// <summary>Embeds images, such as uploads in memory, and their class names.</summary>
    /// <param name="dataset">The images, with class names.</param>
    /// <param name="texts">The text features of the classes, where they are known. Default: embeds the class names.</param>
    /// <param name="cancellationToken">Stops the work between two images.</param>
    /// <returns>The task.</returns>
    /// <inheritdoc cref="LoadAsync" path="/exception"/>
    public Task<LoadedFeatures> EncodeAsync(ImageDataset dataset, TextFeatures? texts = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return EncodeAsync("images", dataset, texts, cancellationToken);
    }

    /// <summary>Embeds images to a feature file; a run that was killed goes on where it stopped.</summary>
    /// <param name="dataset">The images; without class names, the file gets the image features only.</param>
    /// <param name="path">The .npz file to write.</param>
    /// <param name="strict">Whether an image that cannot be read ends the work. Default: false, it is skipped and reported.</param>
    /// <param name="cancellationToken">Stops the work between two images; what is done is kept.</param>
    /// <returns>What was written, and what could not be read.</returns>
    /// <inheritdoc cref="LoadAsync" path="/exception"/>
    public async Task<EncodedFile> EncodeToFileAsync(ImageDataset dataset, string path, bool strict = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (_options.TextFeatures is not null && dataset.ClassNames.Count == 0)
            throw BadInput.Because("the images have no classes to find text features for; leave the text features out, or put the images of each class into a folder of their own.");
        var encoder = await OpenEncoderAsync(cancellationToken).ConfigureAwait(false);
        var texts = await GivenTextsAsync(dataset, cancellationToken).ConfigureAwait(false);
        var file = await encoder.EncodeToFileAsync(dataset, path, texts, strict, _options.Progress, cancellationToken).ConfigureAwait(false);
        SourceLog.Report(_options.Logger, path, SourceFindings.Create(dataset, file.Unreadable));
        return file;
    }

    /// <summary>Gets the text features of class names: from <see cref="SourceLoaderOptions.TextFeatures"/>, else embedded by the model.</summary>
    /// <param name="classNames">The C class names, at least one.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The text features, C × d.</returns>
    /// <inheritdoc cref="LoadAsync" path="/exception"/>
    public async Task<TextFeatures> EncodeClassNamesAsync(IReadOnlyList<string> classNames, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        if (_options.TextFeatures is { } source)
            return await source.EncodeAsync(classNames, cancellationToken).ConfigureAwait(false);
        var encoder = await OpenEncoderAsync(cancellationToken).ConfigureAwait(false);
        return await encoder.EncodeClassNamesAsync(classNames, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gets the text features of classes that are new to a fitted model, and of its first class, by which an update checks that its encoder gave them.</summary>
    /// <param name="fitted">The classes of the model.</param>
    /// <param name="classNames">The names of the new classes, at least one.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The text features, in the order of the names, that of the first class of the model behind them unless it is among them.</returns>
    /// <inheritdoc cref="LoadAsync" path="/exception"/>
    public async Task<NamedPrototypes> EncodeClassNamesForAsync(FittedClasses fitted, IReadOnlyList<string> classNames, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fitted);
        ArgumentNullException.ThrowIfNull(classNames);
        string[] all = [.. classNames, .. classNames.Contains(fitted.ClassNames[0]) ? Array.Empty<string>() : [fitted.ClassNames[0]]];
        var texts = await EncodeClassNamesAsync(all, cancellationToken).ConfigureAwait(false);
        return new NamedPrototypes(texts.ClassPrototypes, all) { TextEncoder = texts.Encoder };
    }

    /// <summary>Opens the folder of the model that embeds images; once it is open, returns the same.</summary>
    /// <param name="cancellationToken">Stops a download; what is done is kept.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="LfaDataException">No model is given, there is none of that name, or it is another one than the fitted model was fitted with.</exception>
    /// <exception cref="IOException">The hub or the disk fails.</exception>
    public async Task<ModelFolder> OpenModelAsync(CancellationToken cancellationToken = default)
    {
        if (_model is not null)
            return _model;
        _model = _options.FittedEncoder is { } fitted ? await _models.OpenForAsync(fitted, _options.Model, _options.DownloadProgress, cancellationToken).ConfigureAwait(false)
            : _options.Model is { } model ? await _models.OpenAsync(model, _options.DownloadProgress, cancellationToken).ConfigureAwait(false)
            : throw new LfaDataException("images need a model to embed them with; give SourceLoaderOptions.Model, for instance openai/clip-vit-base-patch32.") { Subject = nameof(SourceLoaderOptions.Model) };
        SourceLog.Opened(_options.Logger, _model.Name);
        return _model;
    }

    /// <summary>Unloads the model.</summary>
    public void Dispose()
    {
        _encoder?.Dispose();
        if (_options.Models is null)
            _models.Dispose();
    }

    private static bool IsList(string path) => IsCsv(path) || Path.GetExtension(path).Equals(".txt", StringComparison.OrdinalIgnoreCase);

    private static bool IsCsv(string path) => Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase);

    private static Matrix Join(List<Matrix> parts, int? dimension)
    {
        var columns = parts is [var first, ..] ? first.Columns : dimension ?? 1;
        var values = new float[checked(parts.Sum(part => part.Values.Length))];
        var start = 0;
        foreach (var part in parts)
        {
            part.Values.CopyTo(values.AsMemory(start));
            start += part.Values.Length;
        }
        return new Matrix(values, values.Length / columns, columns);
    }

    private ImageDataset OpenDataset(DatasetReference reference, ClassNameList? classNames, DatasetSplit split)
    {
        var (dataset, given) = reference;
        var root = _options.DatasetRoot ?? (Environment.GetEnvironmentVariable(RootVariable) is { Length: > 0 } folder ? folder
            : throw BadInput.At(dataset.Name, $"say with SourceLoaderOptions.DatasetRoot, or in {RootVariable}, which folder holds {dataset.Folder}/; see DatasetCatalog.All."));
        var images = dataset.Read(root, given ?? split);
        return classNames is null ? images : images.WithClasses(classNames);
    }

    private async Task<DatasetEncoder> OpenEncoderAsync(CancellationToken cancellationToken) =>
        _encoder ??= DatasetEncoder.Open(await OpenModelAsync(cancellationToken).ConfigureAwait(false), _options.Encoding);

    private async Task<TextFeatures?> GivenTextsAsync(ImageDataset dataset, CancellationToken cancellationToken) =>
        dataset.ClassNames.Count == 0 || _options.TextFeatures is not { } source ? null : await source.EncodeAsync(dataset.ClassNames, cancellationToken).ConfigureAwait(false);

    private async Task<LoadedFeatures> EncodeAsync(string source, ImageDataset dataset, TextFeatures? texts, CancellationToken cancellationToken)
    {
        texts ??= await GivenTextsAsync(dataset, cancellationToken).ConfigureAwait(false);
        var encoder = await OpenEncoderAsync(cancellationToken).ConfigureAwait(false);
        var encoded = await BadInput.NamingAsync(source, () => encoder.EncodeAsync(dataset, texts, _options.Progress, cancellationToken)).ConfigureAwait(false);
        var findings = SourceFindings.Create(dataset, encoded.Unreadable);
        SourceLog.Report(_options.Logger, source, findings);
        return new LoadedFeatures(encoded.Features, findings);
    }

    private FeatureBlocks OpenFile(string path)
    {
        var blocks = FeatureBlocks.Open(path, _options.FeatureFiles);
        try
        {
            ThrowIfOtherEncoder(path, blocks.FileEncoder);
            return blocks;
        }
        catch
        {
            blocks.Dispose();
            throw;
        }
    }

    private FeatureSet ReadFile(string path, CancellationToken cancellationToken)
    {
        var set = _options.TextFeatures is { } source ? ReadFile(path, source, cancellationToken) : FeatureFile.Read(path, _options.FeatureFiles);
        ThrowIfOtherEncoder(path, set.ImageEncoder);
        return set;
    }

    private FeatureSet ReadFile(string path, TextFeatureSource source, CancellationToken cancellationToken)
    {
        LfaDataException? problem = null;
        try
        {
            return FeatureFile.Read(path, Encode, _options.FeatureFiles);
        }
        catch (LfaDataException) when (problem is not null)
        {
            // What is wrong with the texts is not the fault of this file.
            throw problem;
        }

        NamedPrototypes Encode(IReadOnlyList<string> names)
        {
            try
            {
                var texts = source.EncodeAsync(names, cancellationToken).GetAwaiter().GetResult();
                return new NamedPrototypes(texts.ClassPrototypes, names) { TextEncoder = texts.Encoder, Prompts = texts.Prompts };
            }
            catch (LfaDataException e)
            {
                problem = e;
                throw;
            }
        }
    }

    private void ThrowIfOtherEncoder(string path, EncoderIdentity? encoder)
    {
        if (_options.FittedEncoder is { Fingerprint: { } expected } fitted && encoder?.Fingerprint is { } actual && actual != expected)
            throw BadInput.At(path, $"its image features are of {encoder.Name}, which is not the model {fitted.Name} that the classifier was fitted with; embed the images with that one.");
    }
}
