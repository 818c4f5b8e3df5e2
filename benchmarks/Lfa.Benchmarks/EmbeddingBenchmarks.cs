using BenchmarkDotNet.Attributes;
using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Models;
using Microsoft.ML.OnnxRuntime;

namespace Lfa.Benchmarks;

/// <summary>
/// Images from files to embeddings, beside the runtime alone on tensors that are ready, for a model of the shape of
/// ViT-B/32. The folder of the model, which tools/random-vit makes, is named by LFA_RANDOM_VIT.
/// </summary>
public class EmbeddingBenchmarks : IDisposable
{
    private const int Images = 64;
    private const int Batch = 32;
    private const int Side = 224;

    private DirectoryInfo _folder = null!;
    private ImageDataset _dataset = null!;
    private DatasetEncoder _encoder = null!;
    private InferenceSession _session = null!;
    private OrtValue _ready = null!;

    /// <summary>Gets or sets the size of the images: small ones cost the runtime next to nothing beside its own work.</summary>
    [Params("256 × 256", "1024 × 768")]
    public string Size { get; set; } = "";

    /// <summary>Gets or sets the threads of the runtime: with 1 of two, a core is free to decode.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var model = ModelFolder.Open(Environment.GetEnvironmentVariable("LFA_RANDOM_VIT")
            ?? throw new InvalidOperationException("Set LFA_RANDOM_VIT to the folder that tools/random-vit/make.py wrote."));
        _folder = Directory.CreateTempSubdirectory("lfa-benchmark");
        var (width, height) = Size.StartsWith("256", StringComparison.Ordinal) ? (256, 256) : (1024, 768);
        for (var i = 0; i < Images; i++)
            File.WriteAllBytes(Path.Combine(_folder.FullName, $"{i:000}.jpg"), MadeUpPhotograph.Jpeg(width, height, seed: i));
        _dataset = ImageDataset.FromFolder(_folder.FullName);
        _encoder = DatasetEncoder.Open(model, new DatasetEncoderOptions { CacheFolder = null, Encoder = new EncoderOptions { MaxDegreeOfParallelism = Threads, BatchSize = Batch } });
        using var options = new SessionOptions { IntraOpNumThreads = Threads };
        _session = new InferenceSession(model.VisionGraph, options);
        _ready = OrtValue.CreateTensorValueFromMemory(new float[Batch * 3 * Side * Side], [Batch, 3, Side, Side]);
        Embed();
    }

    [Benchmark(Baseline = true)]
    public void RuntimeAlone()
    {
        using var options = new RunOptions();
        for (var done = 0; done < Images; done += Batch)
            _session.Run(options, new Dictionary<string, OrtValue> { ["pixel_values"] = _ready }, ["image_embeds"]).Dispose();
    }

    [Benchmark]
    public int Embed() => _encoder.EncodeBatchesAsync(_dataset.Items).ToBlockingEnumerable().Sum(batch => batch.Items.Count);

    [GlobalCleanup]
    public void Dispose()
    {
        _encoder.Dispose();
        _session.Dispose();
        _ready.Dispose();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
