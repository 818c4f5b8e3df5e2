using BenchmarkDotNet.Attributes;
using Lfa.Alignment;
using Lfa.Data;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Benchmarks;

/// <summary>The orthogonal fit, four images a class, beside a singular value decomposition in managed code.</summary>
public class ProcrustesBenchmarks
{
    private FeatureSet _task = null!;
    private Matrix<double> _cross = null!;

    [Params("512, 1000", "512, 400", "512, 100", "1024, 2000")]
    public string DimensionAndClasses { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var sizes = DimensionAndClasses.Split(", ").Select(int.Parse).ToArray();
        _task = RandomFeatures.Task(4 * sizes[1], sizes[0], sizes[1]);
        var sums = CrossProducts.ClassSums(_task.ImageFeatures, _task.Labels.Span, sizes[1]);
        _cross = Matrix<double>.Build.DenseOfRowMajor(sizes[0], sizes[0],
            CrossProducts.Of(sums, CrossProducts.ToDouble(_task.ClassPrototypes), sizes[1], Environment.ProcessorCount));
    }

    [Benchmark]
    public Transform Fit() => OrthogonalProcrustes.Fit(_task);

    [Benchmark(Baseline = true)]
    public Matrix<double> SingularValues()
    {
        var svd = _cross.Svd();
        return svd.U * svd.VT;
    }
}
