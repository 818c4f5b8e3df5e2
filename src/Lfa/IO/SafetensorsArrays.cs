using System.Text.Json;

namespace Lfa.IO;

/// <summary>Represents the tensors of an open .safetensors file as arrays, and the JSON arrays of its metadata as names.</summary>
internal sealed class SafetensorsArrays : ArrayFile
{
    private readonly Stream _stream;
    private readonly SafetensorsHeader _header;

    public SafetensorsArrays(Stream stream, string path)
        : base(path) =>
        (_stream, _header) = (stream, SafetensorsHeader.Read(stream, path));

    public override IReadOnlyList<string> Names => [.. _header.Entries.Select(entry => entry.Name)];

    public override IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    public override FileKind Kind => IsFeatures ? base.Kind : FileKind.Model;

    private bool IsFeatures => Metadata.GetValueOrDefault(SafetensorsFormat.FormatKey) == SafetensorsFormat.FormatMark || _header.Entries.Any(entry => entry.Name == FeatureFileLayout.NamedImages);

    public override StoredArray? Find(string name) =>
        _header.Entries.FirstOrDefault(entry => entry.Name == name) is { } entry ? SafetensorsFile.ToStoredArray(_stream, Path, _header, entry) : null;

    public override StoredNames? FindNames(string name)
    {
        if (!Metadata.TryGetValue(name, out var text))
            return null;
        var names = ParseNames(text) ?? throw Bad(name, "is not a JSON array of strings; save the file again.");
        return new StoredNames(name, names.Length, () => names, problem => Bad(name, problem));
    }

    public override StoredNames? FindText(string name) =>
        Metadata.TryGetValue(name, out var text) ? new StoredNames(name, 1, () => [text], problem => Bad(name, problem)) : null;

    private static string[]? ParseNames(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return [.. json.RootElement.EnumerateArray().Select(name => name.GetString() ?? throw new JsonException("null"))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private LfaDataException Bad(string name, string problem) => InputFile.Bad(Path, $"the metadata entry {name} {problem}");
}
