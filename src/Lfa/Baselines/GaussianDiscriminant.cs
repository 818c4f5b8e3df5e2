using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Selection;

namespace Lfa.Baselines;

/// <summary>
/// Adds the discriminant of Gaussian classes with one covariance to the zero-shot logits:
/// logits 100·x·y_c + weight · (w_c·x + b_c), w_c = Σ⁻¹μ_c, b_c = −½ μ_c·Σ⁻¹μ_c.
/// </summary>
/// <remarks>
/// The covariance Σ of the images about the means of their classes is shrunk (T. Kubokawa, M. S. Srivastava, 2008):
/// Σ⁻¹ = d · ((n − 1)Σ + tr(Σ)·I)⁻¹. Differs from the published code:
/// <list type="number">
/// <item>The weight is chosen by folds of the training set among 0 and 1e-4 … 100, by log-loss, not by the accuracy on
/// further labeled images; 0.01 where most classes have one image only.</item>
/// <item>Where no class has two images their deviations from the class means vanish; then Σ is taken about the mean of all.</item>
/// <item>Means and images are centered on the mean of all images: the same up to a constant a row, of smaller terms.</item>
/// <item>A Cholesky factor takes the place of the pseudo-inverse.</item>
/// </list>
/// </remarks>
public sealed class GaussianDiscriminant : IBaseline
{
    private const double DefaultWeight = 0.01;

    private static readonly double[] Candidates = [0, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100];

    /// <inheritdoc/>
    public string Name => "gaussian";

    /// <inheritdoc/>
    public string Source => "Z. Wang et al., \"A hard-to-beat baseline for training-free CLIP-based adaptation\", ICLR 2024";

    /// <inheritdoc/>
    public BaselineFit Fit(FeatureSet task, int seed = 1, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.ThrowIfNotTrainable();
        task.ThrowIfTwoSpaces(Name);
        threads = Threads.Resolve(threads);
        var choice = FoldChoice.Of(task, Candidates, (training, held) =>
        {
            var zeroShot = Scores.ZeroShot(held, task.ClassPrototypes, threads);
            var discriminant = Discriminant(training, threads).Logits(held, threads);
            return weight => Blend(zeroShot, discriminant, (float)weight);
        }, seed, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var weight = choice?.Value ?? DefaultWeight;
        return new BaselineFit(Blend(task, Discriminant(task, threads), weight, choice?.Temperature ?? 1),
            choice is null ? Invariant($"weight {weight} by default: {FoldChoice.NoFolds}") : Invariant($"weight {weight}"));
    }

    private static LinearClassifier Discriminant(FeatureSet task, int threads) => SharedCovarianceGaussian.Fit(ClassStatistics.Of(task, threads), threads);

    private static Matrix Blend(float[] zeroShot, Matrix discriminant, float weight)
    {
        var logits = new float[zeroShot.Length];
        TensorPrimitives.MultiplyAdd(discriminant.Values.Span, weight, zeroShot, logits);
        return new Matrix(logits, discriminant.Rows, discriminant.Columns);
    }

    private static LinearClassifier Blend(FeatureSet task, LinearClassifier discriminant, double weight, double temperature)
    {
        var weights = task.ClassPrototypes.Values.ToArray();
        TensorPrimitives.Multiply(weights, Scores.Scale, weights);
        TensorPrimitives.MultiplyAdd(discriminant.Weights.Values.Span, (float)weight, weights, weights);
        TensorPrimitives.Divide(weights, (float)temperature, weights);
        var biases = discriminant.Biases.ToArray();
        TensorPrimitives.Multiply(biases, (float)(weight / temperature), biases);
        return new LinearClassifier(new Matrix(weights, task.ClassCount, task.Dimension), biases);
    }
}
