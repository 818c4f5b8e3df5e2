using System.Buffers.Binary;
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
    public static SafetensorsTensor From(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return new SafetensorsTensor("F32", shape.ToArray(), bytes);
    }

    /// <summary>Converts floating-point elements to single precision.</summary>
    /// <exception cref="InvalidDataException">The elements are of another type.</exception>
    public float[] ToSingle()
    {
        var type = SafetensorsTypes.Find(Type) is { IsFloat: true } known ? known : throw new InvalidDataException($"the type of the tensor is {Type}; expected F16, BF16, F32 or F64.");
        var values = new float[Bytes.Length / type.Size];
        ElementConversion.ToSingle(Bytes.ToArray(), type, values);
        return values;
    }
}
