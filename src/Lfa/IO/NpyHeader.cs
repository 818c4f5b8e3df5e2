using System.Buffers.Binary;
using System.Text;

namespace Lfa.IO;

/// <summary>
/// Represents the header of a .npy array, versions 1 to 3 of NumPy's format: magic, version, length, and a Python
/// dictionary with the type ("descr"), the order ("fortran_order") and the shape.
/// </summary>
/// <param name="Type">The type of the elements.</param>
/// <param name="Shape">The extents, none for a single value.</param>
/// <param name="ColumnMajor">Whether the first index runs fastest (Fortran order).</param>
/// <param name="DataOffset">The bytes before the data.</param>
internal sealed record NpyHeader(ElementType Type, IReadOnlyList<long> Shape, bool ColumnMajor, int DataOffset)
{
    // NumPy itself writes headers of some hundred bytes; only structured types, which are refused, need many more.
    private const int LongestHeader = 1 << 20;

    private const int Alignment = 64; // the data of a written array start at a multiple, as NumPy's do

    /// <summary>Gets the first bytes of every .npy array.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads and checks the header at the start of <paramref name="stream"/>.</summary>
    public static NpyHeader Read(Stream stream, ByteSource source)
    {
        Span<byte> prefix = stackalloc byte[Magic.Length + 2];
        source.Fill(stream, prefix);
        if (!prefix.StartsWith(Magic))
            throw source.Bad("this is not a NumPy array; save it with numpy.save or numpy.savez.");
        var version = prefix[Magic.Length];
        if (version is < 1 or > 3)
            throw source.Bad(Invariant($"version {version} of the .npy format is not known; save it as version 1, 2 or 3."));
        Span<byte> lengthBytes = stackalloc byte[version == 1 ? 2 : 4];
        source.Fill(stream, lengthBytes);
        var length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes) : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        var start = prefix.Length + lengthBytes.Length;
        if (length > LongestHeader || length > source.Length - start)
            throw source.Bad(Invariant($"the header claims {length} bytes, more than the array or any header has; the file is damaged, save it again."));
        var text = new byte[length];
        source.Fill(stream, text);
        // Latin-1 takes any bytes; what a valid header holds is the same in UTF-8.
        var fields = NpyHeaderParser.Parse(Encoding.Latin1.GetString(text), source);
        return new NpyHeader(NpyTypes.Parse(fields.Descr, source), fields.Shape, fields.FortranOrder, start + (int)length);
    }

    /// <summary>Writes a header for data by rows, as version 1, which every shape fits.</summary>
    public static void Write(Stream stream, ElementType type, params ReadOnlySpan<long> shape)
    {
        var extents = string.Join(", ", shape.ToArray().Select(extent => Invariant($"{extent}")));
        var tuple = shape.Length == 1 ? $"({extents},)" : $"({extents})";
        var text = $"{{'descr': '{NpyTypes.Format(type)}', 'fortran_order': False, 'shape': {tuple}, }}";
        var start = Magic.Length + 4;
        var padding = Alignment - 1 - (start + text.Length) % Alignment;
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)(text.Length + padding + 1));
        stream.Write(Magic);
        stream.Write([1, 0]);
        stream.Write(length);
        stream.Write(Encoding.ASCII.GetBytes(text + new string(' ', padding) + "\n"));
    }
}
