using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lfa.Data;

namespace Lfa.IO;

/// <summary>Writes the identity of an encoder as one JSON object and reads it back.</summary>
internal static class EncoderIdentityText
{
    // Not for HTML: names in any script stay readable in the file.
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns the text; what is unknown is left out.</summary>
    public static string Write(EncoderIdentity encoder)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("name", encoder.Name);
            if (encoder.Fingerprint is { } fingerprint)
                json.WriteString("fingerprint", fingerprint);
            if (encoder.Space is { } space)
                json.WriteString("space", space);
            if (encoder.Dimension is { } dimension)
                json.WriteNumber("dimension", dimension);
            if (encoder.Temperature is { } temperature)
                json.WriteNumber("temperature", temperature);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Returns the identity; null where the text is none. Members it does not know are ignored.</summary>
    public static EncoderIdentity? TryRead(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            if (Member(root, "name")?.GetString() is not { Length: > 0 } name)
                return null;
            var encoder = new EncoderIdentity(name)
            {
                Fingerprint = Member(root, "fingerprint")?.GetString(),
                Space = Member(root, "space")?.GetString(),
                Dimension = Member(root, "dimension")?.GetInt32(),
                Temperature = Member(root, "temperature")?.GetDouble(),
            };
            return encoder is { Dimension: < 1 } || (encoder.Temperature is { } temperature && !(temperature > 0 && double.IsFinite(temperature))) ? null : encoder;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static JsonElement? Member(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
