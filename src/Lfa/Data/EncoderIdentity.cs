namespace Lfa.Data;

/// <summary>Tells which encoder gave features, of images or of class names.</summary>
/// <param name="Name">The name of the model, such as "openai/clip-vit-base-patch32".</param>
public sealed record EncoderIdentity(string Name)
{
    /// <summary>Gets a text that differs where another model would give other embeddings: a hash of its files. Default: unknown.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Gets a text that is the same for the encoders of images and of texts whose embeddings share a space: those of one model. Default: unknown.</summary>
    public string? Space { get; init; }

    /// <summary>Gets the number of components of an embedding. Default: unknown.</summary>
    public int? Dimension { get; init; }

    /// <summary>Gets the temperature of the encoder's own probabilities, above 0. Default: unknown.</summary>
    public double? Temperature { get; init; }

    /// <summary>Returns whether two encoders are known to be of different spaces; false where either is unknown.</summary>
    /// <param name="images">The encoder of images, or null where it is unknown.</param>
    /// <param name="texts">The encoder of texts, or null where it is unknown.</param>
    public static bool DifferInSpace(EncoderIdentity? images, EncoderIdentity? texts) =>
        images?.Space is { } first && texts?.Space is { } second && first != second;
}
