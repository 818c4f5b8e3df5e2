using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Methods;

/// <summary>
/// Learns one residual for all class prototypes: argmin over r of the mean of −log softmax(100·cos(x, y_c + α·r))_ℓ, α = 0.5.
/// </summary>
/// <remarks>
/// What is left of a learned context that all classes share (CoOp's unified context) where the text encoder cannot be
/// differentiated, since there are features alone: to first order such a context moves all text features alike. The learner is
/// that of <see cref="TaskResidualMethod"/>. Differs from the published method:
/// <list type="number">
/// <item>The residual is added to the text features; the published context is tokens before the class name.</item>
/// <item>All images take part in a step, as given features.</item>
/// </list>
/// </remarks>
public sealed record SharedResidualMethod : IMethod
{
    /// <inheritdoc/>
    public string Name => "shared-residual";

    /// <inheritdoc/>
    public string Source => "after K. Zhou, J. Yang, C. C. Loy, Z. Liu, \"Learning to prompt for vision-language models\", IJCV 130, 2022";

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.Labels | MethodNeeds.TextFeatures;

    /// <summary>Gets the weight α of the residual; 0 leaves zero-shot classification.</summary>
    internal double Weight { get; init; } = PrototypeResidual.DefaultWeight;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var (clock, set) = (new FitClock(), task.Require(this));
        var threads = Threads.Resolve(context.MaxDegreeOfParallelism);
        var prototypes = PrototypeResidual.Learn(set, isShared: true, Weight, threads, context.CancellationToken);
        return this.ToFit(task, context, PrototypeLoss.ToScorer(prototypes, set), clock, [new("weight", Weight, ValueOrigin.Given) { Symbol = "α" }]);
    }

    /// <inheritdoc cref="TaskResidualMethod.LearnPrototypes"/>
    public Matrix LearnPrototypes(FeatureSet task, FitContext? context = null) =>
        PrototypeResidual.LearnUnit(new FitTask(task).Require(this), isShared: true, Weight, context ?? new FitContext());
}
