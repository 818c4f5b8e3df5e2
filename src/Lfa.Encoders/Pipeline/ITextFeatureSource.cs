using Lfa.Data;

namespace Lfa.Encoders.Pipeline;

/// <summary>Embeds class names.</summary>
internal interface ITextFeatureSource : IDisposable
{
    /// <summary>Gets a text that differs between sources that put class names into different sentences.</summary>
    string Sentences { get; }

    /// <summary>Gets the encoder, without its dimension; null where it is unknown.</summary>
    EncoderIdentity? Identity { get; }

    /// <summary>Gets the number of sentences that a class name is put into, P.</summary>
    int PromptCount { get; }

    /// <summary>Embeds class names.</summary>
    /// <returns>The prompts of each name, P · d components, in their order, each of unit length.</returns>
    IReadOnlyList<float[]> Encode(IReadOnlyList<string> classNames, CancellationToken cancellationToken);

    /// <summary>Embeds class names.</summary>
    /// <returns>The prompts, and their means, the prototypes, in the order of the names.</returns>
    sealed TextFeatures EncodeFeatures(IReadOnlyList<string> classNames, CancellationToken cancellationToken)
    {
        var rows = Encode(classNames, cancellationToken);
        var columns = rows[0].Length / PromptCount;
        var prompts = new ClassPrompts(new Matrix(rows.SelectMany(row => row).ToArray(), rows.Count * PromptCount, columns), PromptCount);
        return new TextFeatures(prompts.ToPrototypes(), Identity is { } identity ? identity with { Dimension = columns } : null) { Prompts = PromptCount > 1 ? prompts : null };
    }
}
