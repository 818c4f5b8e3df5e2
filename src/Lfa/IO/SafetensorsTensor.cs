using System.Runtime.InteropServices;
using Lfa.Data;

namespace Lfa.IO;

/// <summary>Represents a tensor of a .safetensors file, its bytes as they are stored: by rows, little-endian.</summary>
/// <param name="Type">The type as the file names it: "F32", "F64", "I64", ….</param>
/// <param name="Shape">The extents, none for a single value.</param>
/// <param name="Bytes">The bytes of the elements.</param>
internal sealed record SafetensorsTensor(string Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Copies a matrix.</summary>
    public static SafetensorsTensor From(FeatureMatrix matrix) => From(matrix.Values.Span, matrix.Rows, matrix.Columns);

    /// <summary>Copies single-precision values by rows.</summary>
    public static SafetensorsTensor From(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) => From("F32", values, shape);

    /// <summary>Copies double-precision values by rows.</summary>
    public static SafetensorsTensor From(ReadOnlySpan<double> values, params ReadOnlySpan<long> shape) => From("F64", values, shape);

    /// <summary>Copies integers by rows.</summary>
    public static SafetensorsTensor From(ReadOnlySpan<int> values, params ReadOnlySpan<long> shape) => From("I32", values, shape);

    /// <summary>Copies long integers by rows.</summary>
    public static SafetensorsTensor From(ReadOnlySpan<long> values, params ReadOnlySpan<long> shape) => From("I64", values, shape);

    /// <summary>Converts floating-point elements to single precision.</summary>
    /// <exception cref="InvalidDataException">The elements are of another type.</exception>
    public float[] ToSingle()
    {
        var type = SafetensorsTypes.Find(Type) is { IsFloat: true } known ? known : throw Wrong("F16, BF16, F32 or F64");
        var values = new float[Bytes.Length / type.Size];
        ElementConversion.ToSingle(Bytes.ToArray(), type, values);
        return values;
    }

    /// <summary>Copies double-precision elements bit for bit.</summary>
    /// <exception cref="InvalidDataException">The elements are of another type.</exception>
    public double[] ToDouble() => To<double>("F64");

    /// <summary>Copies integers.</summary>
    /// <exception cref="InvalidDataException">The elements are of another type.</exception>
    public int[] ToInt32() => To<int>("I32");

    /// <summary>Copies long integers.</summary>
    /// <exception cref="InvalidDataException">The elements are of another type.</exception>
    public long[] ToInt64() => To<long>("I64");

    private static SafetensorsTensor From<T>(string type, ReadOnlySpan<T> values, ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (!BitConverter.IsLittleEndian)
            SwapElements<T>(bytes);
        return new SafetensorsTensor(type, shape.ToArray(), bytes);
    }

    private T[] To<T>(string type)
        where T : unmanaged
    {
        if (Type != type)
            throw Wrong(type);
        var bytes = Bytes.ToArray();
        if (!BitConverter.IsLittleEndian)
            SwapElements<T>(bytes);
        return MemoryMarshal.Cast<byte, T>(bytes).ToArray();
    }

    private static unsafe void SwapElements<T>(Span<byte> bytes)
        where T : unmanaged
    {
        for (; bytes.Length > 0; bytes = bytes[sizeof(T)..])
            bytes[..sizeof(T)].Reverse();
    }

    private InvalidDataException Wrong(string expected) => new($"the type of the tensor is {Type}; expected {expected}.");
}
