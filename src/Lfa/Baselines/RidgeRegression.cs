using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Selection;

namespace Lfa.Baselines;

/// <summary>
/// Regresses the classes on the features: argmin over H, b of Σ_i ‖H·x_i + b − e_{ℓ_i}‖² + λ‖H‖²_F, e_c the one-hot code of class c.
/// </summary>
/// <remarks>
/// Solved in double precision through the Cholesky factor of the centered Gram matrix. λ is chosen by folds among 100 … 0.01;
/// 1, at a temperature of 0.1, where most classes have one image only.
/// </remarks>
public sealed class RidgeRegression : IBaseline
{
    private const double DefaultPenalty = 1;
    private const double DefaultTemperature = 0.1;

    private static readonly double[] Candidates = [100, 30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01];

    /// <inheritdoc/>
    public string Name => "ridge-regression";

    /// <inheritdoc/>
    public string Source => "A. E. Hoerl, R. W. Kennard, \"Ridge regression: biased estimation for nonorthogonal problems\", Technometrics 12(1), 1970";

    /// <inheritdoc/>
    public BaselineFit Fit(FeatureSet task, int seed = 1, int threads = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.ThrowIfNotTrainable();
        threads = Threads.Resolve(threads);
        var choice = FoldChoice.Of(task, Candidates, (training, held) =>
        {
            var equations = new NormalEquations(training, threads);
            return penalty => equations.Solve(penalty, temperature: 1).Logits(held, threads);
        }, seed, cancellationToken, patience: 2);
        cancellationToken.ThrowIfCancellationRequested();
        var penalty = choice?.Value ?? DefaultPenalty;
        return new BaselineFit(new NormalEquations(task, threads).Solve(penalty, choice?.Temperature ?? DefaultTemperature),
            choice is null ? Invariant($"λ {penalty} by default: {FoldChoice.NoFolds}") : Invariant($"λ {penalty}"));
    }

    /// <summary>The equations (X̃ᵀX̃ + λI) Hᵀ = X̃ᵀP, X̃ the features less their mean.</summary>
    private sealed class NormalEquations
    {
        private readonly int _threads;
        private readonly int _samples;
        private readonly SquareMatrix _gram;
        private readonly double[] _mean;
        private readonly int[] _counts;
        private readonly double[] _cross; // C × d

        public NormalEquations(FeatureSet task, int threads)
        {
            (_threads, _samples, _counts) = (threads, task.SampleCount, Scores.Counts(task));
            _gram = CrossProducts.Gram(task.ImageFeatures, threads);
            _cross = CrossProducts.ClassSums(task.ImageFeatures, task.Labels.Span, task.ClassCount);
            _mean = new double[task.Dimension];
            for (var c = 0; c < _counts.Length; c++)
                TensorPrimitives.Add(_mean, Row(_cross, c), _mean);
            TensorPrimitives.Divide(_mean, _samples, _mean);
            for (var i = 0; i < _mean.Length; i++)
                TensorPrimitives.MultiplyAdd(_mean, -_samples * _mean[i], _gram.Row(i), _gram.Row(i));
            for (var c = 0; c < _counts.Length; c++)
                TensorPrimitives.MultiplyAdd(_mean, -_counts[c], Row(_cross, c), Row(_cross, c));
        }

        public LinearClassifier Solve(double penalty, double temperature)
        {
            var matrix = _gram.Clone();
            for (var i = 0; i < matrix.Size; i++)
                matrix.Row(i)[i] += penalty;
            var factor = Cholesky.TryFactor(matrix) ?? throw new ArithmeticException("The equations of the regression are singular; the features hold values beyond single precision.");
            var solution = (double[])_cross.Clone();
            factor.Solve(solution, _threads);
            var weights = new float[solution.Length];
            var biases = new float[_counts.Length];
            for (var c = 0; c < biases.Length; c++)
                biases[c] = (float)((((double)_counts[c] / _samples) - TensorPrimitives.Dot<double>(Row(solution, c), _mean)) / temperature);
            TensorPrimitives.Divide(solution, temperature, solution);
            TensorPrimitives.ConvertTruncating<double, float>(solution, weights);
            return new LinearClassifier(new Matrix(weights, biases.Length, _mean.Length), biases);
        }

        private Span<double> Row(double[] matrix, int row) => matrix.AsSpan(row * _mean.Length, _mean.Length);
    }
}
