using System.Runtime.InteropServices;

namespace Lfa.IO;

/// <summary>Reads the values of one stored array in their stored order, a chunk at a time.</summary>
internal sealed class ArrayReader : IDisposable
{
    private const int ChunkBytes = 1 << 16; // fits a second-level cache beside what it is converted to

    private readonly ByteSource _source;
    private readonly ElementType _type;
    private readonly Stream _stream;
    private readonly byte[] _chunk;
    private long _position;

    public ArrayReader(ByteSource source, ElementType type, long dataOffset)
    {
        _source = source;
        _type = type;
        _chunk = new byte[Math.Max(ChunkBytes / type.Size, 1) * type.Size];
        _stream = source.Open();
        Skip(dataOffset);
    }

    /// <summary>Reads the next floating-point values.</summary>
    public void Read(Span<float> destination)
    {
        var direct = _type is { Kind: ElementKind.Float, Size: 4, Swapped: false };
        while (destination.Length > 0)
        {
            var count = Math.Min(destination.Length, direct ? ChunkBytes : _chunk.Length / _type.Size);
            if (direct)
                _source.Fill(_stream, MemoryMarshal.AsBytes(destination[..count]));
            else
                ElementConversion.ToSingle(NextBytes(count), _type, destination[..count]);
            destination = destination[count..];
        }
    }

    /// <summary>Reads the next integers; one outside the range of an int is an error.</summary>
    public void Read(Span<int> destination)
    {
        while (destination.Length > 0)
        {
            var count = Math.Min(destination.Length, _chunk.Length / _type.Size);
            if (ElementConversion.ToInt32(NextBytes(count), _type, destination[..count]) is var (index, value))
                throw _source.Bad(Invariant($"entry {_position + index} is {value}, outside the range of a 32-bit integer."));
            _position += count;
            destination = destination[count..];
        }
    }

    /// <summary>Reads the next strings.</summary>
    public void Read(Span<string> destination)
    {
        foreach (ref var text in destination)
        {
            text = ElementConversion.ToText(NextBytes(1), _type)
                ?? throw _source.Bad(Invariant($"entry {_position} is not valid {(_type.Kind == ElementKind.Unicode ? "unicode" : "UTF-8")} text; save the names as unicode strings."));
            _position++;
        }
    }

    /// <summary>Reads the next elements as they are stored.</summary>
    public void ReadBytes(Span<byte> destination) => _source.Fill(_stream, destination);

    /// <summary>Checks, after the last value, that nothing follows and that a checksum holds.</summary>
    public void Finish() => _source.RequireEnd(_stream);

    public void Dispose() => _stream.Dispose();

    private void Skip(long bytes)
    {
        try
        {
            for (int step; bytes > 0; bytes -= step)
            {
                step = (int)Math.Min(bytes, _chunk.Length);
                _source.Fill(_stream, _chunk.AsSpan(0, step));
            }
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    private Span<byte> NextBytes(int count)
    {
        var bytes = _chunk.AsSpan(0, count * _type.Size);
        _source.Fill(_stream, bytes);
        return bytes;
    }
}
