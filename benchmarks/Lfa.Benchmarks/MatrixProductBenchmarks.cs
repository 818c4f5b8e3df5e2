using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using Lfa.Numerics;

namespace Lfa.Benchmarks;

/// <summary>The packed product beside OpenBLAS and a loop of dot products; GFLOP/s are 2·m·k·n divided by the time in nanoseconds.</summary>
public class MatrixProductBenchmarks
{
    private readonly MatrixProduct<float> _product = MatrixProducts.Single();
    private float[] _a = [];
    private float[] _b = [];
    private float[] _c = [];

    /// <summary>m × k · k × n; T marks a factor that is stored transposed.</summary>
    [Params("16000x512 · 512x512", "16000x512 · 512x1000T", "512x16000T · 16000x512", "4000x512 · 512x1000T", "32x512 · 512x100T")]
    public string Shape { get; set; } = "";

    private int M { get; set; }

    private int K { get; set; }

    private int N { get; set; }

    private bool TransposesLeft => Shape.Contains("T ·", StringComparison.Ordinal);

    private bool TransposesRight => Shape.EndsWith('T');

    [GlobalSetup]
    public void Setup()
    {
        var sizes = Shape.Replace("T", "", StringComparison.Ordinal).Replace(" · ", "x", StringComparison.Ordinal).Split('x').Select(int.Parse).ToArray();
        (M, K, N) = (sizes[0], sizes[1], sizes[3]);
        _a = RandomFeatures.Normal(M, K, 1).Values.ToArray();
        _b = RandomFeatures.Normal(K, N, 2).Values.ToArray();
        _c = new float[M * N];
    }

    [Benchmark(Baseline = true)]
    public void OpenBlasProduct()
    {
        if (!OpenBlas.IsAvailable)
            throw new InvalidOperationException("OpenBLAS is not installed; the package is libopenblas0-pthread on Debian.");
        OpenBlas.Multiply(_a, TransposesLeft, _b, TransposesRight, _c, M, K, N);
    }

    [Benchmark]
    public void Packed() => _product.Multiply(
        TransposesLeft ? new Operand<float>(_a, K, M).Transpose() : new(_a, M, K),
        TransposesRight ? new Operand<float>(_b, N, K).Transpose() : new(_b, K, N),
        _c, Environment.ProcessorCount);

    /// <summary>Reads both factors as if the inner dimension ran along their rows, its best case.</summary>
    [Benchmark]
    public void LoopOfDots() => Parallel.For(0, M, i =>
    {
        for (var j = 0; j < N; j++)
            _c[(i * N) + j] = TensorPrimitives.Dot(_a.AsSpan(i * K, K), _b.AsSpan(j * K, K));
    });
}
