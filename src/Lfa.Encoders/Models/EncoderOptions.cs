namespace Lfa.Encoders.Models;

/// <summary>How an encoder runs.</summary>
public sealed record EncoderOptions
{
    /// <summary>Gets what runs the graph. Default: the processor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the named ones.</exception>
    public ExecutionProvider Provider
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Provider), value, "Provider must be one of the named values.");
    } = ExecutionProvider.Cpu;

    /// <summary>Gets the number of threads of the graph at most, at least 1; −1 for all processors. Default: −1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is neither −1 nor above 0.</exception>
    public int MaxDegreeOfParallelism
    {
        get;
        init => field = value is -1 or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxDegreeOfParallelism), value, "MaxDegreeOfParallelism must be 1 or more, or -1 for all processors.");
    } = -1;

    /// <summary>Gets how many inputs are run through the graph at once, from 1 to 4096. Default: 32.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int BatchSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(BatchSize));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 4096, nameof(BatchSize));
            field = value;
        }
    }
    = 32;
}
