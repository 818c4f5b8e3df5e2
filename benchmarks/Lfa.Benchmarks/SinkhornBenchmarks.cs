using BenchmarkDotNet.Attributes;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Transport;

namespace Lfa.Benchmarks;

/// <summary>One pass of Sinkhorn's iteration, beside the product of images and prototypes that it cannot do without where scores are not kept.</summary>
[MemoryDiagnoser]
public class SinkhornBenchmarks
{
    private readonly MatrixProduct<float> _product = MatrixProducts.Single();
    private Matrix _images = null!;
    private Matrix _prototypes = null!;
    private ColumnMeans _kept = null!;
    private ColumnMeans _anew = null!;
    private double[] _potentials = [];
    private double[] _means = [];
    private float[] _scores = [];

    [Params(4_000, 100_000)]
    public int N { get; set; }

    [Params(512)]
    public int D { get; set; }

    [Params(1000)]
    public int C { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        (_images, _prototypes) = (RandomFeatures.Normal(N, D, 1).NormalizeRows(), RandomFeatures.Normal(C, D, 2).NormalizeRows());
        (_potentials, _means, _scores) = (new double[C], new double[C], new float[N * C]);
        _kept = new ColumnMeans(new ScoreBlocks(_images, _prototypes, Environment.ProcessorCount, long.MaxValue));
        _anew = new ColumnMeans(new ScoreBlocks(_images, _prototypes, Environment.ProcessorCount, mostKept: 0));
    }

    /// <summary>X·Yᵀ.</summary>
    [Benchmark(Baseline = true)]
    public void Product() => _product.Multiply(_images.AsOperand(), _prototypes.AsOperand().Transpose(), _scores, Environment.ProcessorCount);

    /// <summary>With scores kept, as up to 64 MB of them are.</summary>
    [Benchmark]
    public double PassOverKeptScores() => _kept.Compute(_potentials, 0.0025, _means);

    /// <summary>With scores computed anew, as for more of them.</summary>
    [Benchmark]
    public double PassOverImages() => _anew.Compute(_potentials, 0.0025, _means);
}
