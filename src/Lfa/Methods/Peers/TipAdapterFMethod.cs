using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Refinement;

namespace Lfa.Methods;

/// <summary>
/// Tip-Adapter with learned keys: argmin over F of the mean of −log softmax(100·x·Yᵀ + α Σ_j exp(−b(1 − x·f_j)) e_{ℓ_j})_ℓ,
/// from F = X, α = 1, b = 5.5.
/// </summary>
/// <remarks>
/// AdamW with learning rate 1e-3 along a cosine, eps 1e-4, decay 0.01, 20 epochs of batches of 256 images in random order.
/// Differs from the published code:
/// <list type="number">
/// <item>The batches are the given features, which are the keys at the start: each image finds itself among them. The published
/// batches are fresh random crops.</item>
/// <item>α and b stay at their defaults; the published tables search them on labeled validation images, and the best epoch too.</item>
/// <item>The rate falls to 1e-7, not 0.</item>
/// </list>
/// </remarks>
public sealed record TipAdapterFMethod : IMethod
{
    private const int Epochs = 20;
    private const int BatchSize = 256;
    private const double LearningRate = 1e-3;
    private const double WeightDecay = 0.01;
    private const double Epsilon = 1e-4;

    /// <inheritdoc/>
    public string Name => "tip-adapter-f";

    /// <inheritdoc/>
    public string Source => "R. Zhang et al., \"Tip-Adapter: training-free adaption of CLIP for few-shot classification\", ECCV 2022, section 3.3";

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.Labels | MethodNeeds.TextFeatures;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var (clock, set) = (new FitClock(), task.Require(this));
        var threads = Threads.Resolve(context.MaxDegreeOfParallelism);
        var (samples, dimension) = (set.SampleCount, set.Dimension);
        var values = set.ImageFeatures.Values.ToArray();
        var keys = new Matrix(values, samples, dimension); // A view of what the optimizer changes.
        var gradient = new float[values.Length];
        var optimizer = new AdamW(values, gradient, WeightDecay, threads, Epsilon);
        var batches = (samples + BatchSize - 1) / BatchSize;
        var schedule = new CosineSchedule(LearningRate, Epochs * batches);
        var order = Enumerable.Range(0, samples).ToArray();
        for (var step = 0; step < Epochs * batches; step++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var (epoch, batch) = Math.DivRem(step, batches);
            if (batch == 0)
                new RandomStream(context.Seed, RandomPurpose.CacheBatches, epoch).Shuffle(order);
            Differentiate(set, keys, order.AsSpan(batch * BatchSize, Math.Min(BatchSize, samples - (batch * BatchSize))), gradient, threads);
            optimizer.Step(schedule.Rate(step));
        }
        return this.ToFit(task, context, TipAdapterMethod.ToScorer(set, keys), clock, []);
    }

    /// <summary>Computes the mean loss of some images and its gradient in the keys, n × d.</summary>
    internal static double Differentiate(FeatureSet task, Matrix keys, ReadOnlySpan<int> rows, float[] gradient, int threads)
    {
        var images = task.ImageFeatures.SelectRows(rows);
        var affinities = Scores.Affinities(images, keys, TipAdapterMethod.Sharpness, threads);
        var logits = Scores.ZeroShot(images, task.ClassPrototypes, threads);
        AddVotes(affinities, logits, task, rows.Length);
        var pass = new BackwardPass(affinities, logits, task.Labels, rows.ToArray(), task.ClassCount);
        ParallelLoop.For(rows.Length, threads, pass, static (pass, row) => pass.Run(row));
        // dF = (dS)ᵀ X with dS, count × n, the derivatives in the cosines.
        MatrixProducts.Single().Multiply(new Operand<float>(affinities, rows.Length, keys.Rows).Transpose(), images.AsOperand(), gradient, threads);
        return TensorPrimitives.Sum<double>(pass.Losses) / rows.Length;
    }

    private static void AddVotes(float[] affinities, float[] logits, FeatureSet task, int rows)
    {
        for (var i = 0; i < rows; i++)
            KernelScorer.AddVotes(affinities.AsSpan(i * task.SampleCount, task.SampleCount), task.Labels.Span, (float)TipAdapterMethod.Weight, logits.AsSpan(i * task.ClassCount, task.ClassCount));
    }

    private sealed record BackwardPass(float[] Affinities, float[] Logits, ReadOnlyMemory<int> Labels, int[] Rows, int Classes)
    {
        public double[] Losses { get; } = new double[Rows.Length];

        /// <summary>Replaces the affinities of an image by the derivatives of the mean loss in its cosines with the keys.</summary>
        public void Run(int row)
        {
            var labels = Labels.Span;
            var logits = Logits.AsSpan(row * Classes, Classes);
            Losses[row] = CrossEntropy.ToGradient(logits, labels[Rows[row]], (float)(TipAdapterMethod.Weight * TipAdapterMethod.Sharpness / Rows.Length));
            var affinities = Affinities.AsSpan(row * labels.Length, labels.Length);
            for (var j = 0; j < labels.Length; j++)
                affinities[j] *= logits[labels[j]];
        }
    }
}
