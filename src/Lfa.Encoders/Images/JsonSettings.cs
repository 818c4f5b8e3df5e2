using System.Text.Json;

namespace Lfa.Encoders.Images;

/// <summary>Represents an object of a model's JSON file; reads its values, and words what is wrong with them.</summary>
/// <remarks>A value of null stands for none, as in Python.</remarks>
internal sealed class JsonSettings
{
    private const long LargestFile = 1 << 20; // such files have some kilobytes

    private readonly JsonElement _object;
    private readonly string _path;
    private readonly string _prefix;

    private JsonSettings(JsonElement element, string path, string prefix) => (_object, _path, _prefix) = (element, path, prefix);

    /// <summary>Gets the names of the values that are not null.</summary>
    public IEnumerable<string> Keys => _object.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null).Select(property => property.Name);

    /// <summary>Reads a file; null where there is none.</summary>
    /// <exception cref="LfaDataException">It is not a JSON object.</exception>
    public static JsonSettings? TryRead(string path)
    {
        if (!File.Exists(path))
            return null;
        if (new FileInfo(path).Length > LargestFile)
            throw BadInput.At(path, "the file is larger than any of its kind; copy it again from the model.");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new JsonSettings(document.RootElement.Clone(), path, "")
                : throw BadInput.At(path, "this is not a JSON object; copy the file again from the model.");
        }
        catch (JsonException e)
        {
            throw BadInput.At(path, Invariant($"this is not valid JSON at line {e.LineNumber + 1}; copy the file again from the model."), e);
        }
    }

    /// <summary>Makes the exception for a value that is not supported: one line with the file, the key, the value and what is supported.</summary>
    public LfaDataException Unsupported(string key, string supported)
    {
        var value = Find(key)?.GetRawText() ?? "missing";
        return BadInput.At(_path, $"{_prefix}{Shorten(key)} is {Shorten(value)}; supported is {supported}.");
    }

    public JsonSettings? Section(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } element => new JsonSettings(element, _path, $"{_prefix}{key}."),
        _ => throw Unsupported(key, "an object"),
    };

    public bool? Flag(string key) => Find(key)?.ValueKind switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Unsupported(key, "true or false"),
    };

    public string? Text(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } element => element.GetString(),
        _ => throw Unsupported(key, "a text"),
    };

    public double? Number(string key) => Find(key) is not { } element ? null
        : IsNumber(element, out var number) ? number : throw Unsupported(key, "a finite number");

    public int? Pixels(string key) => Find(key) is not { } element ? null
        : IsPixels(element, out var pixels) ? pixels : throw Unsupported(key, Invariant($"a number of pixels, 1 to {ImagePreprocessing.LongestSide}"));

    /// <summary>Reads one number for all channels, or three.</summary>
    public ChannelValues? Channels(string key)
    {
        if (Find(key) is not { } element)
            return null;
        if (IsNumber(element, out var same))
            return ChannelValues.Same(same);
        var values = new double[3];
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() != 3
            || !Enumerable.Range(0, 3).All(i => IsNumber(element[i], out values[i])))
            throw Unsupported(key, "a number or three");
        return new ChannelValues(values[0], values[1], values[2]);
    }

    /// <summary>Returns whether a value is a number rather than an object or an array.</summary>
    public bool IsNumber(string key) => Find(key)?.ValueKind == JsonValueKind.Number;

    /// <summary>Returns whether a value is false.</summary>
    public bool IsFalse(string key) => Find(key)?.ValueKind == JsonValueKind.False;

    /// <summary>Reads the pair of an array; null where it is none of two numbers of pixels.</summary>
    public (int First, int Second)? Pair(string key) =>
        Find(key) is { ValueKind: JsonValueKind.Array } element && element.GetArrayLength() == 2
        && IsPixels(element[0], out var first) && IsPixels(element[1], out var second) ? (first, second) : null;

    private static string Shorten(string text)
    {
        const int Longest = 100;
        return text.Length > Longest ? text[..Longest] + "…" : text;
    }

    private JsonElement? Find(string key) =>
        _object.TryGetProperty(key, out var element) && element.ValueKind != JsonValueKind.Null ? element : null;

    private static bool IsNumber(JsonElement element, out double number)
    {
        number = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out number) && double.IsFinite(number);
    }

    private static bool IsPixels(JsonElement element, out int pixels)
    {
        pixels = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out pixels) && pixels is >= 1 and <= ImagePreprocessing.LongestSide;
    }
}
