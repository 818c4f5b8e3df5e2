using Lfa.Encoders;
using Lfa.Encoders.Hub;
using Lfa.Protocols;
using Spectre.Console;

namespace Lfa.Cli.Rendering;

/// <summary>
/// Shows a progress bar with the loss, or the bytes, and the time left while long work goes on; it takes itself away in the end.
/// </summary>
/// <remarks>
/// It draws on a thread of its own and only once the work has taken half a second, so short work pays nothing for it.
/// </remarks>
internal sealed class ProgressDisplay : IProgress<FitProgress>, IProgress<DownloadProgress>, IProgress<EncodingProgress>, IProgress<ProtocolProgress>, IDisposable
{
    private const double Megabyte = 1e6;

    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(0.1);

    private readonly TextWriter _error;
    private readonly ManualResetEventSlim _finished = new();
    private readonly Task _display;
    private readonly List<string> _lines = [];
    private volatile State _state;

    /// <summary>Starts waiting for the work to take long.</summary>
    /// <param name="error">Takes the bar.</param>
    /// <param name="isWatched">Whether a person watches; otherwise nothing is shown.</param>
    /// <param name="description">What is done first.</param>
    /// <param name="delay">How long work may take without a bar. Default: half a second.</param>
    public ProgressDisplay(TextWriter error, bool isWatched, string description, TimeSpan? delay = null)
    {
        _error = error;
        _state = new State(description, 0, 0);
        _display = isWatched ? Task.Run(() => ShowAfter(delay ?? Delay)) : Task.CompletedTask;
    }

    /// <summary>Says what is done now, where its end is not known.</summary>
    public void Describe(string description) => _state = new State(description, 0, 0);

    /// <summary>Says how much of the rows is done.</summary>
    public void Report(long done, long total)
    {
        if (!_display.IsCompleted)
            _state = _state with { Done = done, Total = total };
    }

    /// <inheritdoc/>
    public void Report(FitProgress value)
    {
        if (!_display.IsCompleted)
            _state = new State(value.Loss is { } loss ? Invariant($"refining, loss {loss:G3}") : _state.Description, value.Completed, value.Total);
    }

    /// <inheritdoc/>
    public void Report(DownloadProgress value)
    {
        if (!_display.IsCompleted)
            _state = new State(value.IsWaiting ? $"{value.File}, waiting for another pull" : Invariant($"{value.File}, {value.Bytes / Megabyte:F1} of {value.TotalBytes / Megabyte:F1} MB"), value.Bytes, value.TotalBytes);
    }

    /// <inheritdoc/>
    public void Report(EncodingProgress value) => Report(value.Done, value.Total);

    /// <inheritdoc/>
    public void Report(ProtocolProgress value)
    {
        if (!_display.IsCompleted)
            _state = new State(Invariant($"{value.Done} of {value.Total} fits"), value.Done, value.Total);
    }

    /// <summary>Keeps a line to write when the bar is away.</summary>
    public void Tell(string line) => _lines.Add(line);

    /// <summary>Takes the bar away and writes the lines.</summary>
    public void Dispose()
    {
        _finished.Set();
        _display.Wait();
        _finished.Dispose();
        foreach (var line in _lines)
            _error.WriteLine(line);
    }

    private void ShowAfter(TimeSpan delay)
    {
        if (_finished.Wait(delay))
            return;
        try
        {
            Show();
        }
        catch (Exception)
        {
            // A terminal that cannot show a bar must not end the work.
        }
    }

    private void Show()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_error), Interactive = InteractionSupport.Yes });
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask(_state.Description);
                do
                {
                    var state = _state;
                    task.Description = Markup.Escape(state.Description);
                    task.IsIndeterminate = state.Total == 0;
                    (task.MaxValue, task.Value) = (Math.Max(state.Total, 1), state.Done);
                }
                while (!_finished.Wait(Refresh));
            });
    }

    private sealed record State(string Description, long Done, long Total);
}
