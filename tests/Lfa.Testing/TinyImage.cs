using NetVips;

namespace Lfa.Testing;

/// <summary>Makes small images of one color.</summary>
public static class TinyImage
{
    public static byte[] Png(int red, int green, int blue, int size = 16)
    {
        using var black = Image.Black(size, size, bands: 3);
        using var color = black + new double[] { red, green, blue };
        using var bytes = color.Cast(Enums.BandFormat.Uchar);
        return bytes.PngsaveBuffer();
    }
}
