using System.Globalization;
using System.Text;
using System.Text.Json;
using Lfa.Data;
using Lfa.Methods;

namespace Lfa.Model;

/// <summary>The part of a model file that tells how it was fitted: one metadata entry, a JSON object, and a few entries for people who look.</summary>
internal static class RecordPart
{
    public const string Key = "fit";

    /// <summary>Adds the record to what is to be written.</summary>
    public static void Add(FitRecord record, ModelParts parts)
    {
        parts.Add("method", record.Method);
        parts.Add("variant", record.Variant);
        parts.Add("seed", record.Seed?.ToString(CultureInfo.InvariantCulture));
        parts.Add("iterations", record.Iterations?.ToString(CultureInfo.InvariantCulture));
        parts.Add("library_version", record.LibraryVersion);
        parts.Add("image_encoder", Write(record.ImageEncoder));
        parts.Add("text_encoder", Write(record.TextEncoder));
        parts.Add(Key, WriteFit(record));
    }

    /// <summary>Reads the record.</summary>
    /// <exception cref="LfaDataException">An entry is damaged; the message names the file and the entry.</exception>
    public static FitRecord Read(ModelParts parts)
    {
        var record = new FitRecord
        {
            Method = parts.Text("method"),
            Variant = parts.Text("variant"),
            Seed = parts.Integer("seed"),
            Iterations = parts.Integer("iterations"),
            LibraryVersion = parts.Text("library_version"),
            ImageEncoder = ReadEncoder(parts, "image_encoder"),
            TextEncoder = ReadEncoder(parts, "text_encoder"),
        };
        return parts.Text(Key) is not { } text ? record : Guard(parts, Key, "the options of a fit", () =>
        {
            using var json = JsonDocument.Parse(text);
            return ReadFit(json.RootElement, record);
        });
    }

    /// <summary>Runs a step that reads JSON; whatever is wrong with it is told as damage of an entry.</summary>
    public static T Guard<T>(ModelParts parts, string key, string expected, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException or LfaDataException)
        {
            throw parts.Wrong(key, expected, e);
        }
    }

    private static string WriteFit(FitRecord record) => ToText(json =>
    {
        json.WriteNumber("samples", record.Samples);
        json.WriteNumber("unlabeled_samples", record.UnlabeledSamples);
        if (record.Options is { } method)
        {
            json.WriteStartObject("options");
            method.WriteOptions(json);
            json.WriteEndObject();
        }
        json.WriteStartArray("chosen");
        foreach (var value in record.Chosen)
        {
            json.WriteStartObject();
            json.WriteString("name", value.Name);
            json.WriteNumber("value", value.Value);
            json.WriteString("origin", value.Origin.ToString());
            if (value.Symbol != value.Name)
                json.WriteString("symbol", value.Symbol);
            if (value.Format is not null)
                json.WriteString("format", value.Format);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("blend");
        foreach (var expert in record.Blend)
        {
            json.WriteStartObject();
            json.WriteString("name", expert.Name);
            json.WriteNumber("weight", expert.Weight);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static FitRecord ReadFit(JsonElement json, FitRecord record) => record with
    {
        Samples = Count(json, "samples"),
        UnlabeledSamples = Count(json, "unlabeled_samples"),
        Options = json.TryGetProperty("options", out var options) ? ReadOptions(record.Method, options) : null,
        Chosen = [.. json.GetProperty("chosen").EnumerateArray().Select(ReadChosen)],
        Blend = [.. json.GetProperty("blend").EnumerateArray().Select(expert => new ExpertWeight(expert.GetProperty("name").GetString()!, Finite(expert, "weight")))],
    };

    private static ChosenValue ReadChosen(JsonElement json)
    {
        var name = json.GetProperty("name").GetString()!;
        return new ChosenValue(name, Finite(json, "value"), Enum.Parse<ValueOrigin>(json.GetProperty("origin").GetString()!))
        {
            Symbol = json.TryGetProperty("symbol", out var symbol) ? symbol.GetString()! : name,
            Format = json.TryGetProperty("format", out var format) ? format.GetString() : null,
        };
    }

    /// <summary>Reads the options of a method; null where the method, or its loss, is not registered here.</summary>
    internal static IMethod? ReadOptions(string? method, JsonElement options)
    {
        try
        {
            return method is null ? null : MethodRegistry.Methods.Find(method)?.ReadOptions(options);
        }
        catch (UnknownLossException)
        {
            return null;
        }
    }

    private static int Count(JsonElement json, string name)
    {
        var count = json.GetProperty(name).GetInt32();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return count;
    }

    internal static double Finite(JsonElement json, string name) => json.GetProperty(name).GetDouble() is var value && double.IsFinite(value) ? value : throw new FormatException();

    private static string? Write(EncoderIdentity? encoder) => encoder is null || encoder == new EncoderIdentity() ? null : EncoderIdentityJson.Write(encoder);

    private static EncoderIdentity? ReadEncoder(ModelParts parts, string key) =>
        parts.Text(key) is not { } text ? null : Guard(parts, key, "the identity of an encoder", () => EncoderIdentityJson.TryRead(text) ?? throw new FormatException());

    private static string ToText(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
