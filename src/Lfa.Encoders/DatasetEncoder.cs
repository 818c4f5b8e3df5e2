using System.Runtime.CompilerServices;
using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Images;
using Lfa.Encoders.Models;
using Lfa.Encoders.Pipeline;
using Lfa.Encoders.Text;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders;

/// <summary>Turns the images and class names of a dataset into features.</summary>
/// <remarks>
/// Decoding, preprocessing and inference overlap. A tower is loaded when it is first needed: a dataset whose features are
/// all in the cache needs none. Images and class names may come from encoders that never met, with other dimensions; then
/// a fit brings them together by a projection. Not safe for use by several threads at once.
/// </remarks>
public sealed class DatasetEncoder : IDisposable
{
    private readonly IImageFeatureSource _source;
    private readonly IImageFeatureSource _images;
    private readonly ITextFeatureSource _texts;
    private readonly bool _isOneModel;
    private readonly bool _keepsPrompts;

    // The source itself serves files, which need its batches; a cache before it serves all else.
    private DatasetEncoder(IImageFeatureSource source, ITextFeatureSource texts, bool isOneModel, IImageFeatureSource? cache = null, bool keepsPrompts = false) =>
        (_source, _texts, _isOneModel, _images, _keepsPrompts) = (source, texts, isOneModel, cache ?? source, keepsPrompts);

    /// <summary>Makes an encoder from the folder of a model.</summary>
    /// <param name="model">The folder of the model.</param>
    /// <param name="options">How to embed. Default: the center crop, "a photo of a {}.", with the cache.</param>
    /// <returns>The encoder.</returns>
    /// <exception cref="LfaDataException">Several crops are asked of a model that takes the whole image.</exception>
    public static DatasetEncoder Open(ModelFolder model, DatasetEncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new DatasetEncoderOptions();
        var texts = new GeneratorTextSource(() => TextEncoder.Open(model, options.Encoder), options.Templates, ownsGenerator: true, () => model.TextIdentity);
        return Open(model, options.CacheFolder is { } folder ? new CachedTextSource(texts, TextKey, folder) : texts, options, isOneModel: true);

        string TextKey() => Invariant($"{model.TextFingerprint}-{options.Encoder.Provider}-v{EncoderImageSource.FeaturesVersion}");
    }

    /// <summary>Makes an encoder whose images are embedded by a model, and whose class names by another provider of embeddings, such as an API.</summary>
    /// <param name="model">The folder of the model; its text tower is not used, nor is its temperature, which is that of its own space.</param>
    /// <param name="texts">Embeds texts; a cache is its own affair.</param>
    /// <param name="options">How to embed. Default: the center crop, "a photo of a {}.", with the cache for images.</param>
    /// <returns>The encoder, which does not own <paramref name="texts"/>: dispose it yourself.</returns>
    /// <exception cref="LfaDataException">Several crops are asked of a model that takes the whole image.</exception>
    public static DatasetEncoder Open(ModelFolder model, IEmbeddingGenerator<string, Embedding<float>> texts, DatasetEncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new DatasetEncoderOptions();
        return Open(model, new GeneratorTextSource(() => texts, options.Templates, ownsGenerator: false), options, isOneModel: false);
    }

    /// <summary>Makes an encoder from any providers of embeddings, such as an API. Where images and texts share no space, a fit brings them together by a projection.</summary>
    /// <param name="images">Embeds images, given as the bytes of their files.</param>
    /// <param name="texts">Embeds texts.</param>
    /// <param name="templates">The texts that a class name is put into. Default: "a photo of a {}."</param>
    /// <returns>The encoder, which does not own the providers: dispose them yourself.</returns>
    public static DatasetEncoder Create(IEmbeddingGenerator<DataContent, Embedding<float>> images, IEmbeddingGenerator<string, Embedding<float>> texts, PromptTemplates? templates = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(texts);
        return new DatasetEncoder(new GeneratorImageSource(images), new GeneratorTextSource(() => texts, templates ?? PromptTemplates.Default, ownsGenerator: false), isOneModel: false);
    }

    /// <summary>Gets the encoder of images, without its dimension; null where the generator does not tell its model.</summary>
    public EncoderIdentity? ImageIdentity => _images.Identity;

    /// <summary>Gets the encoder of class names, without its dimension; null where the generator does not tell its model.</summary>
    public EncoderIdentity? TextIdentity => _texts.Identity;

