using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;

namespace Lfa.IO;

/// <summary>Converts the stored bytes of array elements to values.</summary>
/// <remarks>The bytes are a scratch buffer: numbers in the other byte order are turned around in place.</remarks>
internal static class ElementConversion
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Converts floating-point numbers; a double beyond single precision becomes an infinity.</summary>
    public static void ToSingle(Span<byte> source, ElementType type, Span<float> destination)
    {
        SwapIfNeeded(source, type);
        if (type.Kind == ElementKind.BrainFloat)
            WidenBrainFloats(MemoryMarshal.Cast<byte, ushort>(source), destination);
        else if (type.Size == 2)
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), destination);
        else if (type.Size == 4)
            MemoryMarshal.Cast<byte, float>(source).CopyTo(destination);
        else
            TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(source), destination);
    }

    /// <summary>Converts integers up to the first that does not fit.</summary>
    /// <returns>The text of the first value outside the range of an int with its index, or null.</returns>
    public static (int Index, string Value)? ToInt32(Span<byte> source, ElementType type, Span<int> destination)
    {
        SwapIfNeeded(source, type);
        return (type.Kind == ElementKind.Signed, type.Size) switch
        {
            (true, 1) => ToInt32<sbyte>(source, destination),
            (true, 2) => ToInt32<short>(source, destination),
            (true, 4) => ToInt32<int>(source, destination),
            (true, _) => ToInt32<long>(source, destination),
            (false, 1) => ToInt32<byte>(source, destination),
            (false, 2) => ToInt32<ushort>(source, destination),
            (false, 4) => ToInt32<uint>(source, destination),
            (false, _) => ToInt32<ulong>(source, destination),
        };
    }

    /// <summary>Converts the text of one element, without its padding.</summary>
    /// <returns>The text, or null when the bytes are not text.</returns>
    public static string? ToText(Span<byte> source, ElementType type)
    {
        SwapIfNeeded(source, type);
        return type.Kind == ElementKind.Unicode ? FromUtf32(MemoryMarshal.Cast<byte, uint>(source)) : FromUtf8(source);
    }

    private static (int Index, string Value)? ToInt32<T>(ReadOnlySpan<byte> source, Span<int> destination)
        where T : unmanaged, IBinaryInteger<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(source);
        for (var i = 0; i < values.Length; i++)
        {
            var value = long.CreateSaturating(values[i]);
            if (value != (int)value)
                return (i, Invariant($"{values[i]}"));
            destination[i] = (int)value;
        }
        return null;
    }

    private static void WidenBrainFloats(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        for (var i = 0; i < source.Length; i++)
            destination[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
    }

    private static string? FromUtf32(ReadOnlySpan<uint> codes)
    {
        var text = new StringBuilder(codes.Length);
        foreach (var code in codes.TrimEnd(0u))
        {
            if (code > 0x10FFFF)
                return null;
            // NumPy may hold half a surrogate pair, from a file name that is not UTF-8; no encoder accepts one.
            var rune = Rune.IsValid(code) ? new Rune(code) : Rune.ReplacementChar;
            text.Append(rune.ToString());
        }
        return text.ToString();
    }

    private static string? FromUtf8(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes.TrimEnd((byte)0));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static void SwapIfNeeded(Span<byte> bytes, ElementType type)
    {
        if (!type.Swapped)
            return;
        switch (type.Kind == ElementKind.Unicode ? 4 : type.Size)
        {
            case 2:
                var words = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case 4:
                var doubleWords = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(doubleWords, doubleWords);
                break;
            case 8:
                var quadWords = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(quadWords, quadWords);
                break;
            default:
                break;
        }
    }
}
