namespace Lfa.IO;

/// <summary>Represents a tensor to write whose bytes need not be in memory.</summary>
/// <param name="Type">The type as the file names it: "F32", "I64", ….</param>
/// <param name="Shape">The extents, none for a single value.</param>
/// <param name="Length">The number of bytes of the elements.</param>
/// <param name="Write">Writes the elements by rows, little-endian.</param>
internal sealed record SafetensorsPart(string Type, IReadOnlyList<long> Shape, long Length, Action<Stream> Write)
{
    /// <summary>Takes a tensor in memory.</summary>
    public static SafetensorsPart From(SafetensorsTensor tensor) =>
        new(tensor.Type, tensor.Shape, tensor.Bytes.Length, stream => stream.Write(tensor.Bytes.Span));
}
