using Lfa.Cli.Rendering;

namespace Lfa.Cli;

/// <summary>What a command works with beside its arguments.</summary>
/// <param name="Output">Takes results. It is flushed when a command succeeds.</param>
/// <param name="Error">Takes progress, and the one line of a failure.</param>
/// <param name="ShowsProgress">Whether a person watches <paramref name="Error"/>.</param>
/// <param name="CancellationToken">Is canceled when the user presses Ctrl-C.</param>
internal sealed record Session(TextWriter Output, TextWriter Error, bool ShowsProgress, CancellationToken CancellationToken)
{
    /// <summary>Starts a display of progress, which appears when the work takes long and a person watches.</summary>
    /// <param name="description">What is done first.</param>
    public ProgressDisplay StartProgress(string description) => new(Error, ShowsProgress, description);

    /// <summary>Makes what a fit works with: its warnings are told, and it stops when the user asks for it.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; -1 for all processors.</param>
    /// <param name="progress">Shows how far it is, and keeps the warnings.</param>
    public FitContext CreateContext(int seed, int maxDegreeOfParallelism, ProgressDisplay progress) => new()
    {
        Seed = seed,
        MaxDegreeOfParallelism = maxDegreeOfParallelism,
        Progress = progress,
        Logger = new WarningLogger(progress),
        CancellationToken = CancellationToken,
    };
}
