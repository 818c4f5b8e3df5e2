using NetVips;

namespace Lfa.Encoders.Images;

/// <summary>Decodes JPEG, PNG, WebP, GIF, TIFF and AVIF to red, green and blue of 8 bits.</summary>
/// <remarks>
/// <para>
/// The pixels are those of Pillow's <c>Image.open(f).convert("RGB")</c>: alpha is dropped without blending, grey and
/// palettes are expanded, CMYK is converted by its simple formula without a color profile, of 16 bits the high 8 are
/// taken, of an animation the first frame, and a TIFF, of no other format, is turned as its orientation says. It differs
/// in four places:
/// </para>
/// <list type="number">
/// <item>Of grey of 16 bits the high 8 are taken, too; Pillow clips at 255, which leaves hardly more than white.</item>
/// <item>Transparent pixels of a GIF are black; Pillow gives the color that the palette happens to hold for them.</item>
/// <item>A PNG that is cut off within its end marker is refused, though all pixels are there.</item>
/// <item>So is a GIF that is cut off two bytes before its end, where that of the frame's data is marked.</item>
/// </list>
/// <para>
/// The format is found from the first bytes, and only these decoders ever run. Safe for use by several threads at once:
/// libvips, which decodes, is set to one thread and no cache for the whole process at the first call, and its warnings
/// are silenced.
/// </para>
/// </remarks>
internal static class ImageDecoder
{
    private static readonly ImageDecoderOptions Defaults = new();

    /// <summary>Decodes an image.</summary>
    /// <param name="encoded">The bytes of the file.</param>
    /// <param name="options">How it is decoded; null for the defaults.</param>
    /// <exception cref="LfaDataException">The bytes are no image of these formats, are damaged or cut short, or claim more pixels than the options allow. The message is one line and does not name the file.</exception>
    public static RgbImage Decode(ReadOnlyMemory<byte> encoded, ImageDecoderOptions? options = null)
    {
        options ??= Defaults;
        var format = ImageFormat.Find(encoded.Span);
        try
        {
            using var image = format.Load(encoded);
            RequireSize(image, options.MaxPixels);
            if (!options.ApplyOrientation && !format.AlwaysTurns || !IsTurned(image))
                return PixelConversion.ToRgb(image);
            using var upright = Turn(image);
            return PixelConversion.ToRgb(upright);
        }
        catch (VipsException e)
        {
            throw new LfaDataException($"the {format.Name} image is damaged or cut short; copy or save it again.", e);
        }
    }

    private static void RequireSize(Image image, int maxPixels)
    {
        if ((long)image.Width * image.Height > maxPixels)
            throw new LfaDataException(Invariant(
                $"the image claims {image.Width} × {image.Height} pixels, more than the {maxPixels} that are allowed; make it smaller, or raise ImageDecoderOptions.MaxPixels if it is what it says."));
    }

    private static bool IsTurned(Image image)
    {
        const int Upright = 1;
        return image.Contains("orientation") && image.Get("orientation") is not Upright;
    }

    // Turning needs the whole image, which decoders hand out by rows.
    private static Image Turn(Image image)
    {
        using var whole = image.CopyMemory();
        return whole.Autorot();
    }
}
