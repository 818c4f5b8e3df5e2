using System.Text.Json;

namespace Lfa.IO;

/// <summary>Parses the JSON header of a .safetensors file.</summary>
internal ref struct SafetensorsHeaderParser
{
    private const string MetadataName = "__metadata__";
    private const int MostDimensions = 32;

    private readonly ByteSource source;
    private readonly List<SafetensorsEntry> entries = [];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> metadata = new(StringComparer.Ordinal);
    private Utf8JsonReader json;

    private SafetensorsHeaderParser(ReadOnlySpan<byte> text, ByteSource source)
    {
        this.source = source;
        json = new Utf8JsonReader(text);
    }

    public static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(ReadOnlySpan<byte> text, ByteSource source)
    {
        var parser = new SafetensorsHeaderParser(text, source);
        try
        {
            parser.ReadHeader();
        }
        // An InvalidOperationException comes from an escape that is half a surrogate pair.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw source.Bad($"the header is not valid JSON ({e.Message.Split('\n')[0]}); the file is damaged.", e);
        }
        return (parser.entries, parser.metadata);
    }

    private void ReadHeader()
    {
        Expect(JsonTokenType.StartObject);
        while (NextName() is { } name)
        {
            if (!names.Add(name))
                throw source.Bad($"{name} stands twice in the header; the file is damaged, save it again.");
            if (name == MetadataName)
                ReadMetadata();
            else
                entries.Add(ReadEntry(name));
        }
        if (json.Read())
            throw source.Bad("something follows the JSON object of the header; the file is damaged.");
    }

    private void ReadMetadata()
    {
        Expect(JsonTokenType.StartObject);
        while (NextName() is { } name)
        {
            if (!json.Read() || json.TokenType != JsonTokenType.String)
                throw source.Bad($"{MetadataName}: the value of {name} is not a string; expected strings only.");
            if (!metadata.TryAdd(name, json.GetString()!))
                throw source.Bad($"{MetadataName}: {name} stands twice; the file is damaged, save it again.");
        }
    }

    private SafetensorsEntry ReadEntry(string name)
    {
        var (type, shape, offsets) = ((string?)null, (long[]?)null, (long[]?)null);
        Expect(JsonTokenType.StartObject);
        while (NextName() is { } key)
        {
            if (key == "dtype" && type is null)
                type = ReadText(name);
            else if (key == "shape" && shape is null)
                shape = ReadNumbers(name);
            else if (key == "data_offsets" && offsets is null)
                offsets = ReadNumbers(name);
            else
                throw Malformed(name);
        }
        return type is null || shape is null || offsets is not [var start, var end]
            ? throw Malformed(name)
            : new SafetensorsEntry(name, type, shape, start, end);
    }

    private string ReadText(string name) =>
        json.Read() && json.TokenType == JsonTokenType.String ? json.GetString()! : throw Malformed(name);

    private long[] ReadNumbers(string name)
    {
        var numbers = new List<long>();
        Expect(JsonTokenType.StartArray);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (numbers.Count == MostDimensions || json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var number) || number < 0)
                throw Malformed(name);
            numbers.Add(number);
        }
        return [.. numbers];
    }

    /// <summary>Reads the next property's name, or null at the end of the object.</summary>
    private string? NextName() => json.Read() && json.TokenType == JsonTokenType.PropertyName ? json.GetString() : null;

    private void Expect(JsonTokenType type)
    {
        if (!json.Read() || json.TokenType != type)
            throw source.Bad(Invariant($"the header has no {(type == JsonTokenType.StartArray ? "array" : "object")} at byte {json.TokenStartIndex}; the file is damaged."));
    }

    private readonly InvalidDataException Malformed(string name) =>
        source.Bad($"{name}: the header's description is not valid; expected dtype, shape and two data_offsets, each once.");
}
