using System.Runtime.InteropServices;

namespace Lfa.IO;

/// <summary>Reads the values of one stored array in their stored order, a chunk at a time.</summary>
internal sealed class ArrayReader : IDisposable
{
    private const int ChunkBytes = 1 << 16; // fits a second-level cache beside what it is converted to

    private readonly ByteSource source;
    private readonly ElementType type;
    private readonly Stream stream;
    private readonly byte[] chunk;
    private long position;

    public ArrayReader(ByteSource source, ElementType type, long dataOffset)
    {
        this.source = source;
        this.type = type;
        chunk = new byte[Math.Max(ChunkBytes / type.Size, 1) * type.Size];
        stream = source.Open();
        Skip(dataOffset);
    }

    /// <summary>Reads the next floating-point values.</summary>
    public void Read(Span<float> destination)
    {
        var direct = type is { Kind: ElementKind.Float, Size: 4, Swapped: false };
        while (destination.Length > 0)
        {
            var count = Math.Min(destination.Length, direct ? ChunkBytes : chunk.Length / type.Size);
            if (direct)
                source.Fill(stream, MemoryMarshal.AsBytes(destination[..count]));
            else
                ElementConversion.ToSingle(NextBytes(count), type, destination[..count]);
            destination = destination[count..];
        }
    }

    /// <summary>Reads the next integers; one outside the range of an int is an error.</summary>
    public void Read(Span<int> destination)
    {
        while (destination.Length > 0)
        {
            var count = Math.Min(destination.Length, chunk.Length / type.Size);
            if (ElementConversion.ToInt32(NextBytes(count), type, destination[..count]) is var (index, value))
                throw source.Bad(Invariant($"entry {position + index} is {value}, outside the range of a 32-bit integer."));
            position += count;
            destination = destination[count..];
        }
    }

    /// <summary>Reads the next strings.</summary>
    public void Read(Span<string> destination)
    {
        foreach (ref var text in destination)
        {
            text = ElementConversion.ToText(NextBytes(1), type)
                ?? throw source.Bad(Invariant($"entry {position} is not valid {(type.Kind == ElementKind.Unicode ? "unicode" : "UTF-8")} text; save the names as unicode strings."));
            position++;
        }
    }

    /// <summary>Reads the next elements as they are stored.</summary>
    public void ReadBytes(Span<byte> destination) => source.Fill(stream, destination);

    /// <summary>Checks, after the last value, that nothing follows and that a checksum holds.</summary>
    public void Finish() => source.RequireEnd(stream);

    public void Dispose() => stream.Dispose();

    private void Skip(long bytes)
    {
        try
        {
            for (int step; bytes > 0; bytes -= step)
            {
                step = (int)Math.Min(bytes, chunk.Length);
                source.Fill(stream, chunk.AsSpan(0, step));
            }
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private Span<byte> NextBytes(int count)
    {
        var bytes = chunk.AsSpan(0, count * type.Size);
        source.Fill(stream, bytes);
        return bytes;
    }
}
