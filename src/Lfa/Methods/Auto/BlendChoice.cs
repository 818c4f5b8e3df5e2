using Lfa.Classification;

namespace Lfa.Methods;

/// <summary>
/// The first step of the automatic choice: the blend of experts of least held-out log-loss (<see cref="LogitStacking"/>), and how far
/// to go to it from zero-shot classification (<see cref="StepChoice"/>).
/// </summary>
/// <remarks>
/// Beside the fitted blend the usual one is tried, whose gain has no noise of fitting: the better for few images. Pseudo-labels lie near zero-shot classification, which gave them: so does the prior
/// of weights that are fitted to them.
/// </remarks>
internal sealed record BlendChoice
{
    // Keeps a part of zero-shot in every blend, so that there is a transform to scale.
    private const double LeastOrigin = 1e-3;
    // As many images count as if the usual blend had told their labels.
    private const double PriorImages = 30;

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
    /// <param name="task">The threads and the cancellation.</param>
    public static BlendChoice Of(ExpertPool pool, ScoredFolds folds, AutoTask task)
    {
        double[][] usual = [.. folds.Others.Zip(folds.ZeroShot, (some, zeroShot) => Usual(pool, some, zeroShot, task))];
        double[][] stacked = [.. folds.Others.Select((some, i) => Stacked(pool, some, folds.ZeroShot[i], usual[i], task))];
        var (blends, choice) = ((double[][][])[stacked, usual])
            .Select(blends => (Blends: blends, Choice: StepChoice.Of(folds.All, folds.ZeroShot, blends, HeldOutEvidence.OfImages)))
            .MaxBy(item => (item.Choice.Step > 0, item.Choice.Gain));
        var target = Usual(pool, folds.All, folds.AllZeroShot, task);
        if (blends == stacked)
            target = Stacked(pool, folds.All, folds.AllZeroShot, target, task);
        return new BlendChoice(
            StepChoice.Between(folds.AllZeroShot, target, choice.Step),
            [.. folds.ZeroShot.Zip(blends, (from, to) => StepChoice.Between(from, to, choice.Step))],
            choice);
    }

    /// <summary>The blend of least held-out log-loss, which few images leave near the usual one.</summary>
    private static double[] Stacked(ExpertPool pool, HeldOutFold[] folds, double[] zeroShot, double[] usual, AutoTask task)
    {
        task.Context.CancellationToken.ThrowIfCancellationRequested();
        int[] all = [.. Enumerable.Range(0, pool.Count)];
        var weights = task.HasPseudoLabels ? LogitStacking.Fit(folds, all, zeroShot, task.Threads) : LogitStacking.Fit(folds, all, usual, task.Threads, new StackingPrior(usual, PriorImages));
        weights[ExpertPool.Origin] = Math.Max(weights[ExpertPool.Origin], LeastOrigin * zeroShot[ExpertPool.Origin]);
        return weights;
    }

    /// <summary>The blend that needs no fitting, at the temperature that the images want; of labels that the names gave, the one of new classes at the temperature of zero-shot.</summary>
    private static double[] Usual(ExpertPool pool, HeldOutFold[] folds, double[] zeroShot, AutoTask task)
    {
        if (task.HasPseudoLabels)
            return [.. pool.PartsIn(UnfittedBlend.NewClasses).Select(part => part * zeroShot[ExpertPool.Origin])];
        var parts = pool.PartsIn(UnfittedBlend.FewExamples);
        double[] weights = [.. parts.Select((part, e) => folds.Average(fold => fold.Spread(e)) is var spread and > 0 ? part / spread : 0)];
        var temperature = TemperatureScaling.Fit(BlendCalibration.Blend(folds, [.. folds.Select(_ => weights)]), folds.SelectMany(fold => fold.Labels).ToArray(), TemperatureScaling.FewPseudoErrors);
        return [.. weights.Select(weight => weight / temperature)];
    }
}
