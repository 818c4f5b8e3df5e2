namespace Lfa.Data;

/// <summary>Tells which encoder gave features, of images or of class names.</summary>
/// <param name="Name">The name of the model, such as "openai/clip-vit-base-patch32". Default: unknown.</param>
public sealed record EncoderIdentity(string? Name = null)
{
    /// <summary>Gets a text that differs where another model would give other embeddings: a hash of its files. Default: unknown.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Gets a text that is the same for the encoders of images and of texts whose embeddings share a space: those of one model. Default: unknown.</summary>
    public string? Space { get; init; }

    /// <summary>Gets the number of components of an embedding. Default: unknown.</summary>
    public int? Dimension { get; init; }

    /// <summary>Gets the temperature of the encoder's own probabilities, above 0. Default: unknown.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or it or its inverse is not finite.</exception>
    public double? Temperature
    {
        get;
        init => field = value is null || (value > 0 && double.IsFinite(value.Value) && double.IsFinite(2 / value.Value)) ? value
            : throw new ArgumentOutOfRangeException(nameof(Temperature), value, "Temperature must be above 0, and finite, and so must its inverse.");
    }

    /// <summary>Returns whether two encoders are known to be of different spaces; false where either is unknown.</summary>
    /// <param name="images">The encoder of images, or null where it is unknown.</param>
    /// <param name="texts">The encoder of texts, or null where it is unknown.</param>
    internal static bool DifferInSpace(EncoderIdentity? images, EncoderIdentity? texts) =>
        images?.Space is { } first && texts?.Space is { } second && first != second;
}
