using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lfa.Classification;

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

    /// <summary>Writes an accuracy under a name of its own, as a fraction, and in per cent as before.</summary>
    public static void WriteAccuracy(this Utf8JsonWriter json, string name, Accuracy? accuracy)
    {
        if (accuracy is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.WriteAccuracies(accuracy.Top1, accuracy.Top5);
        json.WriteEndObject();
    }

    /// <summary>Writes top-1 and top-5 accuracy as fractions, and in per cent as before.</summary>
    public static void WriteAccuracies(this Utf8JsonWriter json, double? top1, double? top5)
    {
        json.WriteNumberOrNull("top1Accuracy", top1);
        json.WriteNumberOrNull("top5Accuracy", top5);
        json.WriteNumberOrNull("top1", 100 * top1);
        json.WriteNumberOrNull("top5", 100 * top5);
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
