using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Refinement;

namespace Lfa.Selection;

/// <summary>
/// Fits all the ways to score among which <see cref="AutoSelector"/> blends: zero-shot, the orthogonal transform, checkpoints
/// along two refinements of the identity, by cross-entropy and by re-ranking, and the shared-covariance Gaussian.
/// </summary>
internal sealed class ExpertPool
{
    /// <summary>The position of zero-shot classification.</summary>
    public const int ZeroShot = 0;

    /// <summary>The position of the orthogonal transform.</summary>
    public const int Procrustes = 1;

    // Paths of small batches: a step on a quarter of the images gains nearly as much as one on all of them.
    private const int BatchShare = 4;
    private const int SmallestBatch = 64;
    private const int LargestBatch = 1024;
    private static readonly int[] Checkpoints = [12, 25, 50];

    // Where the weights cannot be fitted: mostly re-ranking, a little of the orthogonal transform.
    private const double FixedProcrustes = 0.1;
    private const int FixedCheckpoint = 25;

    private readonly LfaOptions _options;
    private readonly bool _hasScatter;

    /// <summary>Prepares the pool.</summary>
    /// <param name="options">The seed, and the temperature of the encoder.</param>
    /// <param name="origin">What the features say without a transform, such as "zero-shot".</param>
    /// <param name="hasScatter">Whether enough images have others of their class that the scatter within classes is known, which the Gaussian needs.</param>
    public ExpertPool(LfaOptions options, string origin, bool hasScatter)
    {
        (_options, _hasScatter) = (options, hasScatter);
        Names = [origin, "procrustes", .. PathNames("cross-entropy"), .. PathNames("re-ranking"), .. hasScatter ? ["gaussian"] : Array.Empty<string>()];
    }

    /// <summary>Gets what the experts are, in their order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Gets the number of experts.</summary>
    public int Count => Names.Count;

    /// <summary>Gets the iterations of one <see cref="Fit"/>.</summary>
    public static int Iterations => 2 * Checkpoints[^1];

    /// <summary>Gets the weights of a blend that helped, or did no harm, on many tasks with one example a class.</summary>
    public IEnumerable<double> FixedDirection => Names.Select((name, e) =>
        e == Procrustes ? FixedProcrustes : name == PathName("re-ranking", FixedCheckpoint) ? 1 - FixedProcrustes : 0);

    /// <summary>Fits the experts, always in the same order.</summary>
    /// <param name="task">The task; across a bridge, its sides as mapped.</param>
    /// <param name="unmapped">The images for the head.</param>
    /// <param name="threads">The number of threads at most.</param>
    /// <param name="cancellationToken">Checked before each iteration.</param>
    public Expert[] Fit(FeatureSet task, FeatureSet unmapped, int threads, CancellationToken cancellationToken)
    {
        var sums = CrossProducts.ClassSums(task.ImageFeatures, task.Labels.Span, task.ClassCount);
        var experts = new List<Expert>
        {
            new(Transform.Identity(task.Dimension)),
            new(OrthogonalProcrustes.Fit(sums, task.ClassPrototypes, threads)),
        };
        // Cross-entropy without noise, re-ranking as published.
        AddPath(experts, task, new() { Loss = new ContrastiveLoss(_options.Temperature, usesUnitRows: true), Noise = 0, Dropout = 0 }, threads, cancellationToken);
        AddPath(experts, task, new(), threads, cancellationToken);
        if (_hasScatter)
            experts.Add(new(null, Gaussian(ClassStatistics.Of(unmapped, threads), threads)));
        return [.. experts];
    }

    /// <summary>Fits the head of Gaussian classes, in units that do not change as images join: the published Σ⁻¹ falls with their number.</summary>
    public static LinearClassifier Gaussian(ClassStatistics statistics, int threads)
    {
        var classes = statistics.ClassCount - statistics.Counts.Span.Count(0);
        return SharedCovarianceGaussian.Fit(statistics, threads).Times(Math.Max(1, statistics.SampleCount - classes));
    }

    private void AddPath(List<Expert> experts, FeatureSet task, RefinementOptions options, int threads, CancellationToken cancellationToken)
    {
        var batch = Math.Clamp(task.SampleCount / BatchShare, SmallestBatch, LargestBatch);
        var loop = new RefinementLoop(task, Transform.Identity(task.Dimension), options with { Iterations = Checkpoints[^1], BatchRows = batch }, _options.Seed, threads);
        for (var iteration = 0; iteration < Checkpoints[^1]; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            loop.Step(iteration);
            if (Checkpoints.Contains(iteration + 1))
                experts.Add(new(ToTransform(loop.Transform, task.Dimension)));
        }
    }

    private static IEnumerable<string> PathNames(string loss) => Checkpoints.Select(iterations => PathName(loss, iterations));

    private static string PathName(string loss, int iterations) => Invariant($"{loss}, {iterations} iterations");

    private static Transform ToTransform(float[] values, int dimension) => new(new Matrix((float[])values.Clone(), dimension, dimension));
}
