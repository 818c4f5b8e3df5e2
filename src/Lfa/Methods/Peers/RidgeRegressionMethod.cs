using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>
/// Regresses the classes on the features: argmin over H, b of Σ_i ‖H·x_i + b − e_{ℓ_i}‖² + λ‖H‖²_F, e_c the one-hot code of class c.
/// </summary>
/// <remarks>
/// Solved in double precision through the Cholesky factor of the centered Gram matrix. λ is chosen by folds among 100 … 0.01;
/// 1, at a temperature of 0.1, where most classes have one image only.
/// </remarks>
public sealed record RidgeRegressionMethod : IMethod, IUpdatableMethod
{
    private const double DefaultPenalty = 1;
    private const double DefaultTemperature = 0.1;

    private static readonly double[] Candidates = [100, 30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01];

    /// <inheritdoc/>
    public string Name => "ridge-regression";

    /// <inheritdoc/>
    public string Source => "A. E. Hoerl, R. W. Kennard, \"Ridge regression: biased estimation for nonorthogonal problems\", Technometrics 12(1), 1970";

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.Labels;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var (clock, set) = (new FitClock(), task.Require(this));
        var threads = Threads.Resolve(context.MaxDegreeOfParallelism);
        var choice = ParameterChoice.Of(set, Candidates, (training, held) =>
        {
            var equations = new NormalEquations(ClassStatistics.FromTask(training, threads), threads);
            return penalty => equations.Solve(penalty, temperature: 1).Apply(held, threads);
        }, context, patience: 2);
        context.CancellationToken.ThrowIfCancellationRequested();
        var (penalty, temperature) = (choice?.Value ?? DefaultPenalty, choice?.Temperature ?? DefaultTemperature);
        var statistics = ClassStatistics.FromTask(set, threads);
        var head = new NormalEquations(statistics, threads).Solve(penalty, temperature);
        return this.ToFit(task, context, new LinearScorer(head), clock, [choice.ToChosen("penalty", penalty) with { Symbol = "λ" }, choice.ToTemperature(temperature)], statistics);
    }

    /// <inheritdoc/>
    public UpdatedScorer Update(UpdateTask update)
    {
        ArgumentNullException.ThrowIfNull(update);
        if (update.After.IsSpreadEstimated)
            throw new LfaDataException("Ridge regression cannot forget a class without the images: it needs XᵀX of the others alone; give the images that the classifier was fitted to, too.");
        var (penalty, temperature) = (update.Record.Find("penalty") ?? DefaultPenalty, update.Record.Find("temperature") ?? DefaultTemperature);
        var head = new NormalEquations(update.After, Threads.Resolve(update.MaxDegreeOfParallelism)).Solve(penalty, temperature);
        return new UpdatedScorer(new LinearScorer(head), [new("regression", PartOutcome.Exact), new("λ, temperature", PartOutcome.Kept, "chosen at the last whole fit")], IsWhole: false);
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

        public NormalEquations(ClassStatistics statistics, int threads)
        {
            (_threads, _samples, _counts) = (threads, statistics.SampleCount, statistics.Counts.ToArray());
            _gram = statistics.CopySecondMoments();
            _cross = statistics.Sums.ToArray();
            _mean = new double[statistics.Dimension];
            for (var c = 0; c < _counts.Length; c++)
                TensorPrimitives.Add(_mean, Row(_cross, c), _mean);
            TensorPrimitives.Divide(_mean, _samples, _mean);
            for (var i = 0; i < _mean.Length; i++)
                TensorPrimitives.MultiplyAdd(_mean, -_samples * _mean[i], _gram.Row(i), _gram.Row(i));
            for (var c = 0; c < _counts.Length; c++)
                TensorPrimitives.MultiplyAdd(_mean, -_counts[c], Row(_cross, c), Row(_cross, c));
        }

        public LinearHead Solve(double penalty, double temperature)
        {
            var matrix = _gram.Clone();
            for (var i = 0; i < matrix.Size; i++)
                matrix.Row(i)[i] += penalty;
            var factor = Cholesky.TryFactor(matrix) ?? throw new LfaDataException("The equations of the regression are singular; the features hold values beyond single precision.");
            var solution = (double[])_cross.Clone();
            factor.Solve(solution, _threads);
            var weights = new float[solution.Length];
            var biases = new float[_counts.Length];
            for (var c = 0; c < biases.Length; c++)
                biases[c] = (float)((((double)_counts[c] / _samples) - TensorPrimitives.Dot<double>(Row(solution, c), _mean)) / temperature);
            TensorPrimitives.Divide(solution, temperature, solution);
            TensorPrimitives.ConvertTruncating<double, float>(solution, weights);
            return new LinearHead(new Matrix(weights, biases.Length, _mean.Length), biases);
        }

        private Span<double> Row(double[] matrix, int row) => matrix.AsSpan(row * _mean.Length, _mean.Length);
    }
}
