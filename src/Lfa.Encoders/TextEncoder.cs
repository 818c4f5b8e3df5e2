using Lfa.Encoders.Models;
using Lfa.Encoders.Pipeline;
using Lfa.Encoders.Text;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders;

/// <summary>Embeds texts with the text tower of a CLIP-like model.</summary>
/// <remarks>Embeddings have unit length. Instances are safe for use by several threads at once.</remarks>
public sealed class TextEncoder : IEmbeddingGenerator<string, Embedding<float>>
{
    private static readonly string[] Outputs = ["text_embeds", "text_features", "pooler_output"];

    private readonly OnnxGraph _graph;
    private readonly GraphInputs _inputs;
    private readonly int _batchSize;

    private TextEncoder(OnnxGraph graph, ModelFolder model, EncoderOptions options)
    {
        (_graph, Model) = (graph, model);
        Tokenizer = TextTokenizer.Open(model.Path);
        _inputs = new GraphInputs(graph, model.Preprocessing.OutputSize);
        _batchSize = graph.IsDependentOnBatch ? 1 : _inputs.FixedBatch ?? options.BatchSize;
        if (!_inputs.TakesTokens)
            throw graph.Bad("the graph takes no texts");
        Dimension = graph.Dimension ?? Encode([""]).Length;
    }

    /// <summary>Gets the folder of the model.</summary>
    public ModelFolder Model { get; }

    /// <summary>Gets the number of components d of an embedding.</summary>
    public int Dimension { get; }

    /// <summary>Gets what turns a text into the graph's input.</summary>
    internal TextTokenizer Tokenizer { get; }

    /// <summary>Loads the text tower of a model.</summary>
    /// <param name="model">The folder of the model.</param>
    /// <param name="options">How to run it. Default: on all cores of the processor.</param>
    /// <returns>The encoder.</returns>
    /// <exception cref="LfaDataException">The graph or its configuration cannot be used; the message names the file.</exception>
    public static TextEncoder Open(ModelFolder model, EncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new EncoderOptions();
        var graph = OnnxGraph.Load(model.TextGraph, options, Outputs);
        try
        {
            return new TextEncoder(graph, model, options);
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    /// <summary>Embeds texts.</summary>
    /// <param name="values">The texts; what exceeds the model's context is left out.</param>
    /// <param name="options">Not used: the model is fixed and so is the dimension.</param>
    /// <param name="cancellationToken">Stops the work between two batches.</param>
    /// <returns>One embedding of d components for each text, in their order.</returns>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Task.Run(() => Generate([.. values], cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => GeneratorServices.Find(this, Model, model => model.TextIdentity, Dimension, serviceType, serviceKey);

    /// <summary>Unloads the model.</summary>
    public void Dispose() => _graph.Dispose();

    private GeneratedEmbeddings<Embedding<float>> Generate(string[] texts, CancellationToken cancellationToken)
    {
        var embeddings = new GeneratedEmbeddings<Embedding<float>>(texts.Length);
        foreach (var batch in texts.Chunk(_batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var features = Encode(batch);
            for (var text = 0; text < batch.Length; text++)
                embeddings.Add(new Embedding<float>(features.Slice(text * Dimension, Dimension)) { ModelId = Model.Name });
        }
        return embeddings;
    }

    // texts × d, each of unit length
    private ReadOnlyMemory<float> Encode(string[] texts)
    {
        using var inputs = _inputs.ForTokens(Tokenizer.EncodeBatch(texts, _inputs.FixedTokens));
        var embeddings = _graph.Run(inputs.Values, texts.Length);
        return UnitRows.Of(embeddings, embeddings.Length / texts.Length);
    }
}
