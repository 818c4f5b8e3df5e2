using NetVips;

namespace Lfa.Encoders.Tests.Images;

/// <summary>Makes images by formula, and encodes them.</summary>
internal static class MadeUpImage
{
    /// <summary>Makes the image of formula() in Golden/make_pillow.py.</summary>
    public static RgbImage Formula(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0L; i < pixels.Length; i++)
            pixels[i] = (byte)((i * i * 31 + i * 7) / 16 % 256);
        return new RgbImage(pixels, width, height);
    }

    public static RgbImage Constant(int width, int height, byte red, byte green, byte blue)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < pixels.Length; i += 3)
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (red, green, blue);
        return new RgbImage(pixels, width, height);
    }

    /// <summary>Makes an image of soft waves, which compresses as photographs do.</summary>
    public static RgbImage Waves(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var channel = 0; channel < 3; channel++)
                    pixels[3 * (y * width + x) + channel] = (byte)(127 + 60 * Math.Sin(x / (5.0 + channel)) + 60 * Math.Cos(y / (7.0 - channel)));
        return new RgbImage(pixels, width, height);
    }

    /// <summary>Encodes an image by the suffix of a file name, with the options that libvips has for it.</summary>
    public static byte[] Encode(RgbImage image, string suffix, VOption? options = null)
    {
        using var encoded = Image.NewFromMemory(image.Pixels.ToArray(), image.Width, image.Height, 3, Enums.BandFormat.Uchar);
        using var color = encoded.Copy(interpretation: Enums.Interpretation.Srgb);
        return color.WriteToBuffer(suffix, options);
    }

    /// <summary>Mirrors an image from left to right.</summary>
    public static RgbImage Mirror(RgbImage image)
    {
        var (source, pixels) = (image.Pixels, new byte[image.Pixels.Length]);
        for (var y = 0; y < image.Height; y++)
            for (var x = 0; x < image.Width; x++)
                source.Span.Slice(3 * (y * image.Width + x), 3).CopyTo(pixels.AsSpan(3 * (y * image.Width + image.Width - 1 - x)));
        return new RgbImage(pixels, image.Width, image.Height);
    }
}
