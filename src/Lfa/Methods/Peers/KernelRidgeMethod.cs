using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>
/// Regresses what zero-shot classification leaves of the classes by a kernel: logits f₀(x) + k(x, X)·(K + λI)⁻¹·(L − p₀(X)),
/// f₀ the cosines x·Yᵀ, p₀ the zero-shot probabilities softmax(100·f₀), L the one-hot labels, k(x, x′) = exp(−b(1 − x·x′)), b = 5.5.
/// </summary>
/// <remarks>
/// The kernel's part is the least-squares fit of the residual in the space of the kernel, its norm weighted by λ; for large λ
/// it is close to Tip-Adapter. Differs from the published method:
/// <list type="number">
/// <item>λ is chosen by folds among 1000 … 1, by log-loss, and with it the temperature; the publication searches λ and b
/// on validation images. λ = 100 and a temperature of 0.01 where most classes have one image only.</item>
/// <item>The residual is that of the zero-shot probabilities, which share the scale of one-hot labels, as cosines do not.</item>
/// <item>b is the default of Tip-Adapter; for rows of unit length the kernel is the Gaussian one of width 1 / √b.</item>
/// <item>The equations are solved by conjugate gradients, to a relative residual of 10⁻⁴ (10⁻³ in the folds). Their matrix is n × n in single
/// precision, so more than 20,000 images are refused.</item>
/// </list>
/// </remarks>
public sealed record KernelRidgeMethod : IMethod
{
    /// <summary>The most images: their kernel matrix takes 1.6 GB.</summary>
    internal const int MostImages = 20_000;

    private const double DefaultPenalty = 100;
    private const double FoldTolerance = 1e-3;
    private const double Tolerance = 1e-4;

    private static readonly double[] Candidates = [1000, 300, 100, 30, 10, 3, 1];

    /// <inheritdoc/>
    public string Name => "kernel-ridge";

    /// <inheritdoc/>
    public string Source => "Y. Bendou et al., \"ProKeR: a kernel perspective on few-shot adaptation of large vision-language models\", CVPR 2025";

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.Labels | MethodNeeds.TextFeatures;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var (clock, set) = (new FitClock(), task.Require(this));
        if (set.SampleCount > MostImages)
            throw new LfaDataException(Invariant($"There are {set.SampleCount} labeled images; {Name} keeps a matrix of images by images and takes {MostImages} at most. Give fewer, or use another method."));
        var threads = Threads.Resolve(context.MaxDegreeOfParallelism);
        var choice = ParameterChoice.Of(set, Candidates, (training, held) =>
        {
            var equations = new Equations(training, threads, context.CancellationToken);
            return penalty => equations.Solve(penalty, Scorer.DefaultTemperature, FoldTolerance).Logits(held, threads);
        }, context, patience: 1);
        var (penalty, temperature) = (choice?.Value ?? DefaultPenalty, (choice?.Temperature ?? 1) * Scorer.DefaultTemperature);
        var scorer = new Equations(set, threads, context.CancellationToken).Solve(penalty, temperature, Tolerance);
        return this.ToFit(task, context, scorer, clock, [choice.ToChosen("penalty", penalty) with { Symbol = "λ" }, choice.ToTemperature(temperature)]);
    }

    /// <summary>The equations Aᵀ(K + λI) = (L − p₀(X))ᵀ; falling λ start from the solution of the one before.</summary>
    private sealed class Equations
    {
        private const int Iterations = 100;

        private readonly FeatureSet _task;
        private readonly CancellationToken _cancellationToken;
        private readonly ConjugateGradients _solver;

        public Equations(FeatureSet task, int threads, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (_task, _cancellationToken) = (task, cancellationToken);
            var kernel = Scores.Affinities(task.ImageFeatures, task.ImageFeatures, TipAdapterMethod.Sharpness, threads);
            _solver = new ConjugateGradients(kernel, task.SampleCount, Residuals(task, threads), threads);
        }

        public KernelScorer Solve(double penalty, double temperature, double tolerance)
        {
            _solver.Solve(penalty, tolerance, Iterations, _cancellationToken);
            return new KernelScorer(_task.ClassPrototypes, scale: 1, _task.ImageFeatures, TipAdapterMethod.Sharpness, new Matrix((float[])[.. _solver.Solutions], _task.ClassCount, _task.SampleCount), temperature);
        }

        /// <summary>Computes (L − p₀(X))ᵀ, C × n.</summary>
        private static float[] Residuals(FeatureSet task, int threads)
        {
            var probabilities = Scores.ZeroShot(task.ImageFeatures, task.ClassPrototypes, threads);
            var residuals = new float[probabilities.Length];
            for (var i = 0; i < task.SampleCount; i++)
            {
                var row = probabilities.AsSpan(i * task.ClassCount, task.ClassCount);
                Softmax.Apply(row, row);
                for (var c = 0; c < row.Length; c++)
                    residuals[(c * task.SampleCount) + i] = -row[c];
                residuals[(task.Labels.Span[i] * task.SampleCount) + i]++;
            }
            return residuals;
        }
    }
}
