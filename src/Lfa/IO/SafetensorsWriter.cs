using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lfa.IO;

/// <summary>Writes the .safetensors format with sorted names, so that the same content gives the same bytes.</summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8; // of the data, the largest element's size

    // Not for HTML: names in any script stay readable in the file.
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream stream, IReadOnlyDictionary<string, SafetensorsPart> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        foreach (var (name, tensor) in tensors)
            Check(name, tensor);
        // Large elements first keeps every tensor at a multiple of its element's size.
        (string Name, SafetensorsPart Tensor)[] ordered = [.. tensors
            .OrderByDescending(pair => SafetensorsTypes.Find(pair.Value.Type)!.Value.Size)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => (pair.Key, pair.Value))];
        var header = MakeHeader(ordered, metadata);
        if (header.Length > SafetensorsHeader.LongestHeader - Alignment)
            throw new LfaDataException(Invariant($"The names of images and classes take {header.Length} bytes, more than the {SafetensorsHeader.LongestHeader} that the header of a .safetensors file may have; write a .npz file."));
        var padding = (Alignment - (SafetensorsHeader.PrefixLength + header.Length) % Alignment) % Alignment;
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length + padding);
        stream.Write(prefix);
        stream.Write(header);
        stream.Write("        "u8[..padding]);
        foreach (var (_, tensor) in ordered)
            tensor.Write(stream);
    }

    private static ReadOnlySpan<byte> MakeHeader((string Name, SafetensorsPart Tensor)[] tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, JsonOptions);
        json.WriteStartObject();
        if (metadata.Count > 0)
            WriteMetadata(json, metadata);
        var offset = 0L;
        foreach (var (name, tensor) in tensors)
            WriteEntry(json, name, tensor, ref offset);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject("__metadata__");
        foreach (var (name, text) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            json.WriteString(name, text);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, SafetensorsPart tensor, ref long offset)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", tensor.Type);
        json.WriteStartArray("shape");
        foreach (var extent in tensor.Shape)
            json.WriteNumberValue(extent);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset += tensor.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Check(string name, SafetensorsPart tensor)
    {
        if (name == "__metadata__")
            throw new ArgumentException("A tensor cannot be named __metadata__; the format keeps that name for its metadata.");
        if (SafetensorsTypes.Find(tensor.Type) is not { } type)
            throw new ArgumentException($"{name}: the type \"{tensor.Type}\" is not known.");
        if (tensor.Shape.Any(extent => extent < 0) || ArrayShape.Count(tensor.Shape) is not { } count || (Int128)count * type.Size != tensor.Length)
            throw new ArgumentException(Invariant($"{name}: {ArrayShape.Describe(tensor.Shape)} of {tensor.Type} does not take {tensor.Length} bytes."));
    }
}
