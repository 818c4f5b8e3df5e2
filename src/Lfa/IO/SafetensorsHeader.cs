using System.Buffers.Binary;

namespace Lfa.IO;

/// <summary>Represents one tensor as the header of a .safetensors file describes it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type as the file names it.</param>
/// <param name="Shape">The extents.</param>
/// <param name="Start">The first byte, counted from the end of the header.</param>
/// <param name="End">The byte after the last.</param>
internal sealed record SafetensorsEntry(string Name, string Type, IReadOnlyList<long> Shape, long Start, long End);

/// <summary>
/// Represents the header of a .safetensors file: eight bytes with its length, then a JSON object with the type, shape
/// and byte range of each tensor and, under "__metadata__", strings by name.
/// </summary>
/// <param name="Entries">The tensors, by their place in the file.</param>
/// <param name="Metadata">The metadata.</param>
/// <param name="DataOffset">The bytes before the data.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata, long DataOffset)
{
    /// <summary>The bytes that hold the header's length.</summary>
    public const int PrefixLength = 8;

    /// <summary>The most bytes of a header.</summary>
    public const long LongestHeader = 100_000_000; // the bound of the format's own implementation

    /// <summary>Reads the header at the start of a stream and checks it against the stream's length.</summary>
    public static SafetensorsHeader Read(Stream whole, string name)
    {
        var source = ByteSource.FromStream(whole, name);
        using var stream = source.Open();
        Span<byte> prefix = stackalloc byte[PrefixLength];
        source.Fill(stream, prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader || length > (ulong)(source.Length - PrefixLength))
            throw source.Bad(Invariant($"the header claims {length} bytes, more than the file or any header has; the file is damaged or not a .safetensors file."));
        var json = new byte[length];
        source.Fill(stream, json);
        var (entries, metadata) = SafetensorsHeaderParser.Parse(json, source);
        entries.Sort((a, b) => (a.Start, a.End).CompareTo((b.Start, b.End)));
        var header = new SafetensorsHeader(entries, metadata, PrefixLength + (long)length);
        header.CheckRanges(source);
        return header;
    }

    private void CheckRanges(ByteSource source)
    {
        var position = 0L;
        foreach (var entry in Entries)
        {
            if (SafetensorsTypes.Find(entry.Type) is not { } type)
                throw source.Bad($"{entry.Name}: the type \"{entry.Type}\" is not known; save the tensor as F32.");
            if (entry.Start != position || entry.End < position)
                throw source.Bad(Invariant($"{entry.Name}: the bytes {entry.Start} to {entry.End} leave a gap or overlap; expected them to start at {position}."));
            if (ArrayShape.Count(entry.Shape) is not { } count || (Int128)count * type.Size != entry.End - entry.Start)
                throw source.Bad(Invariant($"{entry.Name}: {ArrayShape.Describe(entry.Shape)} of {entry.Type} does not take the {entry.End - entry.Start} bytes that the header gives it; the file is damaged."));
            position = entry.End;
        }
        if (position != source.Length - DataOffset)
            throw source.Bad(Invariant($"the tensors take {position} bytes but {source.Length - DataOffset} follow the header; the file is cut short or damaged, copy or save it again."));
    }
}
