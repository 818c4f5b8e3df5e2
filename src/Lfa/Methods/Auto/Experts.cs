using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Refinement;

namespace Lfa.Methods;

/// <summary>Zero-shot classification: no transform.</summary>
internal sealed class ZeroShotExpert : IExpert
{
    public string Name => FitStages.ZeroShot;

    public double PartIn(UnfittedBlend blend, string candidate) => blend == UnfittedBlend.FewExamples ? 0.1 : 0;

    public IReadOnlyList<FittedExpert> Fit(ExpertTask task) => [Identity(task.Aligned.Dimension)];

    public FittedExpert FitFromSums(ClassStatistics statistics, Matrix prototypes, int maxDegreeOfParallelism) => Identity(statistics.Dimension);

    private FittedExpert Identity(int dimension) => new(Name, Transform.Identity(dimension));
}

/// <summary>The orthogonal transform.</summary>
internal sealed class ProcrustesExpert : IExpert
{
    public string Name => FitStages.Procrustes;

    public double PartIn(UnfittedBlend blend, string candidate) => blend == UnfittedBlend.NewClasses ? 0.1 : 0;

    public IReadOnlyList<FittedExpert> Fit(ExpertTask task)
    {
        var sums = CrossProducts.ClassSums(task.Aligned.ImageFeatures, task.Aligned.Labels.Span, task.Aligned.ClassCount);
        return [new FittedExpert(Name, OrthogonalProcrustes.Fit(sums, task.Aligned.ClassPrototypes, Numerics.Threads.Resolve(task.Context.MaxDegreeOfParallelism)))];
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
    private readonly Func<double, RefinementOptions> _options;
    private readonly int[] _checkpoints;

    private RefinementExpert(string name, int[] checkpoints, Func<double, RefinementOptions> options) => (Name, _checkpoints, _options) = (name, checkpoints, options);

    /// <summary>Gets the path by cross-entropy at the temperature of the encoder, without noise.</summary>
    public static RefinementExpert CrossEntropy { get; } = new("cross-entropy", [12, 25, 50], temperature => new() { Loss = new ContrastiveLoss(temperature, usesUnitRows: true), Noise = 0, Dropout = 0 });

    /// <summary>Gets the path by re-ranking, as published.</summary>
    public static RefinementExpert Reranking { get; } = new("re-ranking", [12, 25, 50], _ => new()) { Parts = [(UnfittedBlend.NewClasses, 25, 0.9), (UnfittedBlend.OneExample, 50, 0.4), (UnfittedBlend.FewExamples, 50, 0.5)] };

    /// <summary>Gets the path by re-ranking of twice the length, which goes further from names that say little.</summary>
    public static RefinementExpert LongReranking { get; } = new("long re-ranking", [100], _ => new()) { Parts = [(UnfittedBlend.OneExample, 100, 0.4)], IsStacked = false };

    public string Name { get; }

    public bool IsStacked { get; private init; } = true;

    public IReadOnlyList<string> Candidates => [.. _checkpoints.Select(CandidateName)];

    public int Iterations => _checkpoints[^1];

    private (UnfittedBlend Blend, int Iterations, double Part)[] Parts { get; init; } = [];

    public double PartIn(UnfittedBlend blend, string candidate) => Parts.FirstOrDefault(part => part.Blend == blend && CandidateName(part.Iterations) == candidate).Part;

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
            if (_checkpoints.Contains(iteration + 1))
                experts.Add(new(CandidateName(iteration + 1), new Transform(new Matrix((float[])loop.Transform.Clone(), set.Dimension, set.Dimension))));
        }
        return experts;
    }

    private string CandidateName(int iterations) => Invariant($"{Name}, {iterations} iterations");
}

/// <summary>Gaussian classes of one covariance, whose place <see cref="ShrunkMeansExpert"/> takes: former files name it.</summary>
internal sealed class GaussianExpert : IExpert
{
    public string Name => "gaussian";

    public bool IsHead => true;

    public bool IsStacked => false;

    public IReadOnlyList<FittedExpert> Fit(ExpertTask task) => [Fit(ClassStatistics.FromTask(task.Images, task.Context.MaxDegreeOfParallelism), task.Context.MaxDegreeOfParallelism)];

    public FittedExpert FitFromSums(ClassStatistics statistics, Matrix prototypes, int maxDegreeOfParallelism) => Fit(statistics, maxDegreeOfParallelism);

    // In units that do not change as images join: the published Σ⁻¹ falls with their number.
    private FittedExpert Fit(ClassStatistics statistics, int threads)
    {
        var classes = statistics.ClassCount - statistics.Counts.Span.Count(0);
        return new FittedExpert(Name, SharedCovarianceGaussian.Fit(statistics, Numerics.Threads.Resolve(threads)).Times(Math.Max(1, statistics.SampleCount - classes)));
    }
}

/// <summary>Gaussian classes whose means are drawn to where their names predict them: one image a class is enough.</summary>
internal sealed class ShrunkMeansExpert : IExpert
{
    public string Name => "shrunk-means";

    public bool IsHead => true;

    public bool NeedsScatter => false;

    public double PartIn(UnfittedBlend blend, string candidate) => blend switch { UnfittedBlend.OneExample => 0.2, UnfittedBlend.FewExamples => 0.4, _ => 0 };

    public IReadOnlyList<FittedExpert> Fit(ExpertTask task) =>
        [FitFromSums(ClassStatistics.FromTask(task.Images, task.Context.MaxDegreeOfParallelism), task.Aligned.ClassPrototypes, task.Context.MaxDegreeOfParallelism)];

    public FittedExpert FitFromSums(ClassStatistics statistics, Matrix prototypes, int maxDegreeOfParallelism) =>
        new(Name, ShrunkMeansGaussian.Fit(statistics, prototypes, Numerics.Threads.Resolve(maxDegreeOfParallelism)));
}

/// <summary>A linear probe: logistic regression on the features, all classes counting alike. Names have no part in it.</summary>
internal sealed class ProbeExpert : IExpert
{
    private const double Cost = 30;
    // Held-out losses hardly fall after these.
    private const int MostIterations = 15;
    private const double Tolerance = 1e-4;

    public string Name => "linear-probe";

    public bool IsHead => true;

    public bool NeedsScatter => false;

    public IReadOnlyList<FittedExpert> Fit(ExpertTask task) =>
        [new FittedExpert(Name, new LogisticRegression(task.Images, Numerics.Threads.Resolve(task.Context.MaxDegreeOfParallelism), task.Context.CancellationToken, isBalanced: true).Solve(Cost, MostIterations, Tolerance, temperature: 1))];
}
