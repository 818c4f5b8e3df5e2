using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Validation;

namespace Lfa.Methods;

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
public sealed record GaussianMethod : IMethod, IUpdatableMethod
{
    private const double DefaultWeight = 0.01;

    private static readonly double[] Candidates = [0, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100];

    /// <inheritdoc/>
    public string Name => "gaussian";

    /// <inheritdoc/>
    public string Source => "Z. Wang et al., \"A hard-to-beat baseline for training-free CLIP-based adaptation\", ICLR 2024";

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.Labels | MethodNeeds.TextFeatures;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var (clock, set) = (new FitClock(), task.Require(this));
        var threads = Threads.Resolve(context.MaxDegreeOfParallelism);
        var choice = ParameterChoice.Of(set, Candidates, (training, held) =>
        {
            var zeroShot = Scores.ZeroShot(held, set.ClassPrototypes, threads);
            var discriminant = Discriminant(training, threads).Apply(held, threads);
            return weight => Blend(zeroShot, discriminant, (float)weight);
        }, context);
        context.CancellationToken.ThrowIfCancellationRequested();
        var (weight, temperature) = (choice?.Value ?? DefaultWeight, choice?.Temperature ?? 1);
        var statistics = ClassStatistics.FromTask(set, threads);
        var head = Blend(set.ClassPrototypes, SharedCovarianceGaussian.Fit(statistics, threads), weight, temperature);
        return this.ToFit(task, context, new LinearScorer(head), clock, [choice.ToChosen("weight", weight), choice.ToTemperature(temperature)], statistics);
    }

    /// <inheritdoc/>
    public UpdatedScorer Update(UpdateTask update)
    {
        ArgumentNullException.ThrowIfNull(update);
        var (weight, temperature) = (update.Record.Find("weight") ?? DefaultWeight, update.Record.Find("temperature") ?? 1);
        var head = Blend(update.Prototypes, SharedCovarianceGaussian.Fit(update.After, Threads.Resolve(update.MaxDegreeOfParallelism)), weight, temperature);
        UpdatedPart gaussian = update.After.IsSpreadEstimated
            ? new("Gaussian classes", PartOutcome.Estimated, "the removed classes are taken to have spread like the others")
            : new("Gaussian classes", PartOutcome.Exact);
        return new UpdatedScorer(new LinearScorer(head), [gaussian, new("weight, temperature", PartOutcome.Kept, "chosen at the last whole fit")], IsWhole: false);
    }

    private static LinearHead Discriminant(FeatureSet task, int threads) => SharedCovarianceGaussian.Fit(ClassStatistics.FromTask(task, threads), threads);

    private static Matrix Blend(float[] zeroShot, Matrix discriminant, float weight)
    {
        var logits = new float[zeroShot.Length];
        TensorPrimitives.MultiplyAdd(discriminant.Values.Span, weight, zeroShot, logits);
        return new Matrix(logits, discriminant.Rows, discriminant.Columns);
    }

    private static LinearHead Blend(Matrix prototypes, LinearHead discriminant, double weight, double temperature)
    {
        var weights = prototypes.Values.ToArray();
        TensorPrimitives.Multiply(weights, Scores.Scale, weights);
        TensorPrimitives.MultiplyAdd(discriminant.Weights.Values.Span, (float)weight, weights, weights);
        TensorPrimitives.Divide(weights, (float)temperature, weights);
        var biases = discriminant.Biases.ToArray();
        TensorPrimitives.Multiply(biases, (float)(weight / temperature), biases);
        return new LinearHead(new Matrix(weights, prototypes.Rows, prototypes.Columns), biases);
    }
}
