using BenchmarkDotNet.Attributes;
using Lfa.Encoders.Images;
using NetVips;

namespace Lfa.Benchmarks;

/// <summary>A made-up photograph of 1024 × 768 as JPEG, from bytes to the numbers of CLIP, on one thread.</summary>
public class PreprocessBenchmarks
{
    private readonly ImagePreprocessor _preprocessor = new(new ImagePreprocessing());
    private byte[] _encoded = null!;
    private RgbImage _image = null!;
    private float[] _numbers = null!;

    [GlobalSetup]
    public void Setup()
    {
        _encoded = Photograph(1024, 768);
        _image = ImageDecoder.Decode(_encoded);
        _numbers = new float[ImagePreprocessor.CountOf(Crops.FiveAndFlips) * _preprocessor.ValuesPerCrop];
    }

    [Benchmark]
    public RgbImage Decode() => ImageDecoder.Decode(_encoded);

    [Benchmark]
    public void Preprocess() => _preprocessor.Process(_image, Crops.Centre, _numbers);

    [Benchmark]
    public void PreprocessFiveCropsAndFlips() => _preprocessor.Process(_image, Crops.FiveAndFlips, _numbers);

    [Benchmark(Baseline = true)]
    public void DecodeAndPreprocess() => _preprocessor.Process(ImageDecoder.Decode(_encoded), Crops.Centre, _numbers);

    // Soft tones with the grain of a camera: about 250 kB.
    private static byte[] Photograph(int width, int height)
    {
        using var tones = Image.Perlin(width, height, cellSize: 96, seed: 1);
        using var grain = Image.Gaussnoise(width, height, sigma: 5, mean: 128, seed: 2);
        using var colours = tones.Bandjoin(tones.FlipHor(), tones.FlipVer());
        using var photograph = (colours * 90 + grain).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        return photograph.JpegsaveBuffer(q: 90);
    }
}
