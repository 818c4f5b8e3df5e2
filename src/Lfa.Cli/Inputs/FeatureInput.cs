using Lfa.Cli.Rendering;
using Lfa.Data;
using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Models;
using Lfa.IO;

namespace Lfa.Cli.Inputs;

/// <summary>Reads the features that a command works on: from feature files, or from pictures, which it embeds.</summary>
internal sealed class FeatureInput : IDisposable
{
    private readonly Session _session;
    private readonly ProgressDisplay _progress;
    private readonly FeatureFileOptions _reading;
    private readonly Lazy<ModelFolder> _model;
    private readonly Lazy<DatasetEncoder> _encoder;

    /// <summary>Prepares to read; no model is opened before there are pictures.</summary>
    /// <param name="session">Takes what is to be said of pictures that cannot be read.</param>
    /// <param name="progress">Shows the download of a model and the embedding.</param>
    /// <param name="reading">How feature files are read.</param>
    /// <param name="model">Opens the model for pictures.</param>
    /// <param name="options">How pictures are embedded.</param>
    public FeatureInput(Session session, ProgressDisplay progress, FeatureFileOptions reading, Func<ModelFolder> model, DatasetEncoderOptions options)
    {
        (_session, _progress, _reading) = (session, progress, reading);
        _model = new Lazy<ModelFolder>(model);
        _encoder = new Lazy<DatasetEncoder>(() => DatasetEncoder.Open(Model, options));
    }

    /// <summary>Gets the folder of the model.</summary>
    public ModelFolder Model => _model.Value;

    /// <summary>Reads labelled features and class prototypes.</summary>
    /// <param name="path">A feature file, or pictures.</param>
    /// <param name="names">The class names for pictures, or null to take them from the folders or the list.</param>
    /// <param name="prototypes">The class prototypes for pictures, or null to embed the class names.</param>
    public FeatureSet Read(string path, ClassNameList? names = null, FeatureMatrix? prototypes = null)
    {
        if (!PictureInput.IsPictures(path))
            return FeatureFile.Read(path, _reading);
        var dataset = PictureInput.Read(path, names);
        var encoder = _encoder.Value;
        _progress.Describe("embedding");
        var encoded = BadInputException.Naming(path, () => encoder.EncodeAsync(dataset, prototypes, _progress, _session.CancellationToken).GetAwaiter().GetResult());
        PictureInput.Report(_progress, dataset);
        PictureInput.Report(_progress, encoded.Unreadable);
        return encoded.Features;
    }

    /// <summary>Embeds pictures part by part, for prediction; those that cannot be read are left out.</summary>
    /// <param name="dataset">The pictures.</param>
    /// <param name="names">Takes the names of the pictures that could be read, ahead of their features.</param>
    public IEnumerable<FeatureMatrix> ReadBlocks(ImageDataset dataset, List<string> names)
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
            throw new BadInputException($"{(unreadable.Count == 1 ? "" : Invariant($"none of the {unreadable.Count} pictures can be read; the first: "))}{unreadable[0].Name}: {unreadable[0].Problem}");
        PictureInput.Report(_progress, dataset);
        PictureInput.Report(_progress, unreadable);
    }

    public void Dispose()
    {
        if (_encoder.IsValueCreated)
            _encoder.Value.Dispose();
    }
}
