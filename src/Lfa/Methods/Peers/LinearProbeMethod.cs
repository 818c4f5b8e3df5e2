using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>
/// Multinomial logistic regression: argmin over H, b of Σ_i −log softmax(H·x_i + b)_{ℓ_i} + ‖H‖²_F / (2·cost).
/// </summary>
/// <remarks>
/// Minimized by L-BFGS, from zero. Differs from the published evaluation:
/// <list type="number">
/// <item>The cost is chosen by folds among 1 … 10,000, by log-loss; the published one searches 96 values on a validation
/// set. 30, what the published code gives for features of CLIP's usual length, where most classes have one image only.</item>
/// <item>Rows have unit length, which makes the cost about 100 times as large for the same solution.</item>
/// <item>In the folds each cost starts from the solution of the one before.</item>
/// </list>
/// </remarks>
public sealed record LinearProbeMethod : IMethod
{
    private const double DefaultCost = 30;
    private const int FoldIterations = 40;
    private const int Iterations = 200;
    private const double FoldTolerance = 1e-3;
    private const double Tolerance = 1e-4;

    private static readonly double[] Candidates = [1, 3, 10, 30, 100, 300, 1000, 3000, 10000];

    /// <inheritdoc/>
    public string Name => "linear-probe";

    /// <inheritdoc/>
    public string Source => "A. Radford et al., \"Learning transferable visual models from natural language supervision\", ICML 2021, appendix A.3";

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
            var problem = new Problem(training, threads, context.CancellationToken);
            return cost => problem.Solve(cost, FoldIterations, FoldTolerance, temperature: 1).Apply(held, threads);
        }, context, patience: 1);
        var (cost, temperature) = (choice?.Value ?? DefaultCost, choice?.Temperature ?? 1);
        var head = new Problem(set, threads, context.CancellationToken).Solve(cost, Iterations, Tolerance, temperature);
        return this.ToFit(task, context, new LinearScorer(head), clock, [choice.ToChosen("cost", cost), choice.ToTemperature(temperature)]);
    }

    /// <summary>The regression with a constant component for the bias; it keeps its last solution.</summary>
    private sealed class Problem
    {
        private readonly FeatureSet _task;
        private readonly CrossEntropy _loss;
        private readonly CancellationToken _cancellationToken;
        private float[] _solution; // C × (d + 1)

        public Problem(FeatureSet task, int threads, CancellationToken cancellationToken)
        {
            (_task, _cancellationToken) = (task, cancellationToken);
            _loss = new CrossEntropy(WithConstant(task.ImageFeatures), task.Labels, task.ClassCount, scale: 1, threads);
            _solution = new float[checked(task.ClassCount * (task.Dimension + 1))];
        }

        public LinearHead Solve(double cost, int iterations, double tolerance, double temperature)
        {
            var penalty = (float)(1 / (cost * _task.SampleCount));
            _solution = Lbfgs.Minimize(_solution, (weights, gradient) => Evaluate(weights, gradient, penalty), iterations, tolerance, _cancellationToken);
            var (classes, dimension) = (_task.ClassCount, _task.Dimension);
            var (matrix, biases) = (new float[classes * dimension], new float[classes]);
            for (var c = 0; c < classes; c++)
            {
                TensorPrimitives.Divide(Row(_solution, c), (float)temperature, matrix.AsSpan(c * dimension, dimension));
                biases[c] = _solution[(c * (dimension + 1)) + dimension] / (float)temperature;
            }
            return new LinearHead(new Matrix(matrix, classes, dimension), biases);
        }

        private double Evaluate(float[] weights, float[] gradient, float penalty)
        {
            var value = _loss.Evaluate(weights, gradient);
            for (var c = 0; c < _task.ClassCount; c++)
            {
                var row = Row(weights, c);
                var g = Row(gradient, c);
                value += 0.5 * penalty * TensorPrimitives.SumOfSquares<float>(row);
                TensorPrimitives.MultiplyAdd(row, penalty, g, g);
            }
            return value;
        }

        private Span<float> Row(float[] matrix, int row) => matrix.AsSpan(row * (_task.Dimension + 1), _task.Dimension);

        private static Matrix WithConstant(Matrix features)
        {
            var columns = features.Columns + 1;
            var values = new float[checked(features.Rows * columns)];
            for (var i = 0; i < features.Rows; i++)
            {
                features.Row(i).CopyTo(values.AsSpan(i * columns));
                values[(i * columns) + columns - 1] = 1;
            }
            return new Matrix(values, features.Rows, columns);
        }
    }
}
