using BenchmarkDotNet.Attributes;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Refinement;

namespace Lfa.Benchmarks;

/// <summary>One iteration of the refinement on the whole batch, beside the three matrix products it cannot do without.</summary>
[MemoryDiagnoser]
public class RefinementStepBenchmarks
{
    private readonly MatrixProduct<float> _product = MatrixProducts.Single();
    private FeatureSet _task = null!;
    private RefinementLoop _plain = null!;
    private RefinementLoop _perturbed = null!;
    private float[] _projected = [];
    private float[] _scores = [];
    private float[] _gradient = [];

    [Params(4000)]
    public int N { get; set; }

    [Params(512)]
    public int D { get; set; }

    [Params(1000)]
    public int C { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _task = RandomFeatures.Task(N, D, C);
        var start = BetaProcrustes.Fit(_task, 0.9);
        _plain = new RefinementLoop(_task, start, new RefinementOptions { BatchFraction = 1, Noise = 0, Dropout = 0 }, seed: 1, threads: 0);
        _perturbed = new RefinementLoop(_task, start, new RefinementOptions { BatchFraction = 1 }, seed: 1, threads: 0);
        (_projected, _scores, _gradient) = (new float[N * D], new float[N * C], new float[D * D]);
    }

    /// <summary>X·W, Z·Yᵀ and Xᵀ·dZ.</summary>
    [Benchmark(Baseline = true)]
    public void ThreeProducts()
    {
        var threads = Environment.ProcessorCount;
        var (x, z) = (_task.ImageFeatures.AsOperand(), new Operand<float>(_projected, N, D));
        _product.Multiply(x, new(_plain.Transform, D, D), _projected, threads);
        _product.Multiply(z, _task.ClassPrototypes.AsOperand().Transpose(), _scores, threads);
        _product.Multiply(x.Transpose(), z, _gradient, threads);
    }

    [Benchmark]
    public double Step() => _plain.Step(0);

    /// <summary>With noise and dropout, each in half of the iterations: the mean over ten iterations.</summary>
    [Benchmark(OperationsPerInvoke = 10)]
    public double StepPerturbed()
    {
        var loss = 0.0;
        for (var iteration = 0; iteration < 10; iteration++)
            loss += _perturbed.Step(iteration);
        return loss;
    }
}
