using NetVips;

namespace Lfa.Benchmarks;

/// <summary>Makes images that decode like photographs: soft tones with the grain of a camera.</summary>
internal static class MadeUpPhotograph
{
    /// <summary>Makes a JPEG, of about 250 kB at 1024 × 768.</summary>
    public static byte[] Jpeg(int width, int height, int seed = 1)
    {
        using var tones = Image.Perlin(width, height, cellSize: 96, seed: seed);
        using var grain = Image.Gaussnoise(width, height, sigma: 5, mean: 128, seed: seed + 1);
        using var colours = tones.Bandjoin(tones.FlipHor(), tones.FlipVer());
        using var photograph = (colours * 90 + grain).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        return photograph.JpegsaveBuffer(q: 90);
    }
}
