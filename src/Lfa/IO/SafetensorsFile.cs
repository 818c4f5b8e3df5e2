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
        var header = SafetensorsHeader.Read(path);
        using var stream = InputFile.Open(path);
        stream.Position = header.DataOffset;
        var tensors = new Dictionary<string, SafetensorsTensor>(StringComparer.Ordinal);
        foreach (var entry in header.Entries)
            tensors.Add(entry.Name, ReadTensor(path, stream, entry));
        return new SafetensorsFile(tensors, header.Metadata);
    }

    /// <summary>Writes a file whole or not at all; the same content gives the same bytes.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, SafetensorsTensor> tensors, IReadOnlyDictionary<string, string> metadata) =>
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, tensors, metadata));

    /// <summary>Gets a tensor of a file whose header was read as an array whose values are not read yet.</summary>
    public static StoredArray ToStoredArray(string path, SafetensorsHeader header, SafetensorsEntry entry)
    {
        var length = entry.End - entry.Start;
        var source = new ByteSource(path, entry.Name, length, length, Open, isPart: true);
        return new StoredArray(source, SafetensorsTypes.Find(entry.Type)!.Value, entry.Shape);

        Stream Open()
        {
            var stream = InputFile.Open(path);
            stream.Position = header.DataOffset + entry.Start;
            return stream;
        }
    }

    private static SafetensorsTensor ReadTensor(string path, Stream stream, SafetensorsEntry entry)
    {
        var length = entry.End - entry.Start; // the header was checked: the file has these bytes
        if (length > Array.MaxLength)
            throw InputFile.Bad(path, Invariant($"{entry.Name}: {length} bytes are more than memory takes in one piece."));
        var bytes = new byte[length];
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw InputFile.Bad(path, $"{entry.Name}: the data end too early; the file is being changed.");
        return new SafetensorsTensor(entry.Type, entry.Shape, bytes);
    }
}
