using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Methods;

/// <summary>
/// CLAP, a probe held to the class prototypes: argmin over V of the mean of −log softmax(100·cos(x, v_c))_ℓ + Σ_c λ_c‖v_c − y_c‖²,
/// λ_c the mean zero-shot probability of class c on its labeled images.
/// </summary>
/// <remarks>
/// The better zero-shot classification knows a class, the nearer its prototype stays. Differs from the published code:
/// <list type="number">
/// <item>L-BFGS from V = Y goes to the minimum, up to 100 iterations on all images at once; the published code takes 300 epochs
/// of stochastic gradient descent. So there is no learning rate.</item>
/// <item>The penalty is the sum of the paper, on prototypes of unit length; the code takes the mean over classes of prototypes
/// of CLIP's own length, about 10.</item>
/// <item>The images are given features; the published ones are random crops.</item>
/// </list>
/// </remarks>
public sealed record ClapMethod : IMethod
{
    private const int Iterations = 100;
    private const double Tolerance = 1e-4;

    /// <inheritdoc/>
    public string Name => "clap";

    /// <inheritdoc/>
    public string Source => "J. Silva-Rodríguez et al., \"A closer look at the few-shot adaptation of large vision-language models\", CVPR 2024";

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.Labels | MethodNeeds.TextFeatures;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var (clock, set) = (new FitClock(), task.Require(this));
        var threads = Threads.Resolve(context.MaxDegreeOfParallelism);
        var loss = new PrototypeLoss(set, threads);
        var penalties = Penalties(set, threads);
        var prototypes = set.ClassPrototypes.Values.ToArray();
        var shift = new float[set.Dimension];
        prototypes = Lbfgs.Minimize(prototypes, (point, gradient) =>
        {
            var value = loss.Evaluate(point, gradient);
            for (var c = 0; c < penalties.Length; c++)
            {
                TensorPrimitives.Subtract(point.AsSpan(c * shift.Length, shift.Length), set.ClassPrototypes.Row(c), shift);
                value += penalties[c] * TensorPrimitives.SumOfSquares<float>(shift);
                var g = gradient.AsSpan(c * shift.Length, shift.Length);
                TensorPrimitives.MultiplyAdd(shift, 2 * penalties[c], g, g);
            }
            return value;
        }, Iterations, Tolerance, context.CancellationToken);
        return this.ToFit(task, context, PrototypeLoss.ToScorer(prototypes, set), clock, []);
    }

    /// <summary>Computes λ, C values: the mean zero-shot probability of each class on its own images.</summary>
    internal static float[] Penalties(FeatureSet task, int threads)
    {
        var logits = Scores.ZeroShot(task.ImageFeatures, task.ClassPrototypes, threads);
        var penalties = new float[task.ClassCount];
        for (var i = 0; i < task.SampleCount; i++)
        {
            var (label, row) = (task.Labels.Span[i], logits.AsMemory(i * task.ClassCount, task.ClassCount));
            penalties[label] += (float)Math.Exp(row.Span[label] - Softmax.LogSumExp(row.Span, temperature: 1));
        }
        var counts = Scores.Counts(task);
        for (var c = 0; c < penalties.Length; c++)
            penalties[c] /= counts[c];
        return penalties;
    }
}
