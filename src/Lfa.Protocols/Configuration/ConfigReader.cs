using System.Text;
using System.Text.Json;

namespace Lfa.Protocols.Configuration;

/// <summary>Reads a JSON file into values that know their lines.</summary>
internal static class ConfigReader
{
    private const long LargestFile = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <returns>Its value.</returns>
    /// <exception cref="LfaDataException">It is not JSON; the message names the line.</exception>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    public static ConfigValue Read(string path)
    {
        if (Directory.Exists(path))
            throw new LfaDataException($"{path} is a folder; give the JSON file of the protocol.") { Subject = path };
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: there is no such file.", path);
        if (new FileInfo(path).Length > LargestFile)
            throw new LfaDataException($"{path}: the file is larger than any of its kind; give the JSON file of the protocol.") { Subject = path };
        var bytes = WithoutMark(File.ReadAllBytes(path));
        var reader = new Utf8JsonReader(bytes);
        try
        {
            reader.Read();
            var value = Read(ref reader, path, bytes, "", "");
            reader.Read(); // anything behind it throws
            return value;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var line = e is JsonException { LineNumber: { } number } ? number + 1 : LineOf(bytes, reader.TokenStartIndex);
            throw new LfaDataException(Invariant($"{path}: line {line}: this is not valid JSON; check commas, quotes and brackets there."), e) { Subject = path };
        }
    }

    private static ConfigValue Read(ref Utf8JsonReader reader, string path, ReadOnlySpan<byte> bytes, string key, string name)
    {
        var (line, kind) = (LineOf(bytes, reader.TokenStartIndex), reader.TokenType);
        var children = new List<ConfigValue>();
        if (kind == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var child = reader.GetString()!;
                reader.Read();
                children.Add(Read(ref reader, path, bytes, child, name.Length == 0 ? child : $"{name}.{child}"));
            }
        }
        else if (kind == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                children.Add(Read(ref reader, path, bytes, "", Invariant($"{name}[{children.Count}]")));
        }
        var text = kind == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
        return new ConfigValue(path, line, key, name, kind, text, children);
    }

    private static int LineOf(ReadOnlySpan<byte> bytes, long position) => bytes[..(int)position].Count((byte)'\n') + 1;

    private static ReadOnlySpan<byte> WithoutMark(byte[] bytes) => bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
}
