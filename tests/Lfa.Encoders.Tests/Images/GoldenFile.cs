using System.Security.Cryptography;

namespace Lfa.Encoders.Tests.Images;

/// <summary>Reads what Golden/make_pillow.py wrote.</summary>
internal static class GoldenFile
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);

    public static IEnumerable<string[]> Lines(string name) => File.ReadLines(PathOf(name)).Select(line => line.Split(' '));

    public static string Sha256(params IEnumerable<RgbImage> images) =>
        Convert.ToHexStringLower(SHA256.HashData(images.SelectMany(image => image.Pixels.ToArray()).ToArray()));
}
