using System.Runtime.InteropServices;

namespace Lfa.IO;

/// <summary>Writes arrays in NumPy's .npy format, version 1, in this machine's byte order.</summary>
internal static class NpyWriter
{
    // A span of bytes has at most 2^31 entries, so long arrays are written in parts.
    private const int Part = 1 << 20;

    public static void WriteSingle(Stream stream, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        NpyHeader.Write(stream, new ElementType(ElementKind.Float, sizeof(float)), shape);
        WriteValues(stream, values);
    }

    /// <summary>Writes integers as int64, which NumPy uses on most machines.</summary>
    public static void WriteInt64(Stream stream, ReadOnlySpan<int> values, params ReadOnlySpan<long> shape)
    {
        NpyHeader.Write(stream, new ElementType(ElementKind.Signed, sizeof(long)), shape);
        foreach (long value in values)
            stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in value)));
    }

    /// <summary>Writes strings padded to the length of the longest.</summary>
    public static void WriteStrings(Stream stream, IReadOnlyList<string> texts, params ReadOnlySpan<long> shape)
    {
        var longest = texts.Select(text => text.EnumerateRunes().Count()).DefaultIfEmpty().Max();
        var codes = new int[Math.Max(longest, 1)];
        NpyHeader.Write(stream, new ElementType(ElementKind.Unicode, sizeof(int) * codes.Length), shape);
        foreach (var text in texts)
        {
            Array.Clear(codes);
            var length = 0;
            foreach (var rune in text.EnumerateRunes())
                codes[length++] = rune.Value;
            stream.Write(MemoryMarshal.AsBytes(codes.AsSpan()));
        }
    }

    /// <summary>Writes values without a header.</summary>
    public static void WriteValues(Stream stream, ReadOnlySpan<float> values)
    {
        while (values.Length > 0)
        {
            var part = values[..Math.Min(Part, values.Length)];
            stream.Write(MemoryMarshal.AsBytes(part));
            values = values[part.Length..];
        }
    }
}
