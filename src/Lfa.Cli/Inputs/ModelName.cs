namespace Lfa.Cli.Inputs;

/// <summary>What a model is asked for by: a folder or a name of a hub, and a variant, written "name:variant" in one word.</summary>
/// <param name="Name">The folder or the name.</param>
/// <param name="Variant">The variant of the graphs, or null for full precision.</param>
internal sealed record ModelName(string Name, string? Variant)
{
    /// <summary>Reads one word.</summary>
    /// <param name="text">The word.</param>
    /// <param name="variant">The variant, where it is given apart.</param>
    public static ModelName Parse(string text, string? variant = null)
    {
        // "C:\models" has no variant.
        var colon = text.LastIndexOf(':');
        return variant is not null || colon < 2 || text.AsSpan(colon).ContainsAny('/', '\\')
            ? new ModelName(text, variant)
            : new ModelName(text[..colon], text[(colon + 1)..]);
    }

    public override string ToString() => Variant is null ? Name : $"{Name}:{Variant}";
}
