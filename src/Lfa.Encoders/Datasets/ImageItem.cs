using System.Runtime.InteropServices;

namespace Lfa.Encoders.Datasets;

/// <summary>Represents an image or video to embed: a file, or an encoded image in memory or from a stream.</summary>
/// <remarks>The paths of files are put together on demand, so that a million items fit into little memory.</remarks>
public readonly record struct ImageItem
{
    private readonly ImageOrigin _origin;
    private readonly string _file;

    internal ImageItem(ImageOrigin origin, string file, int label) => (_origin, _file, Label) = (origin, file, label);

    /// <summary>Gets the name: the path from the dataset's folder with / between folders on every system, or the name that the image was given.</summary>
    public string Name => _origin.Folder.Length == 0 ? _file : $"{_origin.Folder}/{_file}";

    /// <summary>Gets the absolute path; null for an image that is no file.</summary>
    public string? Path => _origin.PathOf(_file);

    /// <summary>Gets the label, from 0; −1 where the dataset has no labels.</summary>
    public int Label { get; }

    /// <summary>Gets whether the name is that of a video, which is read from a file only.</summary>
    public bool IsVideo => FileExtensions.IsVideo(_file);

    /// <summary>Gets the encoded image; null where it must be read.</summary>
    internal ReadOnlyMemory<byte>? Bytes => (_origin as ImageContent)?.Bytes;

    /// <summary>Makes an item of an encoded image in memory, such as the bytes of a JPEG file.</summary>
    /// <param name="name">The name that predictions and messages carry.</param>
    /// <param name="bytes">The encoded image, JPEG, PNG, WebP, GIF, TIFF or AVIF; not copied, so that it must not change.</param>
    /// <param name="label">The label, from 0. Default: −1, none.</param>
    /// <returns>The item.</returns>
    public static ImageItem FromBytes(string name, ReadOnlyMemory<byte> bytes, int label = -1) =>
        Create(new ImageContent(bytes, () => AsStream(bytes)), name, label);

    /// <summary>Makes an item of an encoded image that a stream gives, such as an entry of an archive or an upload.</summary>
    /// <param name="name">The name that predictions and messages carry.</param>
    /// <param name="open">Opens the encoded image at its beginning, each time anew, on any thread; who reads it disposes the stream. An <see cref="IOException"/> makes the image unreadable.</param>
    /// <param name="label">The label, from 0. Default: −1, none.</param>
    /// <returns>The item.</returns>
    public static ImageItem FromStream(string name, Func<Stream> open, int label = -1)
    {
        ArgumentNullException.ThrowIfNull(open);
        return Create(new ImageContent(null, open), name, label);
    }

    /// <summary>Makes an item of a file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="name">The name that predictions and messages carry. Default: the path as it is given.</param>
    /// <param name="label">The label, from 0. Default: −1, none.</param>
    /// <returns>The item; the file need not be there before it is embedded.</returns>
    public static ImageItem FromFile(string path, string? name = null, int label = -1)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var whole = System.IO.Path.GetFullPath(path);
        return name is null ? Create(new ImageFolder(Directory.GetCurrentDirectory(), ""), path, label) : Create(new NamedFile(whole), name, label);
    }

    /// <summary>Opens the encoded image.</summary>
    /// <returns>The stream, at the beginning of the image; dispose it after use.</returns>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public Stream OpenRead() => _origin is ImageContent content
        ? content.Open()
        : new FileStream(Path!, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);

    internal ImageItem WithLabel(int label) => new(_origin, _file, label);

    /// <summary>Compares two names character by character, as strings would be, without making them.</summary>
    internal static int CompareNames(ImageItem left, ImageItem right)
    {
        if (ReferenceEquals(left._origin, right._origin))
            return string.CompareOrdinal(left._file, right._file);
        var (leftLength, rightLength) = (left.NameLength, right.NameLength);
        for (var i = 0; i < Math.Min(leftLength, rightLength); i++)
        {
            var difference = left.NameAt(i) - right.NameAt(i);
            if (difference != 0)
                return difference;
        }
        return leftLength - rightLength;
    }

    private static ImageItem Create(ImageOrigin origin, string name, int label)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(label, -1);
        return new ImageItem(origin, name, label);
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var segment)
        ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
        : new MemoryStream(bytes.ToArray(), writable: false);

    private int NameLength => _file.Length + (_origin.Folder.Length == 0 ? 0 : _origin.Folder.Length + 1);

    private char NameAt(int index)
    {
        var folder = _origin.Folder;
        if (index < folder.Length)
            return folder[index];
        if (folder.Length == 0)
            return _file[index];
        return index == folder.Length ? '/' : _file[index - folder.Length - 1];
    }

    /// <summary>A file under a name that is not its path.</summary>
    private sealed record NamedFile(string File) : ImageOrigin
    {
        public override string Folder => "";

        public override string? PathOf(string file) => File;
    }
}
