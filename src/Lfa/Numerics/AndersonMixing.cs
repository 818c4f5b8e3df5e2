using System.Numerics.Tensors;

namespace Lfa.Numerics;

/// <summary>Accelerates a fixed-point iteration x ← x + r(x) by what the last steps tell of how r changes.</summary>
/// <remarks>
/// D. G. Anderson, "Iterative procedures for nonlinear integral equations", J. ACM 12(4), 1965, in the form of H. F. Walker,
/// P. Ni, SIAM J. Numer. Anal. 49(4), 2011: of the last points the affine combination of least ‖r‖ is taken, and its step.
/// </remarks>
internal sealed class AndersonMixing
{
    private const int Memory = 6;
    // Keeps the small least-squares problem solvable where steps have become alike.
    private const double Ridge = 1e-10;

    private readonly List<(double[] Step, double[] Change)> _pairs = [];
    private double[]? _point;
    private double[] _residual = [];

    /// <summary>Forgets the steps so far.</summary>
    public void Restart()
    {
        _pairs.Clear();
        _point = null;
    }

    /// <summary>Moves a point.</summary>
    /// <param name="point">The point x.</param>
    /// <param name="residual">Its plain step r(x).</param>
    /// <returns>The next point.</returns>
    public double[] Next(double[] point, double[] residual)
    {
        if (_point is not null)
        {
            if (_pairs.Count == Memory)
                _pairs.RemoveAt(0);
            _pairs.Add((Difference(point, _point), Difference(residual, _residual)));
        }
        (_point, _residual) = (point, residual);
        var next = new double[point.Length];
        TensorPrimitives.Add(point, residual, next);
        foreach (var (pair, weight) in _pairs.Zip(Weights()))
        {
            TensorPrimitives.MultiplyAdd(pair.Step, -weight, next, next);
            TensorPrimitives.MultiplyAdd(pair.Change, -weight, next, next);
        }
        return next;
    }

    /// <summary>Minimizes ‖r − Σ_j w_j · change_j‖².</summary>
    private double[] Weights()
    {
        double[] weights = [.. _pairs.Select(pair => TensorPrimitives.Dot<double>(pair.Change, _residual))];
        if (weights.Length == 0)
            return weights;
        var gram = new SquareMatrix(_pairs.Count);
        for (var i = 0; i < _pairs.Count; i++)
        {
            for (var j = 0; j < _pairs.Count; j++)
                gram.Row(i)[j] = TensorPrimitives.Dot<double>(_pairs[i].Change, _pairs[j].Change);
        }
        var trace = Enumerable.Range(0, _pairs.Count).Sum(i => gram[i, i]);
        for (var i = 0; i < _pairs.Count; i++)
            gram.Row(i)[i] += Ridge * trace;
        if (Cholesky.TryFactor(gram) is not { } factor)
            return new double[weights.Length]; // The last steps changed nothing.
        factor.Solve(weights, threads: 1);
        return weights;
    }

    private static double[] Difference(double[] a, double[] b)
    {
        var difference = new double[a.Length];
        TensorPrimitives.Subtract(a, b, difference);
        return difference;
    }
}
