using System.Globalization;

namespace Lfa.IO;

/// <summary>Translates element types from and to NumPy's names: byte order, family, size; "&lt;f4" is a little-endian float of 4 bytes.</summary>
internal static class NpyTypes
{
    // Longer than any name; it bounds the memory that one element takes.
    private const int LongestText = 1 << 20;

    public static ElementType Parse(string descr, ByteSource source)
    {
        var name = descr.AsSpan();
        var order = name.Length > 0 && "<>|=".Contains(name[0], StringComparison.Ordinal) ? name[0] : '=';
        name = name.TrimStart("<>|=");
        if (name.StartsWith("O"))
            throw source.Bad("this is a pickled object array, which could run code and is refused; save numbers or strings as a plain array, e.g. numpy.array(names, dtype=str).");
        var swapped = order == (BitConverter.IsLittleEndian ? '>' : '<');
        if (name.Length > 1 && int.TryParse(name[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && Find(name[0], size) is { } type)
            return type with { Swapped = swapped && type.Kind != ElementKind.Bytes };
        throw source.Bad($"the type \"{descr}\" is not supported; save numbers as float16, float32, float64 or int64, and names as strings.");
    }

    public static string Format(ElementType type)
    {
        var order = BitConverter.IsLittleEndian != type.Swapped ? '<' : '>';
        return type.Kind switch
        {
            ElementKind.Float => Invariant($"{order}f{type.Size}"),
            ElementKind.Signed => Invariant($"{order}i{type.Size}"),
            ElementKind.Unicode => Invariant($"{order}U{type.Size / 4}"),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Arrays of this type are not written."),
        };
    }

    private static ElementType? Find(char family, int size) => (family, size) switch
    {
        ('f', 2 or 4 or 8) => new ElementType(ElementKind.Float, size),
        ('i', 1 or 2 or 4 or 8) => new ElementType(ElementKind.Signed, size),
        ('u', 1 or 2 or 4 or 8) => new ElementType(ElementKind.Unsigned, size),
        ('b', 1) => new ElementType(ElementKind.Boolean, 1),
        ('U', > 0 and <= LongestText / 4) => new ElementType(ElementKind.Unicode, 4 * size),
        ('S' or 'a', > 0 and <= LongestText) => new ElementType(ElementKind.Bytes, size),
        _ => null,
    };
}
