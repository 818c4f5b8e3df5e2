using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Refinement;

namespace Lfa.Methods;

/// <summary>Zero-shot classification: no transform.</summary>
internal sealed class ZeroShotExpert : IExpert
{
    public string Name => FitStages.ZeroShot;

    public IReadOnlyList<FittedExpert> Fit(ExpertTask task) => [Identity(task.Aligned.Dimension)];

    public FittedExpert FitFromSums(ClassStatistics statistics, Matrix prototypes, int maxDegreeOfParallelism) => Identity(statistics.Dimension);

    private FittedExpert Identity(int dimension) => new(Name, Transform.Identity(dimension));
}

/// <summary>The orthogonal transform.</summary>
internal sealed class ProcrustesExpert : IExpert
{
    /// <summary>Its part where the weights cannot be fitted: a little beside re-ranking.</summary>
    public const double FixedPart = 0.1;

    public string Name => FitStages.Procrustes;

    public double FixedWeight(string candidate) => FixedPart;

    public IReadOnlyList<FittedExpert> Fit(ExpertTask task)
    {
        var sums = CrossProducts.ClassSums(task.Aligned.ImageFeatures, task.Aligned.Labels.Span, task.Aligned.ClassCount);
        return [new FittedExpert(Name, OrthogonalProcrustes.Fit(sums, task.Aligned.ClassPrototypes, task.Context.MaxDegreeOfParallelism))];
    }

    public FittedExpert FitFromSums(ClassStatistics statistics, Matrix prototypes, int maxDegreeOfParallelism) =>
        new(Name, OrthogonalProcrustes.Fit(statistics, prototypes, maxDegreeOfParallelism));
}

/// <summary>Checkpoints along a refinement of the identity.</summary>
internal sealed class RefinementExpert : IExpert
{
    // Paths of small batches: a step on a quarter of the images gains nearly as much as one on all of them.
    private const int BatchShare = 4;
    private const int SmallestBatch = 64;
    private const int LargestBatch = 1024;
    // The checkpoint that stands for a path where the weights cannot be fitted.
    private const int FixedCheckpoint = 25;
    private static readonly int[] Checkpoints = [12, 25, 50];

    private readonly Func<double, RefinementOptions> _options;
    private readonly double _fixedPart;

    private RefinementExpert(string name, double fixedPart, Func<double, RefinementOptions> options) => (Name, _fixedPart, _options) = (name, fixedPart, options);

    /// <summary>Gets the path by cross-entropy at the temperature of the encoder, without noise.</summary>
    public static RefinementExpert CrossEntropy { get; } = new("cross-entropy", 0, temperature => new() { Loss = new ContrastiveLoss(temperature, usesUnitRows: true), Noise = 0, Dropout = 0 });

    /// <summary>Gets the path by re-ranking, as published.</summary>
    public static RefinementExpert Reranking { get; } = new("re-ranking", 1 - ProcrustesExpert.FixedPart, _ => new());

    public string Name { get; }

    public IReadOnlyList<string> Candidates => [.. Checkpoints.Select(CandidateName)];

    public int Iterations => Checkpoints[^1];

    public double FixedWeight(string candidate) => candidate == CandidateName(FixedCheckpoint) ? _fixedPart : 0;

    public IReadOnlyList<FittedExpert> Fit(ExpertTask task)
    {
        var set = task.Aligned;
        var batch = Math.Clamp(set.SampleCount / BatchShare, SmallestBatch, LargestBatch);
        var options = _options(task.Temperature) with { Iterations = Iterations, BatchRows = batch };
        var loop = new RefinementLoop(set, Transform.Identity(set.Dimension), options, task.Context.Seed, task.Context.MaxDegreeOfParallelism);
        var experts = new List<FittedExpert>();
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            task.Context.CancellationToken.ThrowIfCancellationRequested();
            loop.Step(iteration);
            if (Checkpoints.Contains(iteration + 1))
                experts.Add(new(CandidateName(iteration + 1), new Transform(new Matrix((float[])loop.Transform.Clone(), set.Dimension, set.Dimension))));
        }
        return experts;
    }

    private string CandidateName(int iterations) => Invariant($"{Name}, {iterations} iterations");
}

/// <summary>Gaussian classes of one covariance, which need to know how the images of a class scatter.</summary>
internal sealed class GaussianExpert : IExpert
{
    public string Name => "gaussian";

    public bool IsHead => true;

    public IReadOnlyList<FittedExpert> Fit(ExpertTask task) => [Fit(ClassStatistics.FromTask(task.Images, task.Context.MaxDegreeOfParallelism), task.Context.MaxDegreeOfParallelism)];

    public FittedExpert FitFromSums(ClassStatistics statistics, Matrix prototypes, int maxDegreeOfParallelism) => Fit(statistics, maxDegreeOfParallelism);

    // In units that do not change as images join: the published Σ⁻¹ falls with their number.
    private FittedExpert Fit(ClassStatistics statistics, int threads)
    {
        var classes = statistics.ClassCount - statistics.Counts.Span.Count(0);
        return new FittedExpert(Name, SharedCovarianceGaussian.Fit(statistics, Numerics.Threads.Resolve(threads)).Times(Math.Max(1, statistics.SampleCount - classes)));
    }
}
