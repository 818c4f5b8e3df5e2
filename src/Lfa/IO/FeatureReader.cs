using Lfa.Data;

namespace Lfa.IO;

/// <summary>
/// Reads image features block by block, for prediction in memory that does not grow with the number of rows.
/// </summary>
/// <remarks>
/// It takes a lone .npy array, as clip-retrieval writes embeddings, or any other file of <see cref="FeatureFormats.Formats"/>,
/// of which only the image features are needed, or with one array only. A NumPy array in Fortran order (stored by columns) has
/// no blocks of rows and is read whole. Not safe for use by several threads at once.
/// </remarks>
public sealed class FeatureReader : IDisposable
{
    private readonly IFeatureSource _source;
    private readonly Stream? _owned;
    private readonly string _name;
    private readonly FeatureFileOptions _options;
    private readonly Lazy<IReadOnlyList<string>?> _fileNames;
    private bool _disposed;

    private FeatureReader(IFeatureSource source, Stream? owned, string name, FeatureFileOptions options)
    {
        (_source, _owned, _name, _options) = (source, owned, name, options);
        _fileNames = new Lazy<IReadOnlyList<string>?>(source.ReadFileNames);
        (Count, Dimension, ImageEncoder) = (source.ImageCount, source.Dimension, source.ImageEncoder);
        if (source.FileNameCount is { } names && names != Count)
            throw InputFile.Bad(name, Invariant($"{source.NameOf("fileNames")}: there are {names} names but {Count} rows of image features; give one for each row."));
    }

    /// <summary>Gets the number of images n.</summary>
    public long Count { get; }

    /// <summary>Gets the number of components d of an embedding.</summary>
    public int Dimension { get; }

    /// <summary>Gets the encoder of the images; null where it is unknown.</summary>
    public EncoderIdentity? ImageEncoder { get; }

    /// <summary>Gets the names of the n images, or null where the file has none; they are read on first use.</summary>
    /// <exception cref="LfaDataException">The names are damaged.</exception>
    public IReadOnlyList<string>? FileNames => _fileNames.Value;

    /// <summary>Opens a file and checks its headers; no features are read yet.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="options">How to read it. Default: rows of unit length, frames averaged. Of crops, the center one is taken.</param>
    /// <returns>The reader, which holds the file open.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">The file has no image features, or is damaged; the message names the file and the array.</exception>
    public static FeatureReader Open(string path, FeatureFileOptions? options = null)
    {
        var stream = InputFile.Open(path);
        try
        {
            return Open(stream, stream, path, options);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Opens the content of a file and checks its headers; no features are read yet.</summary>
    /// <param name="stream">The stream, which can seek; it must stay open as long as the reader is used, and is left open.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">How to read it. Default: rows of unit length, frames averaged. Of crops, the center one is taken.</param>
    /// <exception cref="LfaDataException">There are no image features, or the content is damaged; the message names the stream and the array.</exception>
    public static FeatureReader Open(Stream stream, string name, FeatureFileOptions? options = null) => Open(stream, null, name, options);

    /// <summary>Reads the image features from the first row to the last; each call starts again.</summary>
    /// <param name="rows">The rows of a block, at least 1; the last block may have fewer.</param>
    /// <returns>The blocks, each at most rows × d; the caller may keep them.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is below 1, or so large that a block does not fit in memory.</exception>
    /// <exception cref="LfaDataException">While enumerating: the data are damaged, or a row is zero or not finite; the message names it.</exception>
    public IEnumerable<Matrix> ReadBlocks(int rows)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        rows = (int)Math.Min(rows, Math.Max(Count, 1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)rows * _source.MiddleExtent * Dimension, Array.MaxLength, nameof(rows));
        return Read(rows);
    }

    /// <summary>Closes the file; a stream that was given is left open.</summary>
    public void Dispose()
    {
        _disposed = true;
        _source.Dispose();
        _owned?.Dispose();
    }

    private static FeatureReader Open(Stream stream, Stream? owned, string name, FeatureFileOptions? options)
    {
        var source = FeatureFormats.Identify(stream, name).Open(stream, name);
        try
        {
            return new FeatureReader(source, owned, name, options ?? new FeatureFileOptions());
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private IEnumerable<Matrix> Read(int rows)
    {
        var start = 0L;
        foreach (var stored in _source.ReadImages(rows))
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            yield return ToBlock(stored, ref start);
        }
    }

    private Matrix ToBlock(float[] stored, ref long start)
    {
        var axis = _source.HoldsCrops ? MiddleAxis.Crops : _options.MiddleAxis;
        var values = MiddleAxisReduction.Reduce(stored, _source.MiddleExtent, Dimension, axis);
        if (DegenerateRows.FindFirst(values, Dimension) is var (row, problem))
        {
            var place = start + row;
            var part = _source.NameOf("imageFeatures") is { } array ? $"{array}: " : "";
            var name = FileNames is { } names ? $" ({names[(int)place]})" : "";
            throw InputFile.Bad(_name, Invariant($"{part}row {place}{name} {problem}; remove the row or embed it again."), row: place);
        }
        if (_options.Normalize)
            Matrix.NormalizeRows(values, Dimension);
        start += values.Length / Dimension;
        return new Matrix(values, values.Length / Dimension, Dimension);
    }
}
