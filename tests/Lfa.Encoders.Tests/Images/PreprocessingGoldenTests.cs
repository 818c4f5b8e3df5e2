using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Lfa.Encoders.Tests.Images;

/// <summary>Compares with the pixels and numbers of the published pipelines: no difference is allowed.</summary>
public class PreprocessingGoldenTests
{
    private static readonly ImagePreprocessor Transformers = new(new ImagePreprocessing());
    private static readonly ImagePreprocessor OpenAi = new(new ImagePreprocessing { CropRounding = CropRounding.HalfToEven });

    public static TheoryData<string, string, string> Own => [.. GoldenFile.Lines("preprocess.txt").Select(line => (line[0], line[1], line[2]))];

    public static TheoryData<string> Shared =>
    [
        "00_accordion.jpg", "01_Faces.jpg", "02_airplanes.jpg", "03_crocodile.jpg", "04_watch.jpg", "05_sunflower.jpg", "10_rgba.png",
        "11_gray.png", "12_palette.png", "13_small_upscale.png", "14_exif_rotated.jpg", "15_cmyk.jpg", "16_large.jpg",
    ];

    [Theory, MemberData(nameof(Own))]
    public void Crop8_OwnImage_HasThePublishedPixels(string name, string crops, string expected) =>
        GoldenFile.Sha256(Crop(File.ReadAllBytes(GoldenFile.PathOf(Path.Combine("preprocess", name))), crops)).ShouldBe(expected);

    [Theory, MemberData(nameof(Shared))]
    public void Crop8_SharedImage_HasThePublishedPixels(string name)
    {
        var encoded = File.ReadAllBytes(SharedFolder.Require($"clip/preprocess/{name}"));
        using var expected = ZipFile.OpenRead(SharedFolder.Require("clip/preprocess/expected.npz"));
        foreach (var crops in (string[])["openai", "hf", "five_crop"])
        {
            var actual = Crop(encoded, crops).SelectMany(image => image.Pixels.ToArray()).ToArray();
            var published = ReadEnd(expected.GetEntry($"{name}/{crops}.npy")!, actual.Length);
            actual.Index().Count(pixel => pixel.Item != published[pixel.Index]).ShouldBe(0, crops);
        }
    }

    [Theory, InlineData("transformers"), InlineData("torchvision")]
    public void Process_EveryLevel_HasThePublishedNumbers(string pipeline)
    {
        var levels = Enumerable.Range(0, 256).SelectMany(level => Enumerable.Repeat((byte)level, 3)).ToArray();
        var preprocessor = new ImagePreprocessor(new ImagePreprocessing { Resize = ResizeRule.None, Crop = new PixelSize(256, 1) });
        var numbers = new float[preprocessor.ValuesPerCrop];
        preprocessor.Process(new RgbImage(levels, 256, 1), Crops.Center, numbers);
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(numbers))).ShouldBe(GoldenFile.Lines("normalize.txt").Single(line => line[0] == pipeline)[1]);
    }

    private static RgbImage[] Crop(byte[] encoded, string crops)
    {
        var image = ImageDecoder.Decode(encoded);
        return crops switch
        {
            "hf" => Transformers.Crop8(image, Crops.Center),
            "openai" => OpenAi.Crop8(image, Crops.Center),
            _ => OpenAi.Crop8(image, Crops.Five),
        };
    }

    // The data of an array stand at its end.
    private static byte[] ReadEnd(ZipArchiveEntry entry, int length)
    {
        using var stream = entry.Open();
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return bytes[^length..];
    }
}
