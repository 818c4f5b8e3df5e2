using Lfa.Encoders.Images;

namespace Lfa.Encoders.Datasets;

/// <summary>Reads the images of a dataset, whose names tell nothing of what they are.</summary>
internal static class ImageFile
{
    // An image of as many pixels as are allowed, of 16 bits and not compressed, stays below.
    private const long LargestFile = 1 << 30;
    private const int SniffedLength = 4096;

    /// <summary>Gets whether there is anything to read; a pipe or a device, which might be read for ever, has no length either.</summary>
    public static bool HasContent(string path) => LengthOf(path) > 0;

    /// <inheritdoc cref="HasContent(string)"/>
    /// <remarks>What a stream holds is known only when it is read.</remarks>
    public static bool HasContent(ImageItem item) => item.Path is { } path ? HasContent(path) : item.Bytes?.IsEmpty != true;

    /// <summary>Reads an encoded image of bounded size; one in memory is returned as it is.</summary>
    /// <exception cref="LfaDataException">It is empty, too large or no image.</exception>
    public static ReadOnlyMemory<byte> Read(ImageItem item)
    {
        if (item.Path is { } path)
            return ReadFile(path);
        if (item.Bytes is { } bytes)
        {
            RequireLength(bytes.Length);
            _ = ImageFormat.Find(bytes.Span);
            return bytes;
        }
        using var stream = item.OpenRead();
        return ReadStream(stream);
    }

    private static byte[] ReadFile(string path)
    {
        var length = LengthOf(path);
        RequireLength(length);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return ReadImage(stream, length);
    }

    // The first bytes tell whether the rest is worth reading.
    private static byte[] ReadImage(Stream stream, long length)
    {
        var bytes = new byte[Math.Min(length, SniffedLength)];
        stream.ReadExactly(bytes);
        _ = ImageFormat.Find(bytes);
        if (length <= SniffedLength)
            return bytes;
        var whole = GC.AllocateUninitializedArray<byte>((int)length);
        bytes.CopyTo(whole, 0);
        stream.ReadExactly(whole.AsSpan(bytes.Length));
        return whole;
    }

    private static ReadOnlyMemory<byte> ReadStream(Stream stream)
    {
        if (stream.CanSeek)
        {
            var length = stream.Length - stream.Position;
            RequireLength(length);
            return ReadImage(stream, length);
        }
        // Without a length: read on as long as it may be an image.
        var buffer = new byte[SniffedLength];
        var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        _ = ImageFormat.Find(buffer.AsSpan(0, read));
        var whole = new MemoryStream();
        whole.Write(buffer, 0, read);
        buffer = new byte[1 << 16];
        while ((read = stream.Read(buffer)) > 0)
        {
            whole.Write(buffer, 0, read);
            RequireLength(whole.Length);
        }
        return whole.GetBuffer().AsMemory(0, (int)whole.Length);
    }

    private static void RequireLength(long length)
    {
        if (length == 0)
            throw new LfaDataException("the file is empty.");
        if (length > LargestFile)
            throw new LfaDataException(Invariant($"the file has {length} bytes, more than the {LargestFile} that are read; make it smaller, or remove it."));
    }

    // The length of a link is that of its text.
    private static long LengthOf(string path) =>
        File.ResolveLinkTarget(Path.GetFullPath(path), returnFinalTarget: true) is FileInfo target ? target.Length : new FileInfo(path).Length;
}
