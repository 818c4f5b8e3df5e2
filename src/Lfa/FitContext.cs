using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lfa;

/// <summary>What a run has beside its data and the options of its method: seed, threads, progress, logger and cancellation.</summary>
public sealed record FitContext
{
    /// <summary>
    /// Gets the seed of everything random. Default: 1. The same seed gives the same bits, on any number of threads, on
    /// processors with the same width of register, with the same operating system and runtime.
    /// </summary>
    public int Seed { get; init; } = 1;

    /// <summary>Gets the number of threads at most; −1 for all processors. It does not change the result. Default: −1.</summary>
    public int MaxDegreeOfParallelism
    {
        get;
        init => field = value is -1 or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxDegreeOfParallelism), value, "MaxDegreeOfParallelism must be 1 or more, or -1 for all processors.");
    } = -1;

    /// <summary>Gets the progress sink; null to disable. It is called on the thread that runs the fit. Default: null.</summary>
    public IProgress<FitProgress>? Progress { get; init; }

    /// <summary>Gets the logger: warnings about the data, and what was chosen. Default: none.</summary>
    public ILogger Logger
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Logger));
    } = NullLogger.Instance;

    /// <summary>Gets the token that stops the run; it is checked before each fold and each iteration. Default: none.</summary>
    public CancellationToken CancellationToken { get; init; }
}
