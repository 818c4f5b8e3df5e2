using System.Text.Json;

namespace Lfa.IO;

/// <summary>Parses the JSON header of a .safetensors file.</summary>
internal ref struct SafetensorsHeaderParser
{
    private const string MetadataName = "__metadata__";
    private const int MostDimensions = 32;

    private readonly ByteSource _source;
    private readonly List<SafetensorsEntry> _entries = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private Utf8JsonReader _json;

    private SafetensorsHeaderParser(ReadOnlySpan<byte> text, ByteSource source)
    {
        _source = source;
        _json = new Utf8JsonReader(text);
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
        return (parser._entries, parser._metadata);
    }

    private void ReadHeader()
    {
        Expect(JsonTokenType.StartObject);
        while (NextName() is { } name)
        {
            if (!_names.Add(name))
                throw _source.Bad($"{name} stands twice in the header; the file is damaged, save it again.");
            if (name == MetadataName)
                ReadMetadata();
            else
                _entries.Add(ReadEntry(name));
        }
        if (_json.Read())
            throw _source.Bad("something follows the JSON object of the header; the file is damaged.");
    }

    private void ReadMetadata()
    {
        Expect(JsonTokenType.StartObject);
        while (NextName() is { } name)
        {
            if (!_json.Read() || _json.TokenType != JsonTokenType.String)
                throw _source.Bad($"{MetadataName}: the value of {name} is not a string; expected strings only.");
            if (!_metadata.TryAdd(name, _json.GetString()!))
                throw _source.Bad($"{MetadataName}: {name} stands twice; the file is damaged, save it again.");
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
        _json.Read() && _json.TokenType == JsonTokenType.String ? _json.GetString()! : throw Malformed(name);

    private long[] ReadNumbers(string name)
    {
        var numbers = new List<long>();
        Expect(JsonTokenType.StartArray);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (numbers.Count == MostDimensions || _json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out var number) || number < 0)
                throw Malformed(name);
            numbers.Add(number);
        }
        return [.. numbers];
    }

    /// <summary>Reads the next property's name, or null at the end of the object.</summary>
    private string? NextName() => _json.Read() && _json.TokenType == JsonTokenType.PropertyName ? _json.GetString() : null;

    private void Expect(JsonTokenType type)
    {
        if (!_json.Read() || _json.TokenType != type)
            throw _source.Bad(Invariant($"the header has no {(type == JsonTokenType.StartArray ? "array" : "object")} at byte {_json.TokenStartIndex}; the file is damaged."));
    }

    private readonly LfaDataException Malformed(string name) =>
        _source.Bad($"{name}: the header's description is not valid; expected dtype, shape and two data_offsets, each once.");
}
