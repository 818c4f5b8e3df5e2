using Lfa.Classification;
using Lfa.Numerics;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>
/// Classifies by a vote of the k nearest labeled images: class c has the share of exp(cos(x, f) / 0.07) over those of the k
/// images f nearest to x by cosine that belong to it.
/// </summary>
/// <remarks>
/// Differs from the published code:
/// <list type="number">
/// <item>k is chosen by folds among 1, 3, 5, 10, 20 and 50 instead of being 200, which is more than few shots give; 1 where
/// most classes have one image only.</item>
/// <item>A vote without a neighbor is no probability of zero: every class has 10⁻³ / C of the whole beforehand, and the
/// logits, logarithms of the shares, are brought to the temperature of the folds.</item>
/// </list>
/// </remarks>
public sealed record NearestNeighborsMethod : IMethod
{
    private static readonly double[] Candidates = [1, 3, 5, 10, 20, 50];

    /// <inheritdoc/>
    public string Name => "k-nn";

    /// <inheritdoc/>
    public string Source => "Z. Wu, Y. Xiong, S. Yu, D. Lin, \"Unsupervised feature learning via non-parametric instance discrimination\", CVPR 2018, section 3.4";

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.Labels;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var (clock, set) = (new FitClock(), task.Require(this));
        var threads = Threads.Resolve(context.MaxDegreeOfParallelism);
        var choice = ParameterChoice.Of(set, Candidates, (training, held) =>
            k => new NeighborScorer(training.ImageFeatures, training.Labels, training.ClassCount, (int)k).Logits(held, threads), context);
        var (neighbors, temperature) = ((int)(choice?.Value ?? 1), choice?.Temperature ?? 1);
        var scorer = new NeighborScorer(set.ImageFeatures, set.Labels, set.ClassCount, neighbors, temperature);
        return this.ToFit(task, context, scorer, clock, [choice.ToChosen("neighbors", neighbors) with { Symbol = "k" }, choice.ToTemperature(temperature)]);
    }
}
