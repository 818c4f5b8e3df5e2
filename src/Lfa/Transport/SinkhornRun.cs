using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Transport;

/// <summary>Solves one transport after the other on the same images: each starts from where the last one ended.</summary>
/// <remarks>
/// The dual objective Σ_c b_c·h_c − mean_i log Σ_c exp(x_i·y_c/ε + h_c) is concave in h, and a plain step of Sinkhorn's
/// iteration always raises it: an accelerated step that does not is taken back.
/// </remarks>
internal sealed class SinkhornRun(ScoreBlocks blocks, Matrix prototypes, SinkhornOptions options, CancellationToken cancellationToken)
{
    private const double FirstEpsilon = 1;
    private const double Annealing = 4;
    // No image may be near to a class: its column vanishes in single precision, yet its potential must rise by finite steps.
    private const double SmallestColumn = 1e-30;
    // The dual objective is a mean of logarithms in single precision.
    private const double DualSlack = 1e-5;

    private readonly ColumnMeans _means = new(blocks);
    private readonly double[] _columns = new double[blocks.Classes];
    private readonly AndersonMixing _mixing = new();
    private double[]? _potentials;
    private double[] _shares = [];
    private double[] _logShares = [];
    private int _iterations;

    /// <summary>Gets the scores.</summary>
    public ScoreBlocks Blocks => blocks;

    /// <summary>Finds the plan that gives each class its share.</summary>
    /// <param name="shares">The shares b, C values above 0 that add up to 1.</param>
    public TransportPlan Solve(double[] shares)
    {
        (_shares, _logShares, _iterations) = (shares, Array.ConvertAll(shares, share => Math.Log(share)), 0);
        _potentials = Converge(_potentials ?? Anneal(), out var error);
        return Plan(_potentials, error);
    }

    /// <summary>Takes the plan without any wish: each class receives what softmax(X·Yᵀ/ε) gives it.</summary>
    public TransportPlan SolveFree()
    {
        (_shares, _iterations) = (new double[blocks.Classes], 0);
        var potentials = new double[blocks.Classes];
        Pass(potentials, options.Epsilon);
        _columns.CopyTo(_shares, 0);
        return Plan(potentials, error: 0);
    }

    private TransportPlan Plan(double[] potentials, double error) => new(prototypes, _shares, potentials)
    {
        Epsilon = options.Epsilon,
        Iterations = _iterations,
        MarginalError = error,
        Converged = error <= options.Tolerance,
    };

    private double[] Converge(double[] potentials, out double error)
    {
        _mixing.Restart();
        (error, var dual) = (double.PositiveInfinity, double.NegativeInfinity);
        var (best, step) = (potentials, new double[potentials.Length]);
        do
        {
            var reached = Pass(potentials, options.Epsilon);
            if (reached < dual - DualSlack)
            {
                _mixing.Restart();
                TensorPrimitives.Add(best, step, potentials);
                dual = double.NegativeInfinity;
                continue;
            }
            (best, dual, step, error) = (potentials, reached, Missing(), Error());
            if (error <= options.Tolerance)
                break;
            potentials = _mixing.Next(potentials, step);
        }
        while (_iterations < options.Iterations);
        return best;
    }

    /// <summary>Lowers ε from where every image is near every class, so that no potential starts far from where it belongs.</summary>
    private double[] Anneal()
    {
        var (costs, potentials) = (new double[_shares.Length], new double[_shares.Length]); // costs = ε · (h − log b), which changes little with ε.
        for (var epsilon = FirstEpsilon; epsilon > options.Epsilon && _iterations < options.Iterations - 1; epsilon /= Annealing)
        {
            TensorPrimitives.MultiplyAdd(costs, 1 / epsilon, _logShares, potentials);
            Pass(potentials, epsilon);
            TensorPrimitives.MultiplyAdd(Missing(), epsilon, costs, costs);
        }
        TensorPrimitives.MultiplyAdd(costs, 1 / options.Epsilon, _logShares, potentials);
        return potentials;
    }

    /// <summary>Passes over the images.</summary>
    /// <returns>The dual objective.</returns>
    private double Pass(double[] potentials, double epsilon)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _iterations++;
        return TensorPrimitives.Dot<double>(_shares, potentials) - _means.Compute(potentials, epsilon, _columns);
    }

    /// <summary>By how much the columns miss their shares, in nats.</summary>
    private double[] Missing() => [.. _logShares.Zip(_columns, (share, column) => share - Math.Log(Math.Max(column, SmallestColumn)))];

    private double Error() => _shares.Zip(_columns, (share, column) => Math.Abs((column / share) - 1)).Max();
}
