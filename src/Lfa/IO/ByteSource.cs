namespace Lfa.IO;

/// <summary>Represents the place of one array's bytes: a file, a part of a file, or an entry of a zip.</summary>
/// <param name="path">The path of the file, or the name of a stream, which begins every message.</param>
/// <param name="entry">The name of the array in the file, or null where the file is the array.</param>
/// <param name="length">The bytes it claims to hold.</param>
/// <param name="storedLength">The bytes it takes in the file, which exist; fewer than <paramref name="length"/> when compressed.</param>
/// <param name="open">Opens these bytes, and no others, from the first.</param>
internal sealed class ByteSource(string path, string? entry, long length, long storedLength, Func<Stream> open)
{
    /// <summary>Gets the bytes it claims to hold.</summary>
    public long Length => length;

    /// <summary>Gets the bytes it takes in the file.</summary>
    public long StoredLength => storedLength;

    /// <summary>Gets the name of the array in the file, or null where the file is the array.</summary>
    public string? Entry => entry;

    /// <summary>Takes a whole stream, which must stay open.</summary>
    public static ByteSource FromStream(Stream stream, string name) => FromStream(stream, name, null, 0, stream.Length);

    /// <summary>Takes a part of a stream, which must stay open.</summary>
    public static ByteSource FromStream(Stream stream, string name, string? entry, long start, long length) =>
        new(name, entry, length, length, () => new PartStream(stream, start, length));

    /// <summary>Opens the bytes from the first.</summary>
    public Stream Open() => Guard(open);

    /// <summary>Reads exactly as many bytes as <paramref name="bytes"/> holds.</summary>
    public void Fill(Stream stream, Span<byte> bytes)
    {
        if (TryFill(stream, bytes) < bytes.Length)
            throw Bad("the data end too early; the file is cut short, copy or save it again.");
    }

    /// <summary>Checks that nothing is left to read, which also completes a checksum.</summary>
    public void RequireEnd(Stream stream)
    {
        if (TryFill(stream, stackalloc byte[1]) != 0)
            throw Bad("there are more data than the header says; the file is damaged, save it again.");
    }

    /// <summary>Makes the exception for a bad array.</summary>
    public LfaDataException Bad(string problem, Exception? inner = null) =>
        InputFile.Bad(path, entry is null ? problem : $"{entry}: {problem}", inner);

    private int TryFill(Stream stream, Span<byte> bytes)
    {
        try
        {
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (IsFromLibrary(e))
        {
            throw Damaged(e);
        }
    }

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (IsFromLibrary(e))
        {
            throw Damaged(e);
        }
    }

    private LfaDataException Damaged(Exception e) => Bad($"cannot be unpacked ({e.Message}); the file is damaged, copy or save it again.", e);

    /// <summary>Gets whether an exception is one that the zip reader throws for damaged bytes.</summary>
    internal static bool IsFromLibrary(Exception e) =>
        e is InvalidDataException or IOException and not FileNotFoundException or ArgumentException or NotSupportedException
            or OverflowException or InvalidOperationException and not ObjectDisposedException;
}
