namespace Lfa.IO;

/// <summary>
/// Represents the content of a .safetensors file: named tensors and metadata. Nothing in such a file can run, and what
/// was written reads back bit for bit.
/// </summary>
/// <param name="Tensors">The tensors by name.</param>
/// <param name="Metadata">The metadata, strings by name.</param>
internal sealed record SafetensorsFile(IReadOnlyDictionary<string, SafetensorsTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Reads a file into memory.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">The file is damaged or not of this format; the message names the file and the tensor.</exception>
    public static SafetensorsFile Read(string path)
    {
        using var stream = InputFile.Open(path);
        return Read(stream, path);
    }

    /// <summary>Reads a stream into memory, from its start to its end.</summary>
    /// <param name="stream">The stream, which can seek; it is left open.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="LfaDataException">The content is damaged or not of this format; the message names the stream and the tensor.</exception>
    public static SafetensorsFile Read(Stream stream, string name)
    {
        InputFile.Check(stream, name);
        var header = SafetensorsHeader.Read(stream, name);
        var tensors = new Dictionary<string, SafetensorsTensor>(StringComparer.Ordinal);
        foreach (var entry in header.Entries)
            tensors.Add(entry.Name, ReadTensor(ToSource(stream, name, header, entry), entry));
        return new SafetensorsFile(tensors, header.Metadata);
    }

    /// <summary>Writes a file whole or not at all; the same content gives the same bytes.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, SafetensorsTensor> tensors, IReadOnlyDictionary<string, string> metadata) =>
        AtomicFile.Write(path, stream => Write(stream, tensors, metadata));

    /// <summary>Writes to a stream, which is left open and need not seek; the same content gives the same bytes.</summary>
    public static void Write(Stream stream, IReadOnlyDictionary<string, SafetensorsTensor> tensors, IReadOnlyDictionary<string, string> metadata) =>
        SafetensorsWriter.Write(stream, tensors.ToDictionary(pair => pair.Key, pair => SafetensorsPart.From(pair.Value)), metadata);

    /// <summary>Gets a tensor whose header was read as an array whose values are not read yet.</summary>
    public static StoredArray ToStoredArray(Stream stream, string name, SafetensorsHeader header, SafetensorsEntry entry) =>
        new(ToSource(stream, name, header, entry), SafetensorsTypes.Find(entry.Type)!.Value, entry.Shape);

    private static ByteSource ToSource(Stream stream, string name, SafetensorsHeader header, SafetensorsEntry entry) =>
        ByteSource.FromStream(stream, name, entry.Name, header.DataOffset + entry.Start, entry.End - entry.Start);

    private static SafetensorsTensor ReadTensor(ByteSource source, SafetensorsEntry entry)
    {
        if (source.Length > Array.MaxLength) // the header was checked: the file has these bytes
            throw source.Bad(Invariant($"{source.Length} bytes are more than memory takes in one piece; split the tensor."));
        var bytes = new byte[source.Length];
        using var stream = source.Open();
        source.Fill(stream, bytes);
        return new SafetensorsTensor(entry.Type, entry.Shape, bytes);
    }
}
