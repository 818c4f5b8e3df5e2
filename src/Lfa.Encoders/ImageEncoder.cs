using Lfa.Encoders.Images;
using Lfa.Encoders.Models;
using Lfa.Encoders.Pipeline;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders;

/// <summary>Embeds images with the image tower of a CLIP-like model.</summary>
/// <remarks>Embeddings have unit length. Instances are safe for use by several threads at once.</remarks>
public sealed class ImageEncoder : IEmbeddingGenerator<DataContent, Embedding<float>>
{
    private static readonly string[] Outputs = ["image_embeds", "image_features", "pooler_output"];

    private readonly OnnxGraph _graph;
    private readonly GraphInputs _inputs;

    private ImageEncoder(OnnxGraph graph, ModelFolder model, EncoderOptions options)
    {
        (_graph, Model) = (graph, model);
        Preprocessor = new ImagePreprocessor(model.Preprocessing);
        _inputs = new GraphInputs(graph, model.Preprocessing.OutputSize);
        BatchSize = graph.IsDependentOnBatch ? 1 : _inputs.FixedBatch ?? Math.Min(options.BatchSize, Array.MaxLength / Preprocessor.ValuesPerCrop);
        if (!_inputs.TakesPixels)
            throw graph.Bad("the graph takes no images");
        Dimension = graph.Dimension ?? Run(new float[Preprocessor.ValuesPerCrop], 1).Length;
    }

    /// <summary>Gets the folder of the model.</summary>
    public ModelFolder Model { get; }

    /// <summary>Gets the number of components d of an embedding.</summary>
    public int Dimension { get; }

    /// <summary>Gets what turns an image into the graph's input.</summary>
    internal ImagePreprocessor Preprocessor { get; }

    /// <summary>Gets how many crops are run through the graph at once: 1 where it takes no more, or where it would give a crop other features in other company, as dynamically quantized graphs do.</summary>
    public int BatchSize { get; }

    /// <summary>Loads the image tower of a model.</summary>
    /// <param name="model">The folder of the model.</param>
    /// <param name="options">How to run it. Default: on all cores of the processor.</param>
    /// <returns>The encoder.</returns>
    /// <exception cref="LfaDataException">The graph or its configuration cannot be used; the message names the file.</exception>
    public static ImageEncoder Open(ModelFolder model, EncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new EncoderOptions();
        var graph = OnnxGraph.Load(model.VisionGraph, options, Outputs);
        try
        {
            return new ImageEncoder(graph, model, options);
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    /// <summary>Embeds images given as the bytes of their files.</summary>
    /// <param name="values">The images.</param>
    /// <param name="options">Not used: the model is fixed and so is the dimension.</param>
    /// <param name="cancellationToken">Stops the work between two images.</param>
    /// <returns>One embedding of d components for each image, in their order.</returns>
    /// <exception cref="LfaDataException">An image cannot be read; the message says which.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<DataContent> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Task.Run(() => Generate([.. values], cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => GeneratorServices.Find(this, Model, model => model.ImageIdentity, Dimension, serviceType, serviceKey);

    /// <summary>Unloads the model.</summary>
    public void Dispose() => _graph.Dispose();

    /// <summary>Embeds preprocessed crops.</summary>
    /// <param name="pixels">The crops, n × 3 × height × width.</param>
    /// <param name="crops">The number of crops n.</param>
    /// <returns>The embeddings, n × d, as the graph gives them.</returns>
    /// <exception cref="LfaDataException">The graph does not give an embedding for each crop.</exception>
    internal float[] Run(Memory<float> pixels, int crops)
    {
        using var inputs = _inputs.ForPixels(pixels, crops);
        return _graph.Run(inputs.Values, crops);
    }

    private GeneratedEmbeddings<Embedding<float>> Generate(DataContent[] images, CancellationToken cancellationToken)
    {
        var batches = new ImageBatches(this, Crops.Center);
        var pipeline = new BatchPipeline<DataContent, PreparedImage>(BatchSize, Prepare, batches.Encode);
        var embeddings = new GeneratedEmbeddings<Embedding<float>>(images.Length);
        foreach (var encoded in pipeline.Run(images, 0, cancellationToken).SelectMany(batch => batch))
        {
            if (encoded.Problem is not null)
                throw new LfaDataException(Invariant($"values[{embeddings.Count}]: {encoded.Problem}"));
            embeddings.Add(new Embedding<float>(encoded.Features) { ModelId = Model.Name });
        }
        return embeddings;

        PreparedImage Prepare(DataContent image) =>
            batches.Prepare([ImageDecoder.Decode(image?.Data ?? throw new LfaDataException("there is no image."))]);
    }
}
