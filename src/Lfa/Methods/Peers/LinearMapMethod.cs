using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Refinement;

namespace Lfa.Methods;

/// <summary>
/// Learns a linear map of the features held to the identity: argmin over W of the mean of −log softmax(100·normalize(x·W)·Yᵀ)_ℓ
/// + (1/shots)·‖W − I‖²_F.
/// </summary>
/// <remarks>
/// 300 steps of Adam from W = I, eps 1e-4, on all images at once; where several crops are stored each step draws one. Differs
/// from the published code:
/// <list type="number">
/// <item>It learns a map of the embeddings (the published "regularized linear adapter"); ProLIP itself learns the encoder's
/// last projection, whose input embeddings alone do not hold.</item>
/// <item>The learning rate is 1e-4, one at which the objective settles within the steps; the published one is 1e-5, or searched.
/// It falls along a cosine to 1e-7, not 0.</item>
/// <item>Shots are the mean number of images a class.</item>
/// </list>
/// </remarks>
public sealed record LinearMapMethod : IMethod
{
    private const int Steps = 300;
    private const double LearningRate = 1e-4;
    private const double Epsilon = 1e-4;

    private static readonly RefinementOptions AllRows = new() { BatchFraction = 1, Noise = 0, Dropout = 0 };

    /// <inheritdoc/>
    public string Name => "linear-map";

    /// <inheritdoc/>
    public string Source => "M. Fahes et al., \"CLIP's visual embedding projector is a few-shot cornucopia\", arXiv 2410.05270, 2024";

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.Labels | MethodNeeds.TextFeatures;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var (clock, set) = (new FitClock(), task.Require(this));
        var threads = Threads.Resolve(context.MaxDegreeOfParallelism);
        var dimension = set.Dimension;
        var transform = Transform.Identity(dimension).Matrix.Values.ToArray();
        var gradient = new float[transform.Length];
        var batch = new Batch(set, AllRows, context.Seed, threads);
        var pass = new LossPass(new ContrastiveLoss(Scorer.DefaultTemperature, usesUnitRows: true), set.ClassPrototypes, batch.Count, threads);
        var optimizer = new AdamW(transform, gradient, weightDecay: 0, threads, Epsilon);
        var schedule = new CosineSchedule(LearningRate, Steps);
        var product = MatrixProducts.Single();
        var pull = 2f * set.ClassCount / set.SampleCount; // of 1/shots, differentiated
        for (var step = 0; step < Steps; step++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            batch.Draw(step);
            pass.Evaluate(batch, transform);
            product.Multiply(new Operand<float>(batch.Features, batch.Count, dimension).Transpose(), new(pass.Gradient, batch.Count, dimension), gradient, threads);
            TensorPrimitives.MultiplyAdd(transform, pull, gradient, gradient);
            for (var i = 0; i < dimension; i++)
                gradient[(i * dimension) + i] -= pull;
            optimizer.Step(schedule.Rate(step));
        }
        return this.ToFit(task, context, new AlignedScorer(new Transform(new Matrix(transform, dimension, dimension)), set.ClassPrototypes), clock, []);
    }
}
