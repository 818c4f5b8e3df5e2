using System.IO.Compression;

namespace Lfa.IO;

/// <summary>Writes .npz files; the same arrays give the same bytes.</summary>
/// <remarks>Entries are stored, not deflated: features hardly shrink, and deflating takes longer than all other work on them.</remarks>
internal sealed class NpzWriter(Stream stream) : IDisposable
{
    // The earliest time a zip can hold, so that a file does not depend on when it was written.
    private static readonly DateTimeOffset Timestamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ZipArchive _archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);

    public void Add(string name, Action<Stream> write)
    {
        var entry = _archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression);
        entry.LastWriteTime = Timestamp;
        using var data = new BufferedStream(entry.Open(), 1 << 16);
        write(data);
    }

    public void AddSingle(string name, ReadOnlyMemory<float> values, params long[] shape) =>
        Add(name, data => NpyWriter.WriteSingle(data, values.Span, shape));

    public void AddInt64(string name, ReadOnlyMemory<int> values) =>
        Add(name, data => NpyWriter.WriteInt64(data, values.Span, values.Length));

    public void AddStrings(string name, IReadOnlyList<string> texts) =>
        Add(name, data => NpyWriter.WriteStrings(data, texts, texts.Count));

    /// <summary>Adds a single string, an array without dimensions.</summary>
    public void AddString(string name, string text) => Add(name, data => NpyWriter.WriteStrings(data, [text]));

    public void Dispose() => _archive.Dispose();
}
