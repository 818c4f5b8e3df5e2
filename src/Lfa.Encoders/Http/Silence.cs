namespace Lfa.Encoders.Http;

/// <summary>Ends the waiting for a server that has been silent for too long.</summary>
internal sealed class Silence : IDisposable
{
    private readonly TimeSpan _longest;
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _caller;

    /// <summary>Initializes an instance that does not measure yet.</summary>
    /// <param name="longest">How long a silence may be.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="cancellationToken">Ends the waiting too.</param>
    public Silence(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        _longest = longest;
        _end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _caller = cancellationToken.Register(_end.Cancel);
    }

    /// <summary>Gets what is canceled at the end of the waiting.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>Begins to measure.</summary>
    public void Start() => _end.CancelAfter(_longest);

    /// <summary>Stops: what the reader does with the bytes takes what it takes.</summary>
    public void Stop() => _end.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _caller.Dispose();
        _end.Dispose();
    }
}
