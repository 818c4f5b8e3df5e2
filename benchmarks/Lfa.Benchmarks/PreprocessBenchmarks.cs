using BenchmarkDotNet.Attributes;
using Lfa.Encoders.Images;

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
        _encoded = MadeUpPhotograph.Jpeg(1024, 768);
        _image = ImageDecoder.Decode(_encoded);
        _numbers = new float[ImagePreprocessor.CropCount(Crops.FiveAndFlips) * _preprocessor.ValuesPerCrop];
    }

    [Benchmark]
    public object Decode() => ImageDecoder.Decode(_encoded);

    [Benchmark]
    public void Preprocess() => _preprocessor.Process(_image, Crops.Center, _numbers);

    [Benchmark]
    public void PreprocessFiveCropsAndFlips() => _preprocessor.Process(_image, Crops.FiveAndFlips, _numbers);

    [Benchmark(Baseline = true)]
    public void DecodeAndPreprocess() => _preprocessor.Process(ImageDecoder.Decode(_encoded), Crops.Center, _numbers);
}
