namespace Lfa.Methods;

/// <summary>
/// The first step of the automatic choice: the blend of experts of least held-out log-loss (<see cref="LogitStacking"/>), and how far
/// to go to it from zero-shot classification (<see cref="StepChoice"/>).
/// </summary>
/// <remarks>
/// Beside the fitted blend a fixed one is tried, whose gain has no noise of fitting: the better for few images.
/// </remarks>
internal sealed record BlendChoice
{
    // Keeps a part of zero-shot in every blend, so that there is a transform to scale.
    private const double LeastOrigin = 1e-3;

    private BlendChoice(double[] weights, double[][] crossWeights, StepChoice step) => (Weights, CrossWeights, Step) = (weights, crossWeights, step);

    /// <summary>Gets the weight of each candidate, from all folds.</summary>
    public double[] Weights { get; init; }

    /// <summary>Gets, for each fold, the weights from the others.</summary>
    public double[][] CrossWeights { get; init; }

    /// <summary>Gets how far to go.</summary>
    public StepChoice Step { get; }

    /// <summary>Chooses.</summary>
    /// <param name="pool">The experts.</param>
    /// <param name="folds">What they say of held-out images.</param>
    /// <param name="evidence">What was held out, and what it must show.</param>
    /// <param name="task">The threads and the cancellation.</param>
    public static BlendChoice Of(ExpertPool pool, ScoredFolds folds, HeldOutEvidence evidence, AutoTask task)
    {
        Func<HeldOutFold[], double[], double[]> fixedBlend = (_, zeroShot) => Fixed(pool, zeroShot), stacked = (some, zeroShot) => Stacked(pool, some, zeroShot, task);
        Func<HeldOutFold[], double[], double[]>[] directions = [stacked, fixedBlend];
        var (direction, blends, choice) = directions
            .Select(direction => (Direction: direction, Blends: folds.Others.Zip(folds.ZeroShot, direction).ToArray()))
            .Select(item => (item.Direction, item.Blends, Choice: StepChoice.Of(folds.All, folds.ZeroShot, item.Blends, evidence)))
            .MaxBy(item => (item.Choice.Step > 0, item.Choice.Gain));
        return new BlendChoice(
            StepChoice.Between(folds.AllZeroShot, direction(folds.All, folds.AllZeroShot), choice.Step),
            [.. folds.ZeroShot.Zip(blends, (from, to) => StepChoice.Between(from, to, choice.Step))],
            choice);
    }

    /// <summary>The blend of least held-out log-loss.</summary>
    private static double[] Stacked(ExpertPool pool, HeldOutFold[] folds, double[] zeroShot, AutoTask task)
    {
        task.Context.CancellationToken.ThrowIfCancellationRequested();
        var weights = LogitStacking.Fit(folds, [.. Enumerable.Range(0, pool.Count)], zeroShot, task.Threads);
        weights[ExpertPool.Origin] = Math.Max(weights[ExpertPool.Origin], LeastOrigin * zeroShot[ExpertPool.Origin]);
        return weights;
    }

    /// <summary>A blend that needs no fitting, at the temperature of zero-shot.</summary>
    private static double[] Fixed(ExpertPool pool, double[] zeroShot) => [.. pool.FixedDirection.Select(part => part * zeroShot[ExpertPool.Origin])];
}
