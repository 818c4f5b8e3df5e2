using Lfa.Encoders.Images;

namespace Lfa.Encoders.Datasets;

/// <summary>Reads the files of a dataset, whose names tell nothing of what they are.</summary>
internal static class ImageFile
{
    // An image of as many pixels as are allowed, of 16 bits and not compressed, stays below.
    private const long LargestFile = 1 << 30;
    private const int SniffedLength = 4096;

    /// <summary>Gets whether there is anything to read; a pipe or a device, which might be read for ever, has no length either.</summary>
    public static bool HasContent(string path) => LengthOf(path) > 0;

    /// <summary>Reads a file of bounded size.</summary>
    /// <exception cref="LfaDataException">The file is empty, too large or no image.</exception>
    public static byte[] Read(string path) => LengthOf(path) switch
    {
        0 => throw new LfaDataException("the file is empty."),
        > LargestFile and var length => throw new LfaDataException(Invariant($"the file has {length} bytes, more than the {LargestFile} that are read; make it smaller, or remove it.")),
        var length => ReadImage(path, length),
    };

    // The first bytes tell whether the rest is worth reading.
    private static byte[] ReadImage(string path, long length)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
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

    // The length of a link is that of its text.
    private static long LengthOf(string path) =>
        File.ResolveLinkTarget(Path.GetFullPath(path), returnFinalTarget: true) is FileInfo target ? target.Length : new FileInfo(path).Length;
}
