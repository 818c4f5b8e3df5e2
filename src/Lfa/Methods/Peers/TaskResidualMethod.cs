using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Methods;

/// <summary>
/// Learns a residual of each class prototype: argmin over R of the mean of −log softmax(100·cos(x, y_c + α·r_c))_ℓ, α = 0.5.
/// </summary>
/// <remarks>
/// Adam from R = 0, learning rate 2e-3 along a cosine, 100 epochs up to four shots and 200 above. Differs from the published code:
/// <list type="number">
/// <item>A step takes all images, so an epoch is one step; the published batches have 256 images, and ImageNet a rate of 2e-4.</item>
/// <item>The images are given features, not random crops; the first epoch is no warm-up.</item>
/// </list>
/// </remarks>
public sealed record TaskResidualMethod : IMethod
{
    /// <inheritdoc/>
    public string Name => "task-residual";

    /// <inheritdoc/>
    public string Source => "T. Yu et al., \"Task residual for tuning vision-language models\", CVPR 2023";

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
        var prototypes = PrototypeResidual.Learn(set, isShared: false, Weight, threads, context.CancellationToken);
        return this.ToFit(task, context, PrototypeLoss.ToScorer(prototypes, set), clock, [new("weight", Weight, ValueOrigin.Given) { Symbol = "α" }]);
    }

    /// <summary>Learns the prototypes alone.</summary>
    /// <param name="task">The labeled images, n × d, and the class prototypes, C × d, rows of unit length; at least one image of each class.</param>
    /// <param name="context">The threads, and the cancellation, checked before each step. Default: all processors.</param>
    /// <returns>The learned prototypes Y′, C × d, rows of unit length.</returns>
    /// <exception cref="LfaDataException">The images have no labels, or a class has no example.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public Matrix LearnPrototypes(FeatureSet task, FitContext? context = null) =>
        PrototypeResidual.LearnUnit(new FitTask(task).Require(this), isShared: false, Weight, context ?? new FitContext());
}
