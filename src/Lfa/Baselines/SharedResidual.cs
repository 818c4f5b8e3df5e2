using Lfa.Data;

namespace Lfa.Baselines;

/// <summary>
/// Learns one residual for all class prototypes: argmin over r of the mean of −log softmax(100·cos(x, y_c + α·r))_ℓ, α = 0.5.
/// </summary>
/// <remarks>
/// What is left of a learned context that all classes share (CoOp's unified context) where the text encoder cannot be
/// differentiated, since there are features alone: to first order such a context moves all text features alike. The learner is
/// that of <see cref="TaskResidual"/>. Differs from the published method:
/// <list type="number">
/// <item>The residual is added to the text features; the published context is tokens before the class name.</item>
/// <item>All images take part in a step, as given features.</item>
/// </list>
/// </remarks>
public sealed class SharedResidual : IBaseline
{
    /// <inheritdoc/>
    public string Name => "shared-residual";

    /// <inheritdoc/>
    public string Source => "after K. Zhou, J. Yang, C. C. Loy, Z. Liu, \"Learning to prompt for vision-language models\", IJCV 130, 2022";

    /// <summary>Gets the weight α of the residual; 0 leaves zero-shot classification.</summary>
    internal double Weight { get; init; } = PrototypeResidual.DefaultWeight;

    /// <inheritdoc/>
    public BaselineFit Fit(FeatureSet task, int seed = 1, int threads = 0, CancellationToken cancellationToken = default) =>
        new(PrototypeLoss.ToClassifier(PrototypeResidual.Learn(task, isShared: true, Weight, threads, cancellationToken), task));

    /// <inheritdoc cref="TaskResidual.LearnPrototypes"/>
    public Matrix LearnPrototypes(FeatureSet task, int threads = 0, CancellationToken cancellationToken = default) =>
        PrototypeResidual.LearnUnit(task, isShared: true, Weight, threads, cancellationToken);
}
