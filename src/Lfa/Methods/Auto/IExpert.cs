using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>Defines a way to score images that <see cref="AutoMethod"/> tries and blends: a transform before the class prototypes, or a linear head of its own.</summary>
/// <remarks>Implementations are immutable and safe for use by several threads at once.</remarks>
public interface IExpert : INamed
{
    /// <summary>Gets the names of what one fit gives: the expert itself, or each of its checkpoints. Default: its own name.</summary>
    IReadOnlyList<string> Candidates => [Name];

    /// <summary>Gets whether it is a head: it scores by weights of its own for each class, and so knows no class without an image. Default: false.</summary>
    bool IsHead => false;

    /// <summary>Gets whether it needs to know how the images of a class scatter, so that half of the classes or more must have two images. Default: a head does.</summary>
    bool NeedsScatter => IsHead;

    /// <summary>Gets the iterations of one fit, by which progress counts. Default: 0.</summary>
    int Iterations => 0;

    /// <summary>Returns the part of a candidate in a blend that needs no fitting; those of the experts that take part are scaled to add up to 1. Default: 0.</summary>
    /// <param name="blend">The blend.</param>
    /// <param name="candidate">The candidate.</param>
    double PartIn(UnfittedBlend blend, string candidate) => 0;

    /// <summary>Gets whether it takes part where held-out images tell the weights; else in the fixed blends alone in which it has a part, and for the files that name it. Default: true.</summary>
    bool IsStacked => true;

    /// <summary>Fits the expert.</summary>
    /// <param name="task">The images.</param>
    /// <returns>What came out, one for each of <see cref="Candidates"/>, in their order.</returns>
    IReadOnlyList<FittedExpert> Fit(ExpertTask task);

    /// <summary>Fits the expert to sums over the images alone, as an update of a classifier needs it. Default: null, it needs the images.</summary>
    /// <param name="statistics">The sums.</param>
    /// <param name="prototypes">The class prototypes, C × d.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors.</param>
    /// <returns>The expert; null where it needs the images.</returns>
    FittedExpert? FitFromSums(ClassStatistics statistics, Matrix prototypes, int maxDegreeOfParallelism) => null;
}

/// <summary>What an expert is fitted to.</summary>
/// <param name="Aligned">The labeled images and the class prototypes in one space: as a projection maps them, where there is one.</param>
/// <param name="Images">The images as they are, for heads.</param>
/// <param name="Context">The seed, the threads and the cancellation.</param>
public sealed record ExpertTask(FeatureSet Aligned, FeatureSet Images, FitContext Context)
{
    /// <summary>Gets the temperature of the encoder.</summary>
    public double Temperature { get; init; } = Scorer.DefaultTemperature;
}
