namespace Lfa.IO;

/// <summary>Reads through another stream and, at its end, compares the checksum of what was read with the one expected.</summary>
/// <remarks>The zip reader of .NET 10 does not compare it; a damaged stored entry would pass for features.</remarks>
internal sealed class ChecksumStream(Stream inner, uint expected) : Stream
{
    private uint _checksum;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        _checksum = Crc32.Append(_checksum, buffer[..count]);
        if (count == 0 && buffer.Length > 0 && _checksum != expected)
            throw new InvalidDataException("the checksum does not match");
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
