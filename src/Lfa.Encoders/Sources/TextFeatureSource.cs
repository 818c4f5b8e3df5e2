using Lfa.Encoders.Text;
using Lfa.IO;
using Microsoft.Extensions.AI;

namespace Lfa.Encoders.Sources;

/// <summary>Gives the text features of class names from elsewhere than the model of the images: from a file, or from an embedding generator such as an API.</summary>
/// <remarks>Instances are as safe for use by several threads at once as their generator.</remarks>
public sealed class TextFeatureSource : IDisposable
{
    private readonly Func<IReadOnlyList<string>, CancellationToken, Task<TextFeatures>> _encode;
    private readonly IDisposable? _owned;

    private TextFeatureSource(Func<IReadOnlyList<string>, CancellationToken, Task<TextFeatures>> encode, IDisposable? owned = null) => (_encode, _owned) = (encode, owned);

    /// <summary>Takes text features from a file, which finds them by the names of the classes.</summary>
    /// <param name="path">The path of a feature file with text features and class names; it is read when features are asked for.</param>
    /// <returns>The source.</returns>
    public static TextFeatureSource FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new TextFeatureSource((names, cancellationToken) => Task.Run(() => Read(path, names), cancellationToken));
    }

    /// <summary>Embeds class names with a generator.</summary>
    /// <param name="generator">Embeds texts.</param>
    /// <param name="templates">The texts that a class name is put into. Default: "a photo of a {}."</param>
    /// <param name="ownsGenerator">Whether the generator is disposed with the source. Default: false.</param>
    /// <returns>The source.</returns>
    public static TextFeatureSource FromGenerator(IEmbeddingGenerator<string, Embedding<float>> generator, PromptTemplates? templates = null, bool ownsGenerator = false)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new TextFeatureSource((names, cancellationToken) => ClassNameEncoder.EncodeAsync(generator, names, templates, cancellationToken), ownsGenerator ? generator : null);
    }

    /// <summary>Gets the text features of classes.</summary>
    /// <param name="classNames">The C class names, at least one.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The features, C × d, in the order of the names, and the encoder that gave them.</returns>
    /// <exception cref="LfaDataException">The file has no features of a class, or is damaged; or the generator does not answer with one embedding for each text.</exception>
    /// <exception cref="IOException">The file cannot be read, or the API gives no embeddings.</exception>
    public Task<TextFeatures> EncodeAsync(IReadOnlyList<string> classNames, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        return _encode(classNames, cancellationToken);
    }

    /// <summary>Disposes the generator, if the source owns it.</summary>
    public void Dispose() => _owned?.Dispose();

    private static TextFeatures Read(string path, IReadOnlyList<string> classNames) => BadInput.Naming(path, () =>
    {
        var texts = FeatureFile.ReadPrototypes(path).SelectClasses(classNames);
        return new TextFeatures(texts.Prototypes, texts.TextEncoder) { Prompts = texts.Prompts };
    });
}
