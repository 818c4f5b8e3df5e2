using Lfa.Data;
using Lfa.Encoders.Text;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders.Pipeline;

/// <summary>Embeds class names with any provider of embeddings: puts each into all templates.</summary>
internal sealed class GeneratorTextSource(Func<IEmbeddingGenerator<string, Embedding<float>>> open, PromptTemplates templates, bool ownsGenerator, Func<EncoderIdentity?>? identity = null) : ITextFeatureSource
{
    // Providers take some hundreds of texts in a request.
    private const int SentencesPerRequest = 256;

    private readonly Lazy<IEmbeddingGenerator<string, Embedding<float>>> _generator = new(open);

    public EncoderIdentity? Identity => identity is null ? GeneratorIdentity.Find(_generator.Value) : identity();

    public int PromptCount => templates.Templates.Count;

    public string Sentences => string.Join('\n', templates.Templates);

    public IReadOnlyList<float[]> Encode(IReadOnlyList<string> classNames, CancellationToken cancellationToken)
    {
        var sentences = classNames.SelectMany(templates.Fill).Chunk(SentencesPerRequest);
        return [.. sentences.SelectMany(part => Embed(part, cancellationToken)).Chunk(PromptCount).Select(Join)];
    }

    public void Dispose()
    {
        if (ownsGenerator && _generator.IsValueCreated)
            _generator.Value.Dispose();
    }

    private GeneratedEmbeddings<Embedding<float>> Embed(string[] sentences, CancellationToken cancellationToken)
    {
        var embeddings = _generator.Value.GenerateAsync(sentences, options: null, cancellationToken).GetAwaiter().GetResult();
        ProviderAnswer.ThrowIfNot(embeddings, sentences.Length);
        return embeddings;
    }

    private static float[] Join(Embedding<float>[] sentences) => [.. sentences.SelectMany(sentence => UnitRows.Of(sentence.Vector, sentence.Vector.Length).ToArray())];
}
