namespace Lfa.Encoders.Sources;

/// <summary>Names a model: a folder or a model of a hub, and a variant; written "name:variant" in one word.</summary>
/// <param name="Name">The path of a folder, or a name such as "openai/clip-vit-base-patch32".</param>
/// <param name="Variant">The suffix of the graphs, such as "quantized"; null for full precision.</param>
public sealed record ModelReference(string Name, string? Variant = null)
{
    /// <summary>Reads one word.</summary>
    /// <param name="text">The name, with ":variant" or without.</param>
    /// <returns>The reference; the model need not be there.</returns>
    public static ModelReference Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        // "C:\models" has no variant.
        var colon = text.LastIndexOf(':');
        return colon < 2 || text.AsSpan(colon).ContainsAny('/', '\\')
            ? new ModelReference(text)
            : new ModelReference(text[..colon], text[(colon + 1)..]);
    }

    /// <summary>Returns the one word that <see cref="Parse"/> reads.</summary>
    public override string ToString() => Variant is null ? Name : $"{Name}:{Variant}";
}
