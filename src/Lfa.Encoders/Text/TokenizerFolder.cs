using System.Text.Json;

namespace Lfa.Encoders.Text;

/// <summary>Reads the files of a model folder that describe its tokenizer. What a file lacks is null.</summary>
internal sealed class TokenizerFolder(string path) : IDisposable
{
    // Beyond this, published files mean "no limit" (they say 1e30).
    private const double LongestContext = 1e6;

    private readonly Dictionary<string, JsonDocument?> _documents = new(StringComparer.Ordinal);

    /// <summary>Gets the name of the tokenizer's class, such as <c>CLIPTokenizer</c>, without "Fast" at its end.</summary>
    public string? TokenizerClass => Text("tokenizer_config.json", "tokenizer_class") is { } name
        ? name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name
        : null;

    /// <summary>Gets the kind of the model, such as <c>clip</c>.</summary>
    public string? ModelType => Text("config.json", "model_type");

    /// <summary>Gets whether the folder is of OpenCLIP, with no configuration of another library.</summary>
    public bool IsOpenClip => Json("config.json") is null && Json("open_clip_config.json") is not null;

    /// <summary>Gets whether the model is SigLIP, which was trained with padding and without a mask.</summary>
    public bool IsSiglip => ModelType is "siglip" or "siglip2" || TokenizerClass == "SiglipTokenizer";

    /// <summary>Gets whether text is made small where the vocabulary's own file does not say it: SigLIP was trained so, and its older files are silent.</summary>
    public bool LowersCase => Flag("tokenizer_config.json", "do_lower_case") ?? ModelType is "siglip" or "siglip2";

    public string PathOf(string name) => Path.Combine(path, name);

    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>Gets the object in a JSON file, or null if there is no such file.</summary>
    public JsonElement? Json(string name)
    {
        if (!_documents.TryGetValue(name, out var document))
            _documents[name] = document = Has(name) ? Parse(name) : null;
        return document?.RootElement;
    }

    public bool? Flag(string file, string key) => Member(Json(file), key) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => null,
    };

    public string? Text(string file, string key) => Member(Json(file), key) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>Gets a special token, such as <c>pad_token</c>: a string, or an object that holds it.</summary>
    public string? Token(string key)
    {
        foreach (var file in (string[])["special_tokens_map.json", "tokenizer_config.json"])
        {
            if (Text(file, key) is { } token)
                return token;
            if (Member(Json(file), key) is { } entry && Member(entry, "content") is { ValueKind: JsonValueKind.String } content)
                return content.GetString();
        }
        return null;
    }

    /// <summary>Finds the number of tokens that the text encoder takes, special tokens included.</summary>
    public int FindContextLength()
    {
        var lengths = new[]
        {
            Number(Member(Json("tokenizer_config.json"), "model_max_length")),
            Positions(Member(Json("config.json"), "text_config")) ?? Positions(Json("config.json")),
            Number(Member(Member(Member(Json("open_clip_config.json"), "model_cfg"), "text_cfg"), "context_length")),
        };
        var shortest = lengths.Where(length => length is >= 2 and < LongestContext).Min();
        return (int?)shortest ?? ModelType switch
        {
            "clip" => 77,
            "siglip" or "siglip2" => 64,
            _ => throw Bad("tokenizer_config.json", "says no model_max_length, nor does config.json or open_clip_config.json; add it: the number of tokens that the text encoder takes."),
        };
    }

    public LfaDataException Bad(string name, string problem, Exception? inner = null) => BadInput.At(PathOf(name), problem, inner);

    public void Dispose()
    {
        foreach (var document in _documents.Values)
            document?.Dispose();
    }

    /// <summary>Gets a member of an object, or null if it has none or is none.</summary>
    public static JsonElement? Member(JsonElement? parent, string key) =>
        parent is { ValueKind: JsonValueKind.Object } entry && entry.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    // Positions of RoBERTa-like models begin behind the id of their padding.
    private double? Positions(JsonElement? config) =>
        Number(Member(config, "max_position_embeddings")) - (Member(config, "model_type")?.ToString() is "roberta" or "xlm-roberta" || ModelType == "altclip" ? 2 : 0);

    private static double? Number(JsonElement? value) => value is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var result) ? result : null;

    private JsonDocument Parse(string name)
    {
        try
        {
            using var stream = File.OpenRead(PathOf(name));
            return JsonDocument.Parse(stream);
        }
        catch (JsonException e)
        {
            throw Bad(name, $"it is not valid JSON ({e.Message.Split('\n')[0]}); get the file again.", e);
        }
    }
}
