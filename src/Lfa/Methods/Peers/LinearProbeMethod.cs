using Lfa.Classification;
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
            var problem = new LogisticRegression(training, threads, context.CancellationToken);
            return cost => problem.Solve(cost, FoldIterations, FoldTolerance, temperature: 1).Apply(held, threads);
        }, context, patience: 1);
        var (cost, temperature) = (choice?.Value ?? DefaultCost, choice?.Temperature ?? 1);
        var head = new LogisticRegression(set, threads, context.CancellationToken).Solve(cost, Iterations, Tolerance, temperature);
        return this.ToFit(task, context, new LinearScorer(head), clock, [choice.ToChosen("cost", cost), choice.ToTemperature(temperature)]);
    }
}
