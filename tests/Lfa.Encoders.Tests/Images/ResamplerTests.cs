using System.Globalization;
using CsCheck;

namespace Lfa.Encoders.Tests.Images;

public class ResamplerTests
{
    public static TheoryData<int, int, int, int, int, string> Published =>
        [.. GoldenFile.Lines("resample.txt").Select(line => (Number(line[0]), Number(line[1]), Number(line[2]), Number(line[3]), Number(line[4]), line[5]))];

    [Theory, MemberData(nameof(Published))]
    public void Crop8_WholeImage_HasThePixelsOfPillow(int filter, int width, int height, int newWidth, int newHeight, string expected) =>
        GoldenFile.Sha256(Resize(MadeUpImage.Formula(width, height), new PixelSize(newWidth, newHeight), (ResampleFilter)filter)).ShouldBe(expected);

    [Fact]
    public void Crop8_AnySizes_EqualsAPlainComputation() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[1, 70], Gen.Int[1, 5]).Sample((width, height, newWidth, newHeight, filter) =>
        {
            var image = MadeUpImage.Formula(width, height);
            var target = new PixelSize(newWidth, newHeight);
            return Resize(image, target, (ResampleFilter)filter).Pixels.Span.SequenceEqual(PlainResize(image, target, (ResampleFilter)filter));
        }, iter: 300);

    [Fact]
    public void Crop8_AnyPartOfAResizedImage_EqualsThePartOfTheWhole() =>
        Gen.Select(Gen.Int[20, 90], Gen.Int[20, 90], Gen.Int[10, 40]).Sample((width, height, edge) =>
        {
            var image = MadeUpImage.Formula(width, height);
            var preprocessing = new ImagePreprocessing { Resize = ResizeRule.ShortestEdge(edge), Crop = new PixelSize(edge, edge) };
            var size = preprocessing.Resize.Apply(new PixelSize(width, height));
            var whole = Resize(image, size, ResampleFilter.Bicubic);
            var crop = new ImagePreprocessor(preprocessing).Crop8(image, Crops.Center)[0];
            return crop.Pixels.Span.SequenceEqual(Part(whole, (size.Width - edge) / 2, (size.Height - edge) / 2, edge));
        }, iter: 100);

    [Theory, InlineData(nameof(ResampleFilter.Nearest)), InlineData(nameof(ResampleFilter.Lanczos)), InlineData(nameof(ResampleFilter.Bilinear)), InlineData(nameof(ResampleFilter.Bicubic)), InlineData(nameof(ResampleFilter.Box)), InlineData(nameof(ResampleFilter.Hamming))]
    public void Crop8_ConstantImage_StaysConstant(string filter)
    {
        foreach (var (width, height) in ((int, int)[])[(1, 1), (7, 300), (100, 3)])
            Resize(MadeUpImage.Constant(width, height, 0, 255, 77), new PixelSize(31, 17), Enum.Parse<ResampleFilter>(filter)).Pixels.ToArray()
                .ShouldBe(MadeUpImage.Constant(31, 17, 0, 255, 77).Pixels.ToArray());
    }

    [Theory, InlineData(nameof(ResampleFilter.Nearest)), InlineData(nameof(ResampleFilter.Lanczos)), InlineData(nameof(ResampleFilter.Bicubic))]
    public void Crop8_SameSize_KeepsThePixels(string filter)
    {
        var image = MadeUpImage.Formula(33, 21);
        Resize(image, new PixelSize(33, 21), Enum.Parse<ResampleFilter>(filter)).Pixels.ToArray().ShouldBe(image.Pixels.ToArray());
    }

    [Fact]
    public void Crop8_ImageOfOneColumnAndMillionsOfRows_IsRefused()
    {
        var image = new RgbImage(new byte[3 * 20_000_000], 1, 20_000_000);
        var squashing = new ImagePreprocessor(new ImagePreprocessing { Resize = ResizeRule.Exact(new PixelSize(224, 224)), Crop = null });
        Should.Throw<LfaDataException>(() => squashing.Crop8(image, Crops.Center)).Message.ShouldContain("a side of the image has 20000000 pixels");
        var cropping = new ImagePreprocessor(new ImagePreprocessing());
        Should.Throw<LfaDataException>(() => cropping.Crop8(image, Crops.Five)).Message.ShouldContain("its sides are too unequal");
        cropping.Crop8(image, Crops.Center)[0].Pixels.ToArray().ShouldAllBe(level => level == 0);
    }

    [Theory, InlineData(nameof(ResampleFilter.Bicubic)), InlineData(nameof(ResampleFilter.Nearest))]
    public void Crop8_ImageOfOneRowAndMillionsOfColumns_TakesLittleMemory(string filter)
    {
        var pixels = new byte[3 * 20_000_000];
        pixels.AsSpan(pixels.Length / 2 - 30, 60).Fill(200); // twenty columns in the middle
        var image = new RgbImage(pixels, 20_000_000, 1);
        var cropping = new ImagePreprocessor(new ImagePreprocessing { Resize = ResizeRule.ShortestEdge(8), Crop = new PixelSize(8, 8), Filter = Enum.Parse<ResampleFilter>(filter) });
        var before = GC.GetAllocatedBytesForCurrentThread();
        cropping.Crop8(image, Crops.Center)[0].Pixels.ToArray().ShouldAllBe(level => level == 200);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static RgbImage Resize(RgbImage image, PixelSize target, ResampleFilter filter) =>
        new ImagePreprocessor(new ImagePreprocessing { Resize = ResizeRule.Exact(target), Crop = null, Filter = filter }).Crop8(image, Crops.Center)[0];

    private static byte[] Part(RgbImage image, int left, int top, int edge) =>
        [.. Enumerable.Range(top, edge).SelectMany(y => image.Pixels.Slice(3 * (y * image.Width + left), 3 * edge).ToArray())];

    // One pixel after another, with no more than the definition: two passes, weights of 22 bits, rounded after each.
    private static byte[] PlainResize(RgbImage image, PixelSize target, ResampleFilter filter)
    {
        var pixels = image.Pixels.ToArray();
        byte At(int x, int y, int channel) => pixels[3 * (y * image.Width + x) + channel];
        var across = PlainPass(image.Width, target.Width, filter, image.Height, At);
        return PlainPass(image.Height, target.Height, filter, target.Width, (y, x, channel) => across[3 * (y * target.Width + x) + channel], isVertical: true);
    }

    private static byte[] PlainPass(int size, int newSize, ResampleFilter filter, int lines, Func<int, int, int, byte> at, bool isVertical = false)
    {
        var result = new byte[3 * newSize * lines];
        for (var i = 0; i < newSize; i++)
        {
            var weights = PlainWeights(size, newSize, filter, i);
            for (var line = 0; line < lines; line++)
                for (var channel = 0; channel < 3; channel++)
                {
                    var sum = weights.Sum(weight => (long)weight.Value * at(weight.Pixel, line, channel));
                    result[3 * (isVertical ? i * lines + line : line * newSize + i) + channel] = (byte)Math.Clamp((sum + (1 << 21)) >> 22, 0, 255);
                }
        }
        return result;
    }

    private static (int Pixel, int Value)[] PlainWeights(int size, int newSize, ResampleFilter filter, int i)
    {
        if (size == newSize)
            return [(i, 1 << 22)];
        var (support, shape) = PlainFilter(filter);
        var scale = (double)size / newSize;
        var widening = Math.Max(scale, 1.0);
        var (center, narrowing) = ((i + 0.5) * scale, 1 / widening);
        var from = Math.Max((int)(center - support * widening + 0.5), 0);
        var to = Math.Min((int)(center + support * widening + 0.5), size);
        var exact = Enumerable.Range(from, to - from).Select(pixel => shape((pixel - center + 0.5) * narrowing)).ToArray();
        var sum = exact.Aggregate(0.0, (a, b) => a + b);
        return [.. exact.Index().Select(weight => (from + weight.Index, (int)Math.Round(weight.Item / sum * (1 << 22), MidpointRounding.AwayFromZero)))];
    }

    private static (double Support, Func<double, double> Shape) PlainFilter(ResampleFilter filter)
    {
        static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
        return filter switch
        {
            ResampleFilter.Box => (0.5, x => x > -0.5 && x <= 0.5 ? 1 : 0),
            ResampleFilter.Bilinear => (1, x => Math.Abs(x) < 1 ? 1 - Math.Abs(x) : 0),
            ResampleFilter.Hamming => (1, x => Math.Abs(x) < 1 ? Sinc(x) * (0.54 + 0.46 * Math.Cos(Math.PI * x)) : 0),
            ResampleFilter.Lanczos => (3, x => Math.Abs(x) < 3 ? Sinc(x) * Sinc(x / 3) : 0),
            _ => (2, x => Math.Abs(x) is var d && d < 1 ? (1.5 * d - 2.5) * d * d + 1 : d < 2 ? -0.5 * (((d - 5) * d + 8) * d - 4) : 0),
        };
    }
}
