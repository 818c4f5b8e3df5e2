using BenchmarkDotNet.Attributes;
using Lfa.Data;
using Lfa.Model;
using Lfa.Numerics;

namespace Lfa.Benchmarks;

/// <summary>The logits of many images, beside the two matrix products they cannot do without: at most 1.15 times these.</summary>
[MemoryDiagnoser]
public class BatchPredictionBenchmarks
{
    private readonly MatrixProduct<float> _product = MatrixProducts.Single();
    private LfaModel _model = null!;
    private Matrix _images = null!;
    private Matrix _transform = null!;
    private Matrix _prototypes = null!;
    private float[] _projected = [];
    private float[] _scores = [];

    [Params(1024)]
    public int N { get; set; }

    [Params(512)]
    public int D { get; set; }

    [Params(1000)]
    public int C { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _model = RandomFeatures.Model(D, C);
        _images = RandomFeatures.Normal(N, D, 3);
        (_transform, _prototypes) = (_model.Aligned!.Transform.Matrix, _model.ClassPrototypes!);
        (_projected, _scores) = (new float[N * D], new float[N * C]);
    }

    /// <summary>X·W and Z·Yᵀ.</summary>
    [Benchmark(Baseline = true)]
    public void TwoProducts()
    {
        _product.Multiply(_images.AsOperand(), _transform.AsOperand(), _projected, Environment.ProcessorCount);
        _product.Multiply(new Operand<float>(_projected, N, D), _prototypes.AsOperand().Transpose(), _scores, Environment.ProcessorCount);
    }

    [Benchmark]
    public Matrix Logits() => _model.Logits(_images);
}
