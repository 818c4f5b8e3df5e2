namespace Lfa.Encoders.Tests.Images;

public class ImagePreprocessorTests
{
    private static readonly ImagePreprocessing Plain = new() { Resize = ResizeRule.None, Crop = new PixelSize(4, 2), RescaleFactor = null, Mean = null, Deviation = null };

    [Fact]
    public void Process_NoRescaleNorNormalization_GivesThePlanesOfThePixels()
    {
        var numbers = Process(Plain, new RgbImage(Enumerable.Range(0, 24).Select(i => (byte)i).ToArray(), 4, 2), Crops.Center);
        numbers.ShouldBe([0, 3, 6, 9, 12, 15, 18, 21, 1, 4, 7, 10, 13, 16, 19, 22, 2, 5, 8, 11, 14, 17, 20, 23]);
    }

    [Fact]
    public void Process_RescaleWithOffset_GoesFromMinusOneToOne() =>
        Process(Plain with { Crop = new PixelSize(2, 1), RescaleFactor = 1 / 127.5, RescaleOffset = -1 }, new RgbImage(new byte[] { 0, 0, 0, 255, 255, 255 }, 2, 1), Crops.Center)
            .ShouldBe([-1, 1, -1, 1, -1, 1]);

    [Fact]
    public void Process_SetsOfCrops_EndWithOneAnother()
    {
        var image = MadeUpImage.Formula(60, 40);
        var preprocessing = new ImagePreprocessing { Resize = ResizeRule.ShortestEdge(30), Crop = new PixelSize(20, 20) };
        var (one, five, ten) = (Process(preprocessing, image, Crops.Center), Process(preprocessing, image, Crops.Five), Process(preprocessing, image, Crops.FiveAndFlips));
        five[^one.Length..].ShouldBe(one);
        ten[^five.Length..].ShouldBe(five);
        five[..one.Length].ShouldNotBe(one);
    }

    // Sizes without a half pixel, whose rounding would not be mirrored.
    [Fact]
    public void Process_MirroredImage_SwapsTheFlips()
    {
        var preprocessing = new ImagePreprocessing { Resize = ResizeRule.ShortestEdge(40), Crop = new PixelSize(20, 20) };
        var image = MadeUpImage.Formula(60, 40);
        var ten = Process(preprocessing, image, Crops.FiveAndFlips).Chunk(3 * 20 * 20).ToArray();
        var mirrored = Process(preprocessing, MadeUpImage.Mirror(image), Crops.FiveAndFlips).Chunk(3 * 20 * 20).ToArray();
        foreach (var (crop, same) in ((int, int)[])[(0, 6), (1, 5), (2, 8), (3, 7), (4, 9)])
        {
            mirrored[crop].ShouldBe(ten[same]);
            mirrored[same].ShouldBe(ten[crop]);
        }
    }

    [Theory]
    [InlineData(nameof(CropRounding.Floor), 3, 5, 1, 1)]
    [InlineData(nameof(CropRounding.Floor), 2, 5, 0, 2)]
    [InlineData(nameof(CropRounding.HalfToEven), 2, 5, 0, 1)]
    [InlineData(nameof(CropRounding.Floor), 8, 5, 1, 0)]
    [InlineData(nameof(CropRounding.HalfToEven), 8, 5, 2, 0)]
    [InlineData(nameof(CropRounding.HalfToEven), 6, 5, 0, 0)]
    [InlineData(nameof(CropRounding.HalfToEven), 7, 5, 1, 0)]
    public void Crop8_OneRow_TakesOrPadsAsPublished(string rounding, int width, int crop, int firstPixel, int padding)
    {
        var image = new RgbImage(Enumerable.Range(0, 3 * width).Select(i => (byte)(1 + i / 3)).ToArray(), width, 1);
        var preprocessor = new ImagePreprocessor(Plain with { Crop = new PixelSize(crop, 1), CropRounding = Enum.Parse<CropRounding>(rounding) });
        var reds = preprocessor.Crop8(image, Crops.Center)[0].Pixels.ToArray().Where((_, i) => i % 3 == 0).ToArray();
        var expected = new byte[crop];
        for (var i = 0; i < Math.Min(width, crop); i++)
            expected[padding + i] = (byte)(1 + (width < crop ? 0 : firstPixel) + i);
        reds.ShouldBe(expected);
    }

