using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Selection;

namespace Lfa.Baselines;

/// <summary>Classifies by the nearest class mean: logits cos(x, μ_c) / τ, μ_c the mean of the labeled images of class c.</summary>
/// <remarks>
/// Differs from the publication:
/// <list type="number">
/// <item>The means are of given features; nothing is trained.</item>
/// <item>The distance is the cosine, as everywhere in CLIP's space, not the Euclidean one.</item>
/// <item>τ is fitted on held-out images; 0.01 where most classes have one image only.</item>
/// </list>
/// </remarks>
public sealed class NearestMean : IBaseline
{
    /// <inheritdoc/>
    public string Name => "nearest-mean";

    /// <inheritdoc/>
    public string Source => "J. Snell, K. Swersky, R. Zemel, \"Prototypical networks for few-shot learning\", NIPS 2017";

    /// <inheritdoc/>
    public BaselineFit Fit(FeatureSet task, int seed = 1, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.ThrowIfNotTrainable();
        threads = Threads.Resolve(threads);
        var choice = FoldChoice.Of(task, [1], (training, held) =>
        {
            var means = Means(training, scale: 1);
            return _ => new Matrix(Scores.Cosines(held, means, threads), held.Rows, means.Rows);
        }, seed, cancellationToken);
        var temperature = choice?.Temperature ?? LfaClassifier.DefaultTemperature;
        return new BaselineFit(new LinearClassifier(Means(task, 1 / temperature)),
            choice is null ? Invariant($"temperature {temperature} by default: {FoldChoice.NoFolds}") : Invariant($"temperature {temperature:G2}"));
    }

    /// <summary>Computes the mean of each class, scaled to a length, C × d.</summary>
    private static Matrix Means(FeatureSet task, double scale)
    {
        var means = Array.ConvertAll(CrossProducts.ClassSums(task.ImageFeatures, task.Labels.Span, task.ClassCount), sum => (float)sum);
        Matrix.NormalizeRows(means, task.Dimension);
        TensorPrimitives.Multiply(means, (float)scale, means);
        return new Matrix(means, task.ClassCount, task.Dimension);
    }
}
