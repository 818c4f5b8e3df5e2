namespace Lfa.IO;

/// <summary>Translates the element types of .safetensors files, which are little-endian.</summary>
internal static class SafetensorsTypes
{
    /// <summary>Finds a type by its name in the file, or null where it is not known.</summary>
    public static ElementType? Find(string name)
    {
        ElementType? type = name switch
        {
            "BOOL" => new ElementType(ElementKind.Boolean, 1),
            "U8" => new ElementType(ElementKind.Unsigned, 1),
            "U16" => new ElementType(ElementKind.Unsigned, 2),
            "U32" => new ElementType(ElementKind.Unsigned, 4),
            "U64" => new ElementType(ElementKind.Unsigned, 8),
            "I8" => new ElementType(ElementKind.Signed, 1),
            "I16" => new ElementType(ElementKind.Signed, 2),
            "I32" => new ElementType(ElementKind.Signed, 4),
            "I64" => new ElementType(ElementKind.Signed, 8),
            "F8_E4M3" or "F8_E5M2" or "F8_E8M0" => new ElementType(ElementKind.Opaque, 1),
            "F16" => new ElementType(ElementKind.Float, 2),
            "BF16" => new ElementType(ElementKind.BrainFloat, 2),
            "F32" => new ElementType(ElementKind.Float, 4),
            "F64" => new ElementType(ElementKind.Float, 8),
            "C64" => new ElementType(ElementKind.Opaque, 8),
            _ => null,
        };
        return type is null || BitConverter.IsLittleEndian ? type : type.Value with { Swapped = true };
    }
}
