namespace Lfa.IO;

/// <summary>Reads a part of a seekable stream at a position of its own, so that several parts can be read in turn.</summary>
/// <param name="whole">The stream, which is left open.</param>
/// <param name="start">The first byte of the part.</param>
/// <param name="length">The bytes of the part.</param>
internal sealed class PartStream(Stream whole, long start, long length) : Stream
{
    private long _position;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        buffer = buffer[..(int)Math.Min(buffer.Length, length - _position)];
        if (buffer.IsEmpty)
            return 0;
        if (whole.Position != start + _position)
            whole.Position = start + _position;
        var count = whole.Read(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
