using BenchmarkDotNet.Attributes;
using Lfa.Classification;
using Lfa.Model;

namespace Lfa.Benchmarks;

/// <summary>The class of one image, into the caller's memory on one thread, as a server asks for it: at most 0.15 ms, and no byte allocated.</summary>
[MemoryDiagnoser]
public class PredictionBenchmarks
{
    private LfaModel _model = null!;
    private float[] _embedding = [];
    private float[] _probabilities = [];

    [Params(512)]
    public int D { get; set; }

    [Params(1000)]
    public int C { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _model = RandomFeatures.Model(D, C);
        _embedding = RandomFeatures.Normal(1, D, 3).Values.ToArray();
        _probabilities = new float[C];
    }

    /// <summary>Normalized, transformed, scored and turned into probabilities.</summary>
    [Benchmark]
    public ClassProbability OneImage() => _model.Predict(_embedding, _probabilities);
}
