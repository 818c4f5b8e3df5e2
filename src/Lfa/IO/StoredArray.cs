namespace Lfa.IO;

/// <summary>Represents an array in a file: its type and shape, and its values when asked for.</summary>
/// <remarks>
/// The header is checked against the bytes that the file holds before anything is allocated, and memory grows
/// with the bytes that were read, so a header that lies costs nothing.
/// </remarks>
internal sealed class StoredArray
{
    private readonly ByteSource _source;
    private readonly long _dataOffset;

    /// <summary>Initializes an array whose data begin <paramref name="dataOffset"/> bytes into <paramref name="source"/> and end with it.</summary>
    public StoredArray(ByteSource source, ElementType type, IReadOnlyList<long> shape, bool columnMajor = false, long dataOffset = 0)
    {
        _source = source;
        _dataOffset = dataOffset;
        (Type, Shape, IsColumnMajor) = (type, shape, columnMajor && shape.Count > 1);
        var available = source.Length - dataOffset;
        if (ArrayShape.Count(shape) is not { } count || (Int128)count * type.Size != available)
            throw source.Bad(Invariant($"the header promises {ArrayShape.Describe(shape)} of {type} but {available} bytes of data follow; the file is cut short or damaged, copy or save it again."));
        Count = count;
    }

    /// <summary>Gets the type of the elements.</summary>
    public ElementType Type { get; }

    /// <summary>Gets the extents, none for a single value.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Gets whether the first index runs fastest (Fortran order).</summary>
    public bool IsColumnMajor { get; }

    /// <summary>Gets the number of elements.</summary>
    public long Count { get; }

    /// <summary>Gets the name of the array in its file, or null where the file is the array.</summary>
    public string? Entry => _source.Entry;

    /// <summary>Gets the name of the array in its file, or "array" where the file is the array.</summary>
    public string Name => _source.Entry ?? "array";

    /// <summary>Opens a lone .npy file or the .npy in an archive.</summary>
    public static StoredArray FromNpy(ByteSource source)
    {
        using var stream = source.Open();
        var header = NpyHeader.Read(stream, source);
        return new StoredArray(source, header.Type, header.Shape, header.ColumnMajor, header.DataOffset);
    }

    /// <summary>Reads all values by rows, in single precision.</summary>
    public float[] ToSingle() => ReadAll<float>(Type.IsFloat, "float16, float32 or float64 numbers", (reader, values) => reader.Read(values));

    /// <summary>Reads all values by rows, as integers.</summary>
    public int[] ToInt32() => ReadAll<int>(Type.IsInteger, "integers, such as int64", (reader, values) => reader.Read(values));

    /// <summary>Reads all values by rows, as strings.</summary>
    public string[] ToStrings() => ReadAll<string>(Type.IsText, "strings", (reader, values) => reader.Read(values));

    /// <summary>Opens the values, in their stored order, for reading in parts.</summary>
    public ArrayReader OpenReader() => new(_source, Type, _dataOffset);

    /// <summary>Makes the exception for what is wrong with this array.</summary>
    public LfaDataException Bad(string problem) => _source.Bad(problem);

    /// <summary>Throws unless the elements are floating-point numbers.</summary>
    public void RequireFloat() => Require(Type.IsFloat, "float16, float32 or float64 numbers");

    /// <summary>Throws unless the array has one of the given numbers of dimensions.</summary>
    public void RequireDimensions(string expected, params ReadOnlySpan<int> dimensions)
    {
        if (!dimensions.Contains(Shape.Count))
            throw Bad($"the shape is {ArrayShape.Describe(Shape)}; expected {expected}.");
    }

    /// <summary>Allocates what surely fits the bytes that exist: all at once unless the data are compressed more than fourfold.</summary>
    internal int FirstCapacity(int count) => (int)Math.Min(count, 4096 + 4 * (_source.StoredLength / Type.Size));

    private T[] ReadAll<T>(bool rightType, string expected, SpanReader<T> read)
    {
        Require(rightType, expected);
        if (Count > Array.MaxLength)
            throw Bad(Invariant($"{Count} values are more than memory takes in one piece; split the file."));
        using var reader = OpenReader();
        var values = ReadGrowing(reader, (int)Count, read);
        reader.Finish();
        return IsColumnMajor ? ArrayShape.ToRowMajor(values, Shape) : values;
    }

    /// <summary>Reads <paramref name="count"/> values into memory that at most doubles beyond what was read.</summary>
    internal T[] ReadGrowing<T>(ArrayReader reader, int count, SpanReader<T> read)
    {
        var values = new T[FirstCapacity(count)];
        for (var filled = 0; ;)
        {
            read(reader, values.AsSpan(filled));
            filled = values.Length;
            if (filled == count)
                return values;
            Array.Resize(ref values, (int)Math.Min(count, 2L * filled));
        }
    }

    private void Require(bool rightType, string expected)
    {
        if (!rightType)
            throw Bad($"the type is {Type}; expected {expected}.");
    }

    /// <summary>Fills a span with the next values of a reader.</summary>
    internal delegate void SpanReader<T>(ArrayReader reader, Span<T> values);
}
