namespace Lfa.Methods;

/// <summary>What the experts say of the images that folds hold out, and zero-shot classification at temperatures from other folds.</summary>
internal sealed class ScoredFolds
{
    private readonly int _threads;

    /// <summary>Fits the temperatures of zero-shot classification.</summary>
    /// <param name="all">The folds, at least two.</param>
    /// <param name="repeats">The repeat that each belongs to; those of one repeat hold all images out once.</param>
    /// <param name="threads">The number of threads at most.</param>
    public ScoredFolds(HeldOutFold[] all, IReadOnlyList<int> repeats, int threads)
    {
        (All, _threads) = (all, threads);
        Others = [.. all.Select((_, i) => all.Where((_, j) => j != i && repeats[j] == repeats[i]).ToArray())];
        ZeroShot = [.. Others.Select(ZeroShotOf)];
        AllZeroShot = ZeroShotOf(all);
    }

    /// <summary>Gets the folds.</summary>
    public HeldOutFold[] All { get; }

    /// <summary>Gets, for each fold, the others of its repeat.</summary>
    public HeldOutFold[][] Others { get; }

    /// <summary>Gets, for each fold, the weights of zero-shot classification from the others.</summary>
    public double[][] ZeroShot { get; }

    /// <summary>Gets the weights of zero-shot classification from all folds.</summary>
    public double[] AllZeroShot { get; }

    /// <summary>The weight at which the logits of an expert lie about a nat apart; 0 where they say nothing.</summary>
    /// <remarks>From there on no label is so unlikely that, for the doubt in it, the log-loss is flat.</remarks>
    public static double SoftStart(HeldOutFold[] folds, int expert) => folds.Average(fold => fold.Spread(expert)) is var spread and > 0 ? 1 / spread : 0;

    private double[] ZeroShotOf(HeldOutFold[] folds)
    {
        var start = new double[folds[0].Experts];
        start[ExpertPool.Origin] = SoftStart(folds, ExpertPool.Origin) is var soft and > 0 ? Math.Min(1, soft) : 1;
        return LogitStacking.Fit(folds, [ExpertPool.Origin], start, _threads);
    }
}
