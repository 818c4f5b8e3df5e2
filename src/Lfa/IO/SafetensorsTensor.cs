using System.Buffers.Binary;
using System.Diagnostics;
using Lfa.Data;

namespace Lfa.IO;

/// <summary>Represents a tensor of a .safetensors file, its bytes as they are stored: by rows, little-endian.</summary>
/// <param name="Type">The type as the file names it: "F32", "F64", "I64", ….</param>
/// <param name="Shape">The extents, none for a single value.</param>
/// <param name="Bytes">The bytes of the elements.</param>
internal sealed record SafetensorsTensor(string Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Copies a matrix.</summary>
    public static SafetensorsTensor From(Matrix matrix) => From(matrix.Values.Span, matrix.Rows, matrix.Columns);

    /// <summary>Copies single-precision values by rows.</summary>
    public static SafetensorsTensor From(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return new SafetensorsTensor("F32", shape.ToArray(), bytes);
    }

    /// <summary>Copies double-precision values by rows.</summary>
    public static SafetensorsTensor From(ReadOnlySpan<double> values, params ReadOnlySpan<long> shape)
    {
        var bytes = new byte[checked(values.Length * sizeof(double))];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), values[i]);
        return new SafetensorsTensor("F64", shape.ToArray(), bytes);
    }

    /// <summary>Copies integers by rows.</summary>
    public static SafetensorsTensor From(ReadOnlySpan<int> values, params ReadOnlySpan<long> shape)
    {
        var bytes = new byte[values.Length * sizeof(int)];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), values[i]);
        return new SafetensorsTensor("I32", shape.ToArray(), bytes);
    }

    /// <summary>Copies the elements, which must be of the type F64.</summary>
    public double[] ToDouble()
    {
        Debug.Assert(Type == "F64");
        var values = new double[Bytes.Length / sizeof(double)];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadDoubleLittleEndian(Bytes.Span[(i * sizeof(double))..]);
        return values;
    }

    /// <summary>Copies the elements, which must be of the type I32.</summary>
    public int[] ToInt32()
    {
        Debug.Assert(Type == "I32");
        var values = new int[Bytes.Length / sizeof(int)];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadInt32LittleEndian(Bytes.Span[(i * sizeof(int))..]);
        return values;
    }

    /// <summary>Converts floating-point elements to single precision.</summary>
    /// <exception cref="LfaDataException">The elements are of another type.</exception>
    public float[] ToSingle()
    {
        var type = SafetensorsTypes.Find(Type) is { IsFloat: true } known ? known : throw new LfaDataException($"the type of the tensor is {Type}; expected F16, BF16, F32 or F64.");
        var values = new float[Bytes.Length / type.Size];
        ElementConversion.ToSingle(Bytes.ToArray(), type, values);
        return values;
    }
}
