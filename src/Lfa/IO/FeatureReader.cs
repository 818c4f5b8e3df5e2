using Lfa.Data;

namespace Lfa.IO;

/// <summary>
/// Reads image features block by block, for prediction in memory that does not grow with the number of rows.
/// </summary>
/// <remarks>
/// It takes a lone .npy array, as clip-retrieval writes embeddings, or a .npz in a layout of <see cref="FeatureFile"/>,
/// of which only the image features are needed, or with one array only. An array in Fortran order (stored by columns) has
/// no blocks of rows and is read whole. Not safe for use by several threads at once.
/// </remarks>
public sealed class FeatureReader : IDisposable
{
    private readonly NpzFile? _file;
    private readonly FeatureFileLayout _layout;
    private readonly FeatureFileOptions _options;
    private readonly Lazy<IReadOnlyList<string>?> _fileNames;
    private bool _disposed;

    private FeatureReader(NpzFile? file, FeatureFileLayout layout, FeatureFileOptions options)
    {
        (_file, _layout, _options) = (file, layout, options);
        _fileNames = new Lazy<IReadOnlyList<string>?>(() => FeatureFileArrays.ReadNames(layout.FileNames));
        if (layout.FileNames is { } names && names.Count != Count)
            throw names.Bad(Invariant($"there are {names.Count} names but {Count} rows of image features; give one for each row."));
    }

    /// <summary>Gets the number of images n.</summary>
    public long Count => _layout.ImageCount;

    /// <summary>Gets the number of components d of an embedding.</summary>
    public int Dimension => _layout.Dimension;

    /// <summary>Gets the names of the n images, or null where the file has none; they are read on first use.</summary>
    /// <exception cref="LfaDataException">The names are damaged.</exception>
    public IReadOnlyList<string>? FileNames => _fileNames.Value;

    /// <summary>Opens a file and checks its headers; no features are read yet.</summary>
    /// <param name="path">The path of a .npy or .npz file.</param>
    /// <param name="options">How to read it. Default: rows of unit length, frames averaged. Of crops, the center one is taken.</param>
    /// <returns>The reader, which holds the file open.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">The file has no image features, or is damaged; the message names the file and the array.</exception>
    public static FeatureReader Open(string path, FeatureFileOptions? options = null)
    {
        options ??= new FeatureFileOptions();
        switch (FileFormats.Identify(path))
        {
            case FileFormat.Npy:
                var array = StoredArray.FromNpy(ByteSource.OfFile(path));
                return new FeatureReader(null, FeatureFileLayout.FromArray(array), options);
            case FileFormat.Npz:
                return OpenNpz(path, options);
            default:
                throw InputFile.Bad(path, "this is a .safetensors file; expected a .npy or .npz file with image features.");
        }
    }

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
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)rows * _layout.MiddleExtent * Dimension, Array.MaxLength, nameof(rows));
        return _layout.Images.IsColumnMajor ? ReadWhole(rows) : ReadStream(rows);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _disposed = true;
        _file?.Dispose();
    }

    private static FeatureReader OpenNpz(string path, FeatureFileOptions options)
    {
        var file = NpzFile.Open(path);
        try
        {
            return new FeatureReader(file, FeatureFileLayout.Find(path, file), options);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private IEnumerable<Matrix> ReadStream(int rows)
    {
        using var reader = _layout.Images.OpenReader();
        for (var start = 0L; start < Count; start += rows)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var count = (int)Math.Min(rows, Count - start) * _layout.MiddleExtent * Dimension;
            yield return ToBlock(_layout.Images.ReadGrowing<float>(reader, count, (source, values) => source.Read(values)), start);
        }
        reader.Finish();
    }

    private IEnumerable<Matrix> ReadWhole(int rows)
    {
        var whole = ToBlock(_layout.Images.ToSingle(), 0);
        for (var start = 0; start < whole.Rows; start += rows)
            yield return whole.Slice(start, Math.Min(rows, whole.Rows - start));
    }

    private Matrix ToBlock(float[] stored, long start)
    {
        var axis = _layout.ChooseMiddleAxis(_options.MiddleAxis);
        var values = MiddleAxisReduction.Reduce(stored, _layout.MiddleExtent, Dimension, axis);
        if (RowCheck.FindFirst(values, Dimension) is var (row, problem))
        {
            var name = FileNames is { } names ? $" ({names[(int)(start + row)]})" : "";
            throw _layout.Images.Bad(Invariant($"row {start + row}{name} {problem}; remove the row or embed it again."));
        }
        if (_options.Normalize)
            Matrix.NormalizeRows(values, Dimension);
        return new Matrix(values, values.Length / Dimension, Dimension);
    }
}
