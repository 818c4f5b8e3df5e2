using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Baselines;

/// <summary>Classifies by the class names alone: logits 100·X·Yᵀ.</summary>
/// <remarks>The labeled images take no part.</remarks>
public sealed class ZeroShot : IBaseline
{
    /// <inheritdoc/>
    public string Name => "zero-shot";

    /// <inheritdoc/>
    public string Source => "A. Radford et al., \"Learning transferable visual models from natural language supervision\", ICML 2021";

    /// <inheritdoc/>
    public BaselineFit Fit(FeatureSet task, int seed = 1, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.ThrowIfTwoSpaces(Name);
        var weights = task.ClassPrototypes.Values.ToArray();
        TensorPrimitives.Multiply(weights, Scores.Scale, weights);
        return new BaselineFit(new LinearClassifier(new Matrix(weights, task.ClassCount, task.Dimension)));
    }
}