    [Theory, InlineData(Crops.Five, 5), InlineData(Crops.FiveAndFlips, 10)]
    public void Process_ImageSmallerThanTheCrop_SurroundsEveryCropByNormalizedZeros(Crops crops, int count)
    {
        var preprocessing = new ImagePreprocessing { Resize = ResizeRule.None, Crop = new PixelSize(5, 3) };
        var black = Process(preprocessing, MadeUpImage.Constant(5, 3, 0, 0, 0), Crops.Center);
        var small = Process(preprocessing, MadeUpImage.Constant(2, 1, 255, 255, 255), crops);
        small.Length.ShouldBe(count * 45);
        for (var i = 0; i < small.Length; i++)
            (small[i] == black[i % 45]).ShouldBe(!IsWhite(i % 15, mirrored: i / 45 < count - 5), $"number {i}");
    }

    [Fact]
    public void Process_OnePixel_FillsTheCrop()
    {
        var numbers = Process(new ImagePreprocessing { RescaleFactor = null, Mean = null, Deviation = null }, new RgbImage(new byte[] { 9, 8, 7 }, 1, 1), Crops.Center);
        numbers.Chunk(224 * 224).Select(plane => plane.Distinct().Single()).ShouldBe([9, 8, 7]);
    }

    [Fact]
    public void Process_ManyThreads_GivesTheNumbersOfOne()
    {
        var preprocessor = new ImagePreprocessor(new ImagePreprocessing());
        var images = Enumerable.Range(0, 300).Select(i => MadeUpImage.Formula(20 + i % 170, 30 + i % 23)).ToArray();
        var expected = images.Select(image => GoldenFile.Sha256(preprocessor.Crop8(image, Crops.Five))).ToArray();
        images.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(image => GoldenFile.Sha256(preprocessor.Crop8(image, Crops.Five))).ToArray().ShouldBe(expected);
    }

    [Fact]
    public void Process_SizesSeenBefore_AllocatesNothing()
    {
        var preprocessor = new ImagePreprocessor(new ImagePreprocessing());
        var (image, numbers) = (MadeUpImage.Formula(320, 240), new float[10 * preprocessor.ValuesPerCrop]);
        preprocessor.Process(image, Crops.FiveAndFlips, numbers);
        var before = GC.GetAllocatedBytesForCurrentThread();
        preprocessor.Process(image, Crops.FiveAndFlips, numbers);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1024);
    }

    [Fact]
    public void Process_ShortDestination_NamesBothLengths() =>
        Should.Throw<ArgumentException>(() => new ImagePreprocessor(Plain).Process(MadeUpImage.Formula(4, 2), Crops.Five, new float[119]))
            .Message.ShouldContain("destination holds 119 numbers but 5 crops of 3 × 2 × 4 have 120.");

    [Fact]
    public void Constructor_ImagesWouldKeepTheirSizes_IsRefused() =>
        Should.Throw<LfaDataException>(() => new ImagePreprocessor(new ImagePreprocessing { Crop = null })).Message.ShouldContain("a model takes one");

    [Fact]
    public void Constructor_SideTooLong_IsRefused() =>
        Should.Throw<LfaDataException>(() => new ImagePreprocessor(new ImagePreprocessing { Crop = new PixelSize(8193, 1) })).Message.ShouldContain("8193 × 1");

    // An image of 2 × 1 in a crop of 5 × 3: two zeros before it and one after.
    private static bool IsWhite(int place, bool mirrored) => place / 5 == 1 && place % 5 - (mirrored ? 1 : 2) is 0 or 1;

    private static float[] Process(ImagePreprocessing preprocessing, RgbImage image, Crops crops)
    {
        var preprocessor = new ImagePreprocessor(preprocessing);
        var numbers = new float[ImagePreprocessor.CropCount(crops) * preprocessor.ValuesPerCrop];
        preprocessor.Process(image, crops, numbers);
        return numbers;
    }
}
