using System.Runtime.InteropServices;
using NetVips;

namespace Lfa.Encoders.Images;

/// <summary>Represents a format of images: how it is recognized and which decoder reads it.</summary>
internal sealed class ImageFormat
{
    // Truncated: what lacks data is an error, what merely deserves a warning is not, as in Pillow. TIFF knows only Error.
    private const Enums.Access ByRows = Enums.Access.Sequential;
    private const Enums.FailOn Lenient = Enums.FailOn.Truncated;

    private static readonly ImageFormat[] Known =
    [
        new("JPEG", b => b.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]), b => Image.JpegloadBuffer(b, access: ByRows, failOn: Lenient)),
        new("PNG", b => b.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']), b => Image.PngloadBuffer(b, access: ByRows, failOn: Lenient)),
        new("WebP", b => b.Length >= 12 && b.StartsWith("RIFF"u8) && b[8..].StartsWith("WEBP"u8), b => Image.WebploadBuffer(b, access: ByRows, failOn: Lenient)),
        new("GIF", b => b.StartsWith("GIF8"u8), b => Image.GifloadBuffer(b, access: ByRows, failOn: Lenient)),
        new("TIFF", b => b.StartsWith("II*\0"u8) || b.StartsWith("MM\0*"u8), b => Image.TiffloadBuffer(b, access: ByRows, failOn: Enums.FailOn.Error)) { AlwaysTurns = true },
        new("AVIF", IsAvif, b => Image.HeifloadBuffer(b, access: ByRows, failOn: Lenient)),
    ];

    private static readonly Log.LogDelegate Silence = (_, _, _) => { };

    private readonly Func<ReadOnlySpan<byte>, bool> _recognizes;
    private readonly Func<byte[], Image> _load;

    static ImageFormat()
    {
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, Silence);
    }

    private ImageFormat(string name, Func<ReadOnlySpan<byte>, bool> recognizes, Func<byte[], Image> load) =>
        (Name, _recognizes, _load) = (name, recognizes, load);

    /// <summary>Gets the name of the format.</summary>
    public string Name { get; }

    /// <summary>Gets whether images are turned as their orientation says even where that is not asked for, as Pillow does.</summary>
    public bool AlwaysTurns { get; private init; }

    /// <summary>Finds the format of a file by its first bytes.</summary>
    /// <exception cref="LfaDataException">It is none that is read.</exception>
    public static ImageFormat Find(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty)
            throw new LfaDataException("the file is empty.");
        foreach (var format in Known)
            if (format._recognizes(encoded))
                return format;
        throw new LfaDataException($"this is not an image of a format that is read ({string.Join(", ", Known.Select(format => format.Name))}); convert or remove it.");
    }

    /// <summary>Reads the header; pixels are decoded when they are asked for.</summary>
    public Image Load(ReadOnlyMemory<byte> encoded)
    {
        var isWhole = MemoryMarshal.TryGetArray(encoded, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length;
        return _load(isWhole ? segment.Array! : encoded.ToArray());
    }

    // The kinds of a file of the ISO base format stand in its first box; that of AVIF need not be the first.
    private static bool IsAvif(ReadOnlySpan<byte> encoded)
    {
        const int MostBrands = 64;
        return encoded.Length >= 12 && encoded[4..].StartsWith("ftyp"u8) && encoded[8..Math.Min(encoded.Length, MostBrands)].IndexOf("avif"u8) >= 0;
    }
}