    /// <summary>Embeds the images and the class names of a dataset.</summary>
    /// <param name="dataset">The dataset, with class names.</param>
    /// <param name="texts">The text features of the classes, C × d, where they are known; d need not be that of the images. Default: embeds the class names.</param>
    /// <param name="progress">Progress sink: how many images are done; null to disable.</param>
    /// <param name="cancellationToken">Stops the work between two images.</param>
    /// <returns>The features, and the images that could not be read.</returns>
    /// <exception cref="LfaDataException">The dataset has no class names or no image, no image can be read, or the model cannot be used.</exception>
    public Task<EncodedDataset> EncodeAsync(ImageDataset dataset, TextFeatures? texts = null, IProgress<EncodingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.ClassNames.Count == 0)
            throw BadInput.Because("The dataset has no class names; put the images of each class into a folder of their own, or list them.");
        RequireImages(dataset);
        return Task.Run(() => Encode(dataset, texts, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Embeds images batch by batch, in memory that does not grow with their number.</summary>
    /// <param name="items">The images.</param>
    /// <param name="cancellationToken">Stops the work between two images.</param>
    /// <returns>The batches in order, each with the embeddings of the images that could be read and with those that could not; enumerating them drives the work.</returns>
    /// <exception cref="LfaDataException">While enumerating: the model cannot be used.</exception>
    public async IAsyncEnumerable<EncodedBatch> EncodeBatchesAsync(IReadOnlyList<ImageItem> items, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        var start = 0;
        using var batches = _images.Encode(items, 0, cancellationToken).GetEnumerator();
        while (await Task.Run(batches.MoveNext, cancellationToken).ConfigureAwait(false))
        {
            yield return EncodedBatch.Create(items, start, batches.Current, _images.CropCount);
            start += batches.Current.Length;
        }
    }

    /// <summary>Embeds class names.</summary>
    /// <param name="classNames">The C class names, at least one.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The class prototypes, C × d, of unit length: for each class the mean over the templates of their embeddings; these embeddings, where there are several templates; and their encoder.</returns>
    /// <exception cref="LfaDataException">There is no class name.</exception>
    public Task<TextFeatures> EncodeClassNamesAsync(IReadOnlyList<string> classNames, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        if (classNames.Count == 0)
            throw BadInput.NoClassName();
        return Task.Run(() => _texts.EncodeFeatures(classNames, cancellationToken), cancellationToken);
    }

    /// <summary>Embeds a dataset to a feature file; a run that was killed goes on where it stopped.</summary>
    /// <remarks>What is done is kept in a file beside the output, whose name ends in ".partial", until the output is complete.</remarks>
    /// <param name="dataset">The dataset; without class names, the file gets the image features only.</param>
    /// <param name="path">The .npz file to write.</param>
    /// <param name="texts">The text features of the classes, C × d, where they are known; d need not be that of the images. Default: embeds the class names.</param>
    /// <param name="strict">Whether an image that cannot be read ends the work. Default: it is left out and reported.</param>
    /// <param name="progress">Progress sink: how many images are done; null to disable.</param>
    /// <param name="cancellationToken">Stops the work between two images; what is done is kept.</param>
    /// <returns>What was written, and what could not be read.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="LfaDataException">The dataset has no image, an image cannot be read and <paramref name="strict"/> is set, or none can, or the model cannot be used.</exception>
    /// <exception cref="IOException">The file cannot be written, or another process is writing it.</exception>
    public Task<EncodedFile> EncodeToFileAsync(ImageDataset dataset, string path, TextFeatures? texts = null, bool strict = false, IProgress<EncodingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireImages(dataset);
        return Task.Run(() => Run(), cancellationToken);

        EncodedFile Run()
        {
            var own = texts is null && dataset.ClassNames.Count > 0 ? _texts.EncodeFeatures(dataset.ClassNames, cancellationToken) : null;
            var written = texts ?? own;
            if (!_keepsPrompts && written is not null)
                written = written with { Prompts = null };
            using var file = ResumableFile.Open(path, dataset, _source, written, Width(own));
            return file.Complete(strict, progress, cancellationToken);
        }
    }

    /// <summary>Unloads the model.</summary>
    public void Dispose()
    {
        _source.Dispose();
        _texts.Dispose();
    }

    // A part of a dataset may be empty.
    private static void RequireImages(ImageDataset dataset)
    {
        if (dataset.Items.Count == 0)
            throw BadInput.Because("The dataset has no image; give one at least.");
    }

    private static DatasetEncoder Open(ModelFolder model, ITextFeatureSource texts, DatasetEncoderOptions options, bool isOneModel)
    {
        if (options.Crops != Crops.Center && model.Preprocessing.Crop is null)
            throw new LfaDataException($"{model.Name} takes the whole image, so that all crops are the same; embed one.");
        var images = new EncoderImageSource(model, options);
        return new DatasetEncoder(images, texts, isOneModel, options.CacheFolder is { } folder ? new CachedImageSource(images, folder) : null, options.KeepsPrompts);
    }

    // What the images must have too, where both towers are of one model.
    private int? Width(TextFeatures? own) => _isOneModel ? own?.ClassPrototypes.Columns : null;

    private EncodedDataset Encode(ImageDataset dataset, TextFeatures? texts, IProgress<EncodingProgress>? progress, CancellationToken cancellationToken)
    {
        var own = texts is null ? _texts.EncodeFeatures(dataset.ClassNames, cancellationToken) : null;
        var images = new List<EncodedImage>(dataset.Items.Count);
        foreach (var batch in _images.Encode(dataset.Items, 0, cancellationToken))
        {
            images.AddRange(batch);
            EncodedImage.RequireWidth(batch, _images.CropCount, Width(own));
            progress?.Report(new EncodingProgress(images.Count, dataset.Items.Count));
        }
        return EncodedDataset.Create(dataset, images, texts ?? own!, _images);
    }
}
