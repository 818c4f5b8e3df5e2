namespace Lfa.Methods;

/// <summary>Reports one of several rounds as a part of one fit.</summary>
internal sealed class RoundProgress : IProgress<FitProgress>
{
    private readonly IProgress<FitProgress> _progress;
    private readonly int _round;
    private readonly int _rounds;

    private RoundProgress(IProgress<FitProgress> progress, int round, int rounds) => (_progress, _round, _rounds) = (progress, round, rounds);

    /// <summary>Makes the progress of a round.</summary>
    /// <param name="progress">That of the fit; null where nobody listens.</param>
    /// <param name="round">The round, from 0.</param>
    /// <param name="rounds">The number of rounds.</param>
    public static RoundProgress? Of(IProgress<FitProgress>? progress, int round, int rounds) => progress is null ? null : new RoundProgress(progress, round, rounds);

    /// <inheritdoc/>
    public void Report(FitProgress value) => _progress.Report(value with { Completed = (_round * value.Total) + value.Completed, Total = _rounds * value.Total });
}
