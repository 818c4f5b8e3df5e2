using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Baselines;

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
public sealed class ClassAdaptiveProbe : IBaseline
{
    private const int Iterations = 100;
    private const double Tolerance = 1e-4;

    /// <inheritdoc/>
    public string Name => "clap";

    /// <inheritdoc/>
    public string Source => "J. Silva-Rodríguez et al., \"A closer look at the few-shot adaptation of large vision-language models\", CVPR 2024";

    /// <inheritdoc/>
    public BaselineFit Fit(FeatureSet task, int seed = 1, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.ThrowIfNotTrainable();
        task.ThrowIfTwoSpaces(Name);
        threads = Threads.Resolve(threads);
        var loss = new PrototypeLoss(task, threads);
        var penalties = Penalties(task, threads);
        var prototypes = task.ClassPrototypes.Values.ToArray();
        var shift = new float[task.Dimension];
        prototypes = Lbfgs.Minimize(prototypes, (point, gradient) =>
        {
            var value = loss.Evaluate(point, gradient);
            for (var c = 0; c < penalties.Length; c++)
            {
                TensorPrimitives.Subtract(point.AsSpan(c * shift.Length, shift.Length), task.ClassPrototypes.Row(c), shift);
                value += penalties[c] * TensorPrimitives.SumOfSquares<float>(shift);
                var g = gradient.AsSpan(c * shift.Length, shift.Length);
                TensorPrimitives.MultiplyAdd(shift, 2 * penalties[c], g, g);
            }
            return value;
        }, Iterations, Tolerance, cancellationToken);
        return new BaselineFit(PrototypeLoss.ToClassifier(prototypes, task));
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
