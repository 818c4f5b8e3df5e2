using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lfa.Data;

/// <summary>The identity of an encoder as files keep it: a JSON object.</summary>
internal static class EncoderIdentityJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an identity; what is unknown is left out.</summary>
    public static string Write(EncoderIdentity encoder)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            WriteText(json, "name", encoder.Name);
            WriteText(json, "fingerprint", encoder.Fingerprint);
            WriteText(json, "space", encoder.Space);
            if (encoder.Dimension is { } dimension)
                json.WriteNumber("dimension", dimension);
            if (encoder.Temperature is { } temperature)
                json.WriteNumber("temperature", temperature);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Reads an identity; null where the text is none. Members it does not know are ignored.</summary>
    public static EncoderIdentity? TryRead(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            var encoder = new EncoderIdentity(Member(root, "name")?.GetString())
            {
                Fingerprint = Member(root, "fingerprint")?.GetString(),
                Space = Member(root, "space")?.GetString(),
                Dimension = Member(root, "dimension")?.GetInt32(),
                Temperature = Member(root, "temperature")?.GetDouble(),
            };
            return encoder is { Dimension: < 1 } or { Name: "" } || encoder == new EncoderIdentity() ? null : encoder;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static JsonElement? Member(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }
}
