using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>Classifies by the nearest class mean: logits cos(x, μ_c) / τ, μ_c the mean of the labeled images of class c.</summary>
/// <remarks>
/// Differs from the publication:
/// <list type="number">
/// <item>The means are of given features; nothing is trained.</item>
/// <item>The distance is the cosine, as everywhere in CLIP's space, not the Euclidean one.</item>
/// <item>τ is fitted on held-out images; 0.01 where most classes have one image only.</item>
/// </list>
/// </remarks>
public sealed record NearestMeanMethod : IMethod, IUpdatableMethod
{
    /// <inheritdoc/>
    public string Name => "nearest-mean";

    /// <inheritdoc/>
    public string Source => "J. Snell, K. Swersky, R. Zemel, \"Prototypical networks for few-shot learning\", NIPS 2017";

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.Labels;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var (clock, set) = (new FitClock(), task.Require(this));
        var threads = Threads.Resolve(context.MaxDegreeOfParallelism);
        var choice = ParameterChoice.Of(set, [1], (training, held) =>
        {
            var means = Means(ClassSums(training), training.Dimension, scale: 1);
            return _ => new Matrix(Scores.Cosines(held, means, threads), held.Rows, means.Rows);
        }, context);
        var temperature = choice?.Temperature ?? Scorer.DefaultTemperature;
        var head = new LinearHead(Means(ClassSums(set), set.Dimension, 1 / temperature));
        return this.ToFit(task, context, new LinearScorer(head), clock, [choice.ToTemperature(temperature) with { Format = choice is null ? null : "G2" }], ClassStatistics.FromTask(set, threads));
    }

    /// <inheritdoc/>
    public UpdatedScorer Update(UpdateTask update)
    {
        ArgumentNullException.ThrowIfNull(update);
        var temperature = update.Record.Find("temperature") ?? Scorer.DefaultTemperature;
        var head = new LinearHead(Means(update.After.Sums.Span, update.After.Dimension, 1 / temperature));
        return new UpdatedScorer(new LinearScorer(head), [new("means", PartOutcome.Exact), new("temperature", PartOutcome.Kept, "chosen at the last whole fit")], IsWhole: false);
    }

    /// <summary>Computes the mean of each class, scaled to a length, C × d.</summary>
    private static Matrix Means(ReadOnlySpan<double> sums, int dimension, double scale)
    {
        var means = Array.ConvertAll(sums.ToArray(), sum => (float)sum);
        Matrix.NormalizeRows(means, dimension);
        TensorPrimitives.Multiply(means, (float)scale, means);
        return new Matrix(means, means.Length / dimension, dimension);
    }

    private static double[] ClassSums(FeatureSet task) => CrossProducts.ClassSums(task.ImageFeatures, task.Labels.Span, task.ClassCount);
}
