using System.IO.Compression;

namespace Lfa.IO;

/// <summary>Represents an open .npz file: a zip whose entries are .npy arrays, stored or deflated.</summary>
/// <remarks>Not safe for use by several threads at once: the entries share one file position.</remarks>
internal sealed class NpzFile : ArrayFile
{
    // No deflate stream expands further, so a larger claim is a lie; the slack covers headers of tiny entries.
    private const long LargestExpansion = 1032;
    private const long Slack = 1024;

    private readonly ZipArchive _archive;
    private readonly long _fileLength;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    /// <summary>Lists the arrays of a stream, which is left open.</summary>
    public NpzFile(Stream stream, string path)
        : base(path)
    {
        (_archive, _fileLength) = (ReadDirectory(path, stream), stream.Length);
        foreach (var entry in _archive.Entries)
        {
            if (!entry.FullName.EndsWith(".npy", StringComparison.Ordinal))
                continue;
            var name = entry.FullName[..^".npy".Length];
            if (!_entries.TryAdd(name, entry))
                throw InputFile.Bad(path, $"the array {name} stands twice; save the file again with each array once.");
            _names.Add(name);
        }
    }

    public override IReadOnlyList<string> Names => _names;

    public override StoredArray? Find(string name) =>
        _entries.TryGetValue(name, out var entry) ? StoredArray.FromNpy(SourceOf(name, entry)) : null;

    public override void Dispose()
    {
        _archive.Dispose();
        base.Dispose();
    }

    private static ZipArchive ReadDirectory(string path, Stream stream)
    {
        try
        {
            var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            _ = archive.Entries; // read on first use, and checked then
            return archive;
        }
        catch (Exception e) when (ByteSource.IsFromLibrary(e))
        {
            throw InputFile.Bad(path, $"this is not a whole .npz file ({e.Message}); it is cut short or damaged, copy or save it again.", e);
        }
    }

    private ByteSource SourceOf(string name, ZipArchiveEntry entry)
    {
        var (length, stored) = (entry.Length, entry.CompressedLength);
        var source = new ByteSource(Path, name, length, stored, () => new ChecksumStream(entry.Open(), entry.Crc32));
        if (entry.IsEncrypted)
            throw source.Bad("the entry is encrypted; save it without a password.");
        if (length < 0 || stored < 0 || stored > _fileLength || length > (Int128)stored * LargestExpansion + Slack)
            throw source.Bad(Invariant($"the zip claims {length} bytes packed into {stored}, which cannot be; the file is damaged, save it again."));
        return source;
    }
}
