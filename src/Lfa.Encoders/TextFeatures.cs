using Lfa.Data;

namespace Lfa.Encoders;

/// <summary>The text features of class names, and the encoder that gave them.</summary>
/// <param name="ClassPrototypes">The features, C × d, rows of unit length.</param>
/// <param name="Encoder">The encoder; null where it is unknown.</param>
public sealed record TextFeatures(Matrix ClassPrototypes, EncoderIdentity? Encoder = null)
{
    /// <summary>Gets the prompts of each class, one a template, whose means are the features. Default: null, one a class.</summary>
    public ClassPrompts? Prompts { get; init; }

    /// <summary>Takes features of an unknown encoder.</summary>
    /// <param name="classPrototypes">The features, C × d.</param>
    public static implicit operator TextFeatures(Matrix classPrototypes) => FromMatrix(classPrototypes);

    /// <summary>Takes features of an unknown encoder.</summary>
    /// <param name="classPrototypes">The features, C × d.</param>
    /// <returns>The text features.</returns>
    public static TextFeatures FromMatrix(Matrix classPrototypes) => new(classPrototypes);
}
