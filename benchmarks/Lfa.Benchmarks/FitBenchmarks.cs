using BenchmarkDotNet.Attributes;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Validation;

namespace Lfa.Benchmarks;

/// <summary>The choice of β and the whole fit with the published settings, on the shapes of ImageNet with 4 shots and Caltech101 with 16.</summary>
[MemoryDiagnoser]
public class FitBenchmarks
{
    private FeatureSet _task = null!;

    [Params("ImageNet-1000, 4 shots, T = 50", "Caltech101-59, 16 shots, T = 100")]
    public string Case { get; set; } = "";

    private bool IsImageNet => Case.StartsWith("ImageNet", StringComparison.Ordinal);

    [GlobalSetup]
    public void Setup() => _task = IsImageNet ? RandomFeatures.Task(4000, 512, 1000) : RandomFeatures.Task(944, 512, 59);

    [Benchmark]
    public BetaSelection SelectBeta() => BetaCrossValidation.Select(_task);

    [Benchmark]
    public MethodFit Fit() => new LfaMethod().WithIterations(IsImageNet ? 50 : 100).Fit(_task);

    /// <summary>The automatic choice: folds, blend, guard and final fit.</summary>
    [Benchmark]
    public MethodFit Auto() => new AutoMethod().Fit(_task);
}
