using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>
/// Adds the affinities to the labeled images to the zero-shot logits: 100·x·Yᵀ + α Σ_i exp(−b(1 − x·x_i)) e_{ℓ_i}, α = 1, b = 5.5.
/// </summary>
/// <remarks>
/// Differs from the published code:
/// <list type="number">
/// <item>α and b stay at their defaults; the published tables search them on labeled validation images.</item>
/// <item>The keys are the given features; the published ones are means over ten random crops of each image.</item>
/// </list>
/// </remarks>
public sealed record TipAdapterMethod : IMethod
{
    /// <summary>The published default of α, the weight of the cache.</summary>
    internal const double Weight = 1;

    /// <summary>The published default of b, how fast an affinity falls with distance.</summary>
    internal const double Sharpness = 5.5;

    /// <inheritdoc/>
    public string Name => "tip-adapter";

    /// <inheritdoc/>
    public string Source => "R. Zhang et al., \"Tip-Adapter: training-free adaption of CLIP for few-shot classification\", ECCV 2022";

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.Labels | MethodNeeds.TextFeatures;

    /// <summary>Makes the scorer of keys F: 100·x·Yᵀ + α Σ_j exp(−b(1 − x·f_j)) e_{ℓ_j}.</summary>
    internal static KernelScorer ToScorer(FeatureSet task, Matrix keys) => new(task.ClassPrototypes, Scores.Scale, keys, Sharpness, task.Labels, Weight);

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var (clock, set) = (new FitClock(), task.Require(this));
        return this.ToFit(task, context, ToScorer(set, set.ImageFeatures), clock, []);
    }
}
