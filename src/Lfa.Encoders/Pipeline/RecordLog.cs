using System.Buffers.Binary;
using System.IO.Hashing;

namespace Lfa.Encoders.Pipeline;

/// <summary>Represents a file that records are only ever added to, so that what a killed process had finished is kept.</summary>
/// <remarks>
/// A record is its length, a checksum and its bytes; the first one is a header that says what the others belong to. A torn
/// end, as a killed process or a full disk leaves it, is cut off on opening. Not safe for use by several threads at once;
/// a second process that opens the file is refused.
/// </remarks>
internal sealed class RecordLog : IDisposable
{
    private const int PrefixLength = sizeof(int) + sizeof(ulong);

    private readonly FileStream _stream;
    private readonly long _firstRecord;
    private long _end;

    private RecordLog(FileStream stream, byte[] header)
    {
        _stream = stream;
        var found = ReadAt(0, out _end);
        if (found is not null && !found.AsSpan().SequenceEqual(header))
            throw new LfaDataException($"{stream.Name}: this belongs to other work.");
        if (found is null)
        {
            _end = 0;
            Append(header);
        }
        _firstRecord = _end;
    }

    /// <summary>Gets whether there is no record but the header.</summary>
    public bool IsEmpty => _stream.Length == _firstRecord;

    /// <summary>Opens a file, or makes it.</summary>
    /// <param name="path">The path.</param>
    /// <param name="header">What the records belong to.</param>
    /// <exception cref="LfaDataException">The records in the file belong to something else.</exception>
    /// <exception cref="IOException">Another process has the file open, or it cannot be written.</exception>
    public static RecordLog Open(string path, byte[] header)
    {
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        try
        {
            return new RecordLog(stream, header);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads the records from the first with their positions; what follows the last whole one is removed.</summary>
    public IEnumerable<(long Position, byte[] Record)> Read()
    {
        var position = _firstRecord;
        while (ReadAt(position, out var next) is { } record)
        {
            _end = Math.Max(_end, next);
            yield return (position, record);
            position = next;
        }
        _stream.SetLength(_end);
    }

    /// <summary>Removes the record at a position and all that follow.</summary>
    public void CutAt(long position)
    {
        _end = position;
        _stream.SetLength(position);
    }

    /// <summary>Reads the record at a position.</summary>
    /// <exception cref="LfaDataException">There is no whole record.</exception>
    public byte[] ReadAt(long position) =>
        ReadAt(position, out _) ?? throw new LfaDataException(Invariant($"{_stream.Name}: the record at byte {position} is damaged; remove the file."));

    /// <summary>Adds a record after those that have been read or added.</summary>
    /// <returns>Its position.</returns>
    public long Append(ReadOnlySpan<byte> record)
    {
        // Written at once and past no buffer: after a failure nothing is left to be written.
        var whole = new byte[PrefixLength + record.Length];
        BinaryPrimitives.WriteInt32LittleEndian(whole, record.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(whole.AsSpan(sizeof(int)), XxHash3.HashToUInt64(record));
        record.CopyTo(whole.AsSpan(PrefixLength));
        var position = _end;
        _stream.SetLength(position);
        _stream.Position = position;
        _stream.Write(whole);
        _end = _stream.Position;
        return position;
    }

    /// <summary>Returns whether a record was refused for want of room; the runtime reports a file beyond the system's limit as an argument out of range.</summary>
    public static bool IsFull(Exception e) => e is IOException or ArgumentOutOfRangeException;

    public void Dispose() => _stream.Dispose();

    private byte[]? ReadAt(long position, out long next)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        (_stream.Position, next) = (position, position);
        if (_stream.ReadAtLeast(prefix, PrefixLength, throwOnEndOfStream: false) < PrefixLength
            || BinaryPrimitives.ReadInt32LittleEndian(prefix) is var length && (length < 0 || length > _stream.Length - _stream.Position))
            return null;
        var record = new byte[length];
        _stream.ReadExactly(record);
        next = _stream.Position;
        return XxHash3.HashToUInt64(record) == BinaryPrimitives.ReadUInt64LittleEndian(prefix[sizeof(int)..]) ? record : null;
    }
}
