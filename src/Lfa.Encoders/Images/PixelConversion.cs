using NetVips;

namespace Lfa.Encoders.Images;

/// <summary>Brings decoded pixels to red, green and blue of 8 bits, as Pillow does.</summary>
internal static class PixelConversion
{
    private const int MostChannels = 4; // colors and alpha, or four inks

    public static RgbImage ToRgb(Image image)
    {
        if (image.Format is not (Enums.BandFormat.Uchar or Enums.BandFormat.Ushort))
            throw new LfaDataException($"the samples of the image are of type {image.Format}; save it with 8 or 16 bits a channel.");
        if (image.Bands > MostChannels)
            throw new LfaDataException(Invariant($"the image has {image.Bands} channels; save it as red, green and blue."));
        using var narrow = image.Format == Enums.BandFormat.Ushort ? image.Msb() : null;
        var samples = narrow ?? image;
        if (image.Interpretation == Enums.Interpretation.Cmyk && image.Bands == MostChannels)
            return new RgbImage(FromCmyk(Render(samples)), image.Width, image.Height);
        using var colors = image.Bands switch
        {
            < 3 => Expand(samples),
            3 => null,
            _ => samples.ExtractBand(0, n: 3),
        };
        return new RgbImage(Render(colors ?? samples), image.Width, image.Height);
    }

    private static Image Expand(Image grey)
    {
        using var one = grey.ExtractBand(0);
        return one.Bandjoin(one, one);
    }

    // libvips writes the rows straight into the array as it decodes them.
    private static unsafe byte[] Render(Image image)
    {
        var pixels = GC.AllocateUninitializedArray<byte>(image.Width * image.Height * image.Bands);
        fixed (byte* start = pixels)
        {
            using var target = Image.NewFromMemory((nint)start, (ulong)pixels.Length, image.Width, image.Height, image.Bands, Enums.BandFormat.Uchar);
            image.Write(target);
        }
        return pixels;
    }

    private static byte[] FromCmyk(byte[] inks)
    {
        var pixels = GC.AllocateUninitializedArray<byte>(inks.Length / 4 * 3);
        for (var (i, o) = (0, 0); i < inks.Length; i += 4, o += 3)
        {
            var light = 255 - inks[i + 3];
            for (var channel = 0; channel < 3; channel++)
                pixels[o + channel] = (byte)(light - Scale(inks[i + channel], light));
        }
        return pixels;
    }

    // a · b / 255, rounded; at most b, so that the difference is never negative.
    private static int Scale(int a, int b)
    {
        var product = a * b + 128;
        return (product + (product >> 8)) >> 8;
    }
}
