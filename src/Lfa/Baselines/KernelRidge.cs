using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Selection;

namespace Lfa.Baselines;

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
public sealed class KernelRidge : IBaseline
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
    public BaselineFit Fit(FeatureSet task, int seed = 1, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.ThrowIfNotTrainable();
        task.ThrowIfTwoSpaces(Name);
        if (task.SampleCount > MostImages)
            throw new ArgumentException(Invariant($"There are {task.SampleCount} labeled images; {Name} keeps a matrix of images by images and takes {MostImages} at most. Give fewer, or use another method."));
        threads = Threads.Resolve(threads);
        var choice = FoldChoice.Of(task, Candidates, (training, held) =>
        {
            var equations = new Equations(training, threads, cancellationToken);
            return penalty => equations.Solve(penalty, LfaClassifier.DefaultTemperature, FoldTolerance).Logits(held, threads);
        }, seed, cancellationToken, patience: 1);
        var penalty = choice?.Value ?? DefaultPenalty;
        return new BaselineFit(new Equations(task, threads, cancellationToken).Solve(penalty, (choice?.Temperature ?? 1) * LfaClassifier.DefaultTemperature, Tolerance),
            choice is null ? Invariant($"λ {penalty} by default: {FoldChoice.NoFolds}") : Invariant($"λ {penalty}"));
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
            var kernel = CacheClassifier.Affinities(task.ImageFeatures, task.ImageFeatures, TipAdapter.Sharpness, threads);
            _solver = new ConjugateGradients(kernel, task.SampleCount, Residuals(task, threads), threads);
        }

        public KernelClassifier Solve(double penalty, double temperature, double tolerance)
        {
            _solver.Solve(penalty, tolerance, Iterations, _cancellationToken);
            return new KernelClassifier(_task, [.. _solver.Solutions], temperature);
        }

        /// <summary>Computes (L − p₀(X))ᵀ, C × n.</summary>
        private static float[] Residuals(FeatureSet task, int threads)
        {
            var probabilities = Scores.ZeroShot(task.ImageFeatures, task.ClassPrototypes, threads);
            var residuals = new float[probabilities.Length];
            for (var i = 0; i < task.SampleCount; i++)
            {
                var row = probabilities.AsSpan(i * task.ClassCount, task.ClassCount);
                Scores.ToProbabilities(row, row);
                for (var c = 0; c < row.Length; c++)
                    residuals[(c * task.SampleCount) + i] = -row[c];
                residuals[(task.Labels.Span[i] * task.SampleCount) + i]++;
            }
            return residuals;
        }
    }

    /// <summary>Classifies by the cosines and the kernel: logits (x·Yᵀ + k(x, X)·A) / τ, Aᵀ C × n.</summary>
    private sealed class KernelClassifier(FeatureSet task, float[] coefficients, double temperature) : IClassifier
    {
        private const int BlockRows = 512;

        public int ClassCount => task.ClassCount;

        public int Dimension => task.Dimension;

        public Matrix Logits(Matrix features, int threads = 0)
        {
            Scores.ThrowIfNotOf(features, Dimension);
            threads = Threads.Resolve(threads);
            var logits = Scores.Cosines(features, task.ClassPrototypes, threads);
            var product = MatrixProducts.Single();
            var byCoefficients = new Operand<float>(coefficients, ClassCount, task.SampleCount).Transpose();
            for (var start = 0; start < features.Rows; start += BlockRows)
            {
                var block = features.Slice(start, Math.Min(BlockRows, features.Rows - start));
                var affinities = CacheClassifier.Affinities(block, task.ImageFeatures, TipAdapter.Sharpness, threads);
                product.Multiply(new(affinities, block.Rows, task.SampleCount), byCoefficients, logits.AsMemory(start * ClassCount, block.Rows * ClassCount), threads, accumulate: true);
            }
            TensorPrimitives.Divide(logits, (float)temperature, logits);
            return new Matrix(logits, features.Rows, ClassCount);
        }
    }
}
