using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lfa.Cli.Rendering;

/// <summary>Writes one JSON document.</summary>
internal static class JsonReport
{
    // Letters of any script stay as they are; the document goes to a terminal or a file, not into a web page.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Line = Indented with { Indented = false };

    /// <summary>Writes an object, indented for a person or in one line for a stream of objects.</summary>
    /// <param name="output">Takes the document and a line end.</param>
    /// <param name="writeProperties">Writes the properties of the object.</param>
    /// <param name="oneLine">Whether the document is one line.</param>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> writeProperties, bool oneLine = false)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, oneLine ? Line : Indented))
        {
            json.WriteStartObject();
            writeProperties(json);
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    /// <summary>Writes a number, or null for one that is absent or that JSON cannot express.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    /// <summary>Writes an array of strings.</summary>
    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
