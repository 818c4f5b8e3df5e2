using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Methods;

/// <summary>
/// Multinomial logistic regression with a constant component for the bias: argmin over H, b of
/// Σ_i −log softmax(H·x_i + b)_{ℓ_i} + ‖H‖²_F / (2·cost). It starts from its last solution, the first time from zero.
/// </summary>
internal sealed class LogisticRegression
{
    private readonly FeatureSet _task;
    private readonly CrossEntropy _loss;
    private readonly CancellationToken _cancellationToken;
    private float[] _solution; // C × (d + 1)

    /// <summary>Prepares the regression.</summary>
    /// <param name="task">The labeled images.</param>
    /// <param name="threads">The number of threads at most.</param>
    /// <param name="cancellationToken">Checked before each iteration.</param>
    /// <param name="isBalanced">Whether all classes count alike, however many images they have. Default: false.</param>
    public LogisticRegression(FeatureSet task, int threads, CancellationToken cancellationToken, bool isBalanced = false)
    {
        (_task, _cancellationToken) = (task, cancellationToken);
        _loss = new CrossEntropy(WithConstant(task.ImageFeatures), task.Labels, task.ClassCount, scale: 1, threads, isBalanced ? Balance(task) : null);
        _solution = new float[checked(task.ClassCount * (task.Dimension + 1))];
    }

    /// <summary>Solves by L-BFGS.</summary>
    /// <param name="cost">The cost: the larger, the less the weights are held to zero.</param>
    /// <param name="iterations">The number of iterations at most.</param>
    /// <param name="tolerance">The length of the gradient at which to stop.</param>
    /// <param name="temperature">The temperature that the weights are divided by.</param>
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

    private static float[] Balance(FeatureSet task)
    {
        var counts = Scores.Counts(task);
        var present = counts.Count(count => count > 0);
        return [.. task.Labels.ToArray().Select(label => (float)task.SampleCount / (present * counts[label]))];
    }

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
