using System.Numerics.Tensors;

namespace Lfa.Numerics;

/// <summary>Minimizes a smooth function by the limited-memory BFGS method.</summary>
/// <remarks>
/// D. C. Liu, J. Nocedal, "On the limited memory BFGS method for large scale optimization", Math. Programming 45, 1989:
/// the two-loop recursion over the last steps, its start scaled by sᵀy / yᵀy. The line search halves by quadratic
/// interpolation until the decrease is sufficient (Armijo); a pair without positive curvature is left out.
/// </remarks>
internal sealed class Lbfgs
{
    private const int Memory = 6;
    private const int MostTrials = 20;
    private const double SufficientDecrease = 1e-4;
    // Functions of sums in single precision cannot show smaller decreases.
    private const double SmallestDecrease = 1e-8;

    private readonly Func<float[], float[], double> _evaluate;
    private readonly List<(float[] Step, float[] Change, float Curvature)> _pairs = [];
    private float[] _point;
    private float[] _gradient;
    private float[] _trial;
    private float[] _trialGradient;
    private readonly float[] _direction;

    private Lbfgs(float[] start, Func<float[], float[], double> evaluate)
    {
        (_evaluate, _point) = (evaluate, start);
        (_gradient, _trial, _trialGradient, _direction) = (new float[start.Length], new float[start.Length], new float[start.Length], new float[start.Length]);
    }

    /// <summary>Minimizes a function.</summary>
    /// <param name="start">The point to start from; it is changed.</param>
    /// <param name="evaluate">Computes the value at a point, and writes the gradient there into the second array.</param>
    /// <param name="iterations">The number of iterations at most.</param>
    /// <param name="tolerance">The length of the gradient at which to stop.</param>
    /// <param name="cancellationToken">Checked before each iteration.</param>
    /// <returns>The point reached.</returns>
    public static float[] Minimize(float[] start, Func<float[], float[], double> evaluate, int iterations, double tolerance, CancellationToken cancellationToken)
    {
        var search = new Lbfgs(start, evaluate);
        var value = evaluate(search._point, search._gradient);
        for (var i = 0; i < iterations && TensorPrimitives.Norm<float>(search._gradient) > tolerance; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = search.Advance(value);
            if (!(value - next > SmallestDecrease * Math.Max(Math.Abs(value), 1e-3)))
                break;
            value = next;
        }
        return search._point;
    }

    /// <summary>Takes one step.</summary>
    /// <returns>The value there, or the present one where no step was found.</returns>
    private double Advance(double value)
    {
        var slope = ChooseDirection();
        var length = _pairs.Count == 0 ? Math.Min(1.0, 1 / TensorPrimitives.Norm<float>(_gradient)) : 1;
        for (var trial = 0; trial < MostTrials; trial++)
        {
            TensorPrimitives.MultiplyAdd(_direction, (float)length, _point, _trial);
            var reached = _evaluate(_trial, _trialGradient);
            if (reached <= value + (SufficientDecrease * length * slope))
            {
                Remember();
                (_point, _trial) = (_trial, _point);
                (_gradient, _trialGradient) = (_trialGradient, _gradient);
                return reached;
            }
            var parabola = -slope * length * length / (2 * (reached - value - (slope * length)));
            length = double.IsFinite(parabola) ? Math.Clamp(parabola, 0.1 * length, 0.5 * length) : 0.1 * length;
        }
        return value;
    }

    /// <summary>Applies the approximate inverse Hessian to the gradient.</summary>
    /// <returns>The slope along the direction, which is negative.</returns>
    private double ChooseDirection()
    {
        TensorPrimitives.Negate<float>(_gradient, _direction);
        var shares = new float[_pairs.Count];
        for (var i = _pairs.Count - 1; i >= 0; i--)
        {
            shares[i] = TensorPrimitives.Dot<float>(_pairs[i].Step, _direction) / _pairs[i].Curvature;
            TensorPrimitives.MultiplyAdd(_pairs[i].Change, -shares[i], _direction, _direction);
        }
        if (_pairs is [.., var last])
            TensorPrimitives.Multiply(_direction, last.Curvature / TensorPrimitives.SumOfSquares<float>(last.Change), _direction);
        for (var i = 0; i < _pairs.Count; i++)
        {
            var share = shares[i] - (TensorPrimitives.Dot<float>(_pairs[i].Change, _direction) / _pairs[i].Curvature);
            TensorPrimitives.MultiplyAdd(_pairs[i].Step, share, _direction, _direction);
        }
        var slope = TensorPrimitives.Dot<float>(_direction, _gradient);
        if (slope < 0)
            return slope;
        _pairs.Clear();
        TensorPrimitives.Negate<float>(_gradient, _direction);
        return -TensorPrimitives.SumOfSquares<float>(_gradient);
    }

    private void Remember()
    {
        var (step, change) = _pairs.Count < Memory ? (new float[_point.Length], new float[_point.Length]) : (_pairs[0].Step, _pairs[0].Change);
        if (_pairs.Count == Memory)
            _pairs.RemoveAt(0);
        TensorPrimitives.Subtract(_trial, _point, step);
        TensorPrimitives.Subtract(_trialGradient, _gradient, change);
        var curvature = TensorPrimitives.Dot<float>(step, change);
        if (curvature > 1e-10 * TensorPrimitives.SumOfSquares<float>(step))
            _pairs.Add((step, change, curvature));
    }
}
