using Lfa.Encoders.Pipeline;
using Lfa.Encoders.Text;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders;

/// <summary>Turns class names into class prototypes, without images.</summary>
public static class ClassNameEncoder
{
    /// <summary>Embeds class names with any provider of text embeddings, such as an API.</summary>
    /// <param name="texts">Embeds texts.</param>
    /// <param name="classNames">The C class names, at least one.</param>
    /// <param name="templates">The texts that a class name is put into. Default: "a photo of a {}."</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The class prototypes, C × d, of unit length: for each class the mean over the templates of their embeddings; these embeddings, where there are several templates; and the encoder, by what the generator tells of its model.</returns>
    /// <exception cref="LfaDataException">There is no class name, or the provider does not answer with one embedding for each text, all of one dimension.</exception>
    public static Task<TextFeatures> EncodeAsync(IEmbeddingGenerator<string, Embedding<float>> texts, IReadOnlyList<string> classNames, PromptTemplates? templates = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(classNames);
        if (classNames.Count == 0)
            throw BadInput.NoClassName();
        ITextFeatureSource source = new GeneratorTextSource(() => texts, templates ?? PromptTemplates.Default, ownsGenerator: false);
        return Task.Run(() => source.EncodeFeatures(classNames, cancellationToken), cancellationToken);
    }
}
