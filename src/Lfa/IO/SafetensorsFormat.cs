using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lfa.Data;

namespace Lfa.IO;

/// <summary>Tensors behind a JSON header; names stand in its metadata as JSON arrays.</summary>
internal sealed class SafetensorsFormat : ArrayFormat
{
    /// <summary>The metadata entry that tells models and features apart.</summary>
    public const string FormatKey = "format";

    /// <summary>What stands there in feature files.</summary>
    public const string FormatMark = "lfa-features";

    private const string OwnPrefix = "lfa-";

    // Not for HTML: names in any script stay readable in the file.
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override string Name => "safetensors";

    public override bool Matches(ReadOnlySpan<byte> prefix, long length) =>
        prefix.Length > SafetensorsHeader.PrefixLength && prefix[SafetensorsHeader.PrefixLength] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(prefix) <= (ulong)length;

    public override IFeatureSource Open(Stream stream, string name)
    {
        var file = new SafetensorsArrays(stream, name);
        // A model's prototypes are not what its images are compared with: its transform goes between.
        return file.Metadata.GetValueOrDefault(FormatKey) is { } mark && mark != FormatMark && mark.StartsWith(OwnPrefix, StringComparison.Ordinal)
            ? throw InputFile.Bad(name, "this .safetensors file is a fitted model; expected image features, or class prototypes.")
            : new ArraySource(file);
    }

    public override void Write(Stream stream, FeatureFileContent content, IEnumerable<ReadOnlyMemory<float>> imageFeatures)
    {
        var tensors = new Dictionary<string, SafetensorsPart>
        {
            [FeatureFileLayout.NamedImages] = new("F32", content.ImageShape, sizeof(float) * content.ImageShape.Aggregate(1L, (product, extent) => product * extent),
                data => content.WriteImages(imageFeatures, part => WriteLittleEndian(data, part.Span))),
        };
        if (content.ClassPrototypes is { } prototypes)
            tensors["text_features"] = ToPart(StoredTexts.Of(prototypes, content.Prompts));
        if (content.Labels.Length > 0)
            tensors["labels"] = new("I64", [content.Labels.Length], (long)sizeof(long) * content.Labels.Length, data => WriteLittleEndian(data, content.Labels.Span));
        var metadata = new Dictionary<string, string> { [FormatKey] = FormatMark };
        if (content.ClassPrototypes is not null)
            metadata["class_names"] = ToJson(content.ClassNames);
        if (content.FileNames is { } fileNames)
            metadata[FeatureFileLayout.NamedFiles] = ToJson(fileNames);
        if (content.CropCount > 1)
            metadata[FeatureFileLayout.MiddleAxisName] = FeatureFileLayout.CropsMark;
        Add(metadata, FeatureFileLayout.ImageEncoderName, content.ImageEncoder);
        Add(metadata, FeatureFileLayout.TextEncoderName, content.TextEncoder);
        SafetensorsWriter.Write(stream, tensors, metadata);
    }

    public override void WritePrototypes(Stream stream, NamedPrototypes prototypes, ReadOnlyMemory<float> biases)
    {
        var tensors = new Dictionary<string, SafetensorsPart> { ["class_prototypes"] = ToPart(StoredTexts.Of(prototypes.Prototypes, prototypes.Prompts)) };
        if (biases.Length > 0)
            tensors["biases"] = ToPart(biases, biases.Length);
        var metadata = new Dictionary<string, string> { [FormatKey] = FormatMark };
        if (prototypes.ClassNames is { } classNames)
            metadata["class_names"] = ToJson(classNames);
        Add(metadata, FeatureFileLayout.TextEncoderName, prototypes.TextEncoder);
        SafetensorsWriter.Write(stream, tensors, metadata);
    }

    protected override ArrayFile OpenArrays(Stream stream, string name) => new SafetensorsArrays(stream, name);

    private static SafetensorsPart ToPart(StoredTexts texts) => ToPart(texts.Values, texts.Shape);

    private static SafetensorsPart ToPart(ReadOnlyMemory<float> values, params long[] shape) =>
        new("F32", shape, (long)sizeof(float) * values.Length, data => WriteLittleEndian(data, values.Span));

    private static void WriteLittleEndian(Stream data, ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            NpyWriter.WriteValues(data, values);
            return;
        }
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            data.Write(bytes);
        }
    }

    private static void WriteLittleEndian(Stream data, ReadOnlySpan<int> values)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            data.Write(bytes);
        }
    }

    private static void Add(Dictionary<string, string> metadata, string key, EncoderIdentity? encoder)
    {
        if (encoder is not null)
            metadata[key] = EncoderIdentityJson.Write(encoder);
    }

    private static string ToJson(IReadOnlyList<string> names)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartArray();
            foreach (var name in names)
                json.WriteStringValue(name);
            json.WriteEndArray();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
