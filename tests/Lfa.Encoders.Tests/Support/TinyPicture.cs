using NetVips;

namespace Lfa.Encoders.Tests.Support;

/// <summary>Makes small pictures of one colour.</summary>
internal static class TinyPicture
{
    public static byte[] Png(int red, int green, int blue, int size = 16)
    {
        using var black = Image.Black(size, size, bands: 3);
        using var colour = black + new double[] { red, green, blue };
        using var bytes = colour.Cast(Enums.BandFormat.Uchar);
        return bytes.PngsaveBuffer();
    }
}
