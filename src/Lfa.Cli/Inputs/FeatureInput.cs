using Lfa.Classification;
using Lfa.Cli.Rendering;
using Lfa.Data;
using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Models;
using Lfa.IO;

namespace Lfa.Cli.Inputs;

/// <summary>Reads the features that a command works on: from feature files, or from images, which it embeds.</summary>
internal sealed class FeatureInput : IDisposable
{
    private readonly Session _session;
    private readonly ProgressDisplay _progress;
    private readonly FeatureFileOptions _reading;
    private readonly Lazy<ModelFolder> _model;
    private readonly Lazy<DatasetEncoder> _encoder;

    /// <summary>Prepares to read; no model is opened before there are images.</summary>
    /// <param name="session">Takes what is to be said of images that cannot be read.</param>
    /// <param name="progress">Shows the download of a model and the embedding.</param>
    /// <param name="reading">How feature files are read.</param>
    /// <param name="model">Opens the model for images.</param>
    /// <param name="options">How images are embedded.</param>
    public FeatureInput(Session session, ProgressDisplay progress, FeatureFileOptions reading, Func<ModelFolder> model, DatasetEncoderOptions options)
    {
        (_session, _progress, _reading) = (session, progress, reading);
        _model = new Lazy<ModelFolder>(model);
        _encoder = new Lazy<DatasetEncoder>(() => DatasetEncoder.Open(Model, options));
    }

    /// <summary>Gets what gives the text features of class names, or null where the model or the file does.</summary>
    public Func<IReadOnlyList<string>, Matrix>? TextFeatures { get; init; }

    /// <summary>Gets the folder of the datasets that are asked for by name, or null.</summary>
    public string? Root { get; init; }

    /// <summary>Gets the folder of the model.</summary>
    public ModelFolder Model => _model.Value;

    /// <summary>Reads labeled features and class prototypes.</summary>
    /// <param name="path">A feature file, or images.</param>
    /// <param name="names">The class names for images, or null to take them from the folders or the list.</param>
    /// <param name="prototypes">The class prototypes for images, or null to embed the class names.</param>
    /// <param name="split">The split of a dataset by name that the argument is for.</param>
    public FeatureSet Read(string path, ClassNameList? names = null, Matrix? prototypes = null, DatasetSplit split = default) =>
        ImageInput.IsImages(path) ? Encode(path, ImageInput.Read(path, names, Root, split), prototypes) : FeatureFile.Read(path, TextFeatures, _reading);

    /// <summary>Reads features whose labels do not matter, and class prototypes.</summary>
    /// <param name="path">A feature file, or images: with class names given they may lie anywhere below a folder.</param>
    /// <param name="names">The class names for images, or null to take them from the folders or the list.</param>
    public FeatureSet ReadUnlabeled(string path, ClassNameList? names) =>
        names is null || !ImageInput.IsImages(path) ? Read(path) : Encode(path, ImageInput.ReadUnlabeled([path], Root, names), prototypes: null);

    private FeatureSet Encode(string path, ImageDataset dataset, Matrix? prototypes)
    {
        prototypes ??= dataset.ClassNames.Count == 0 ? null : TextFeatures?.Invoke(dataset.ClassNames);
        var encoder = _encoder.Value;
        _progress.Describe("embedding");
        var encoded = BadInputException.Naming(path, () => encoder.EncodeAsync(dataset, prototypes, _progress, _session.CancellationToken).GetAwaiter().GetResult());
        ImageInput.Report(_progress, dataset);
        ImageInput.Report(_progress, encoded.Unreadable);
        return encoded.Features;
    }

    /// <summary>Reads labeled features for a classifier: images of its classes have its prototypes, and class names are embedded where there are others among them.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="path">A feature file, or images.</param>
    /// <param name="names">The class names for images, or null to take them from the folders or the list.</param>
    /// <param name="split">The split of a dataset by name that the argument is for.</param>
    public FeatureSet ReadFor(LfaClassifier classifier, string path, ClassNameList? names, DatasetSplit split = default)
    {
        if (!ImageInput.IsImages(path))
            return Read(path);
        string[] classes = [.. ImageInput.Read(path, names, Root, split).ClassNames.Select(name => KnownName(classifier, name))];
        int[] rows = Array.ConvertAll(classes, name => Array.IndexOf([.. classifier.ClassNames], name));
        if (classes.Length > 0)
            names ??= ClassNameList.From(classes, $"the classes of {path}");
        return classes.Length == 0 || rows.Contains(-1)
            ? Read(path, names, split: split)
            : Read(path, names, classifier.ClassPrototypes.SelectRows(rows), split);
    }

    /// <summary>Embeds the names of classes that are new to a classifier; that of its first class must come out as the classifier has it.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="names">The names.</param>
    /// <returns>The names and their prototypes, and those of the class to check by.</returns>
    public NamedPrototypes EncodeNames(LfaClassifier classifier, IReadOnlyList<string> names)
    {
        string[] all = [.. names, .. names.Contains(classifier.ClassNames[0]) ? Array.Empty<string>() : [classifier.ClassNames[0]]];
        return new NamedPrototypes(_encoder.Value.EncodeClassNamesAsync(all, _session.CancellationToken).GetAwaiter().GetResult(), all);
    }

    /// <summary>Returns how a classifier writes a class: upper and lower case of folders, and _ and space, are one.</summary>
    private static string KnownName(LfaClassifier classifier, string name) =>
        classifier.ClassNames.Contains(name) ? name
        : classifier.ClassNames.FirstOrDefault(known => known.Replace('_', ' ').Equals(name.Replace('_', ' '), StringComparison.OrdinalIgnoreCase)) ?? name;

    /// <summary>Embeds images part by part, for prediction; those that cannot be read are left out.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="names">Takes the names of the images that could be read, ahead of their features.</param>
    public IEnumerable<Matrix> ReadBlocks(ImageDataset dataset, List<string> names)
    {
        // What cannot be read is told once something can: else a single line says so.
        var unreadable = new List<UnreadableImage>();
        foreach (var batch in _encoder.Value.EncodeBatchesAsync(dataset.Items, _session.CancellationToken).ToBlockingEnumerable(_session.CancellationToken))
        {
            unreadable.AddRange(batch.Unreadable);
            names.AddRange(batch.Items.Select(item => item.Name));
            foreach (var features in batch.Blocks)
                yield return features;
        }
        if (names.Count == 0)
            throw new BadInputException($"{(unreadable.Count == 1 ? "" : Invariant($"none of the {unreadable.Count} images can be read; the first: "))}{unreadable[0].Name}: {unreadable[0].Problem}");
        ImageInput.Report(_progress, dataset);
        ImageInput.Report(_progress, unreadable);
    }

    public void Dispose()
    {
        if (_encoder.IsValueCreated)
            _encoder.Value.Dispose();
    }
}
