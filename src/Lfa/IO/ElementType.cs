namespace Lfa.IO;

/// <summary>Names the families of array elements.</summary>
internal enum ElementKind
{
    /// <summary>An IEEE 754 number.</summary>
    Float,

    /// <summary>The upper half of a single-precision number.</summary>
    BrainFloat,

    /// <summary>A signed integer.</summary>
    Signed,

    /// <summary>An unsigned integer.</summary>
    Unsigned,

    /// <summary>A byte that is 0 or 1.</summary>
    Boolean,

    /// <summary>Text of fixed length in UTF-32, padded with zeros.</summary>
    Unicode,

    /// <summary>Text of fixed length in UTF-8, padded with zeros.</summary>
    Bytes,

    /// <summary>A number this library stores but does not interpret.</summary>
    Opaque,
}

/// <summary>Represents the type of the elements of a stored array.</summary>
/// <param name="Kind">The family.</param>
/// <param name="Size">The bytes of an element, at least 1.</param>
/// <param name="Swapped">Whether the bytes of a number stand in the opposite of this machine's order.</param>
internal readonly record struct ElementType(ElementKind Kind, int Size, bool Swapped = false)
{
    /// <summary>Gets whether the elements convert to single precision.</summary>
    public bool IsFloat => Kind is ElementKind.Float or ElementKind.BrainFloat;

    /// <summary>Gets whether the elements convert to integers.</summary>
    public bool IsInteger => Kind is ElementKind.Signed or ElementKind.Unsigned or ElementKind.Boolean;

    /// <summary>Gets whether the elements convert to strings.</summary>
    public bool IsText => Kind is ElementKind.Unicode or ElementKind.Bytes;

    /// <summary>Describes the type for a person: "float16", "int64", "string[37]".</summary>
    public override string ToString() => Kind switch
    {
        ElementKind.Float => Invariant($"float{8 * Size}"),
        ElementKind.BrainFloat => "bfloat16",
        ElementKind.Signed => Invariant($"int{8 * Size}"),
        ElementKind.Unsigned => Invariant($"uint{8 * Size}"),
        ElementKind.Boolean => "bool",
        ElementKind.Unicode => Invariant($"string[{Size / 4}]"),
        ElementKind.Bytes => Invariant($"bytes[{Size}]"),
        _ => Invariant($"{8 * Size}-bit values"),
    };
}
