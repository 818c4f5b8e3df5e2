using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Lfa.Protocols.Results;
using Lfa.Protocols.Running;

namespace Lfa.Protocols;

/// <summary>Runs an experiment: cells side by side, each finished one kept, the results written whole at the end.</summary>
/// <remarks>
/// Finished cells are kept in a journal in the output folder, by all that determines them: a run that was killed goes on with
/// the others, and after a change of a file, an option or the version, what it concerns runs again. The datasets pass one after the
/// other, so memory holds one of them.
/// </remarks>
public sealed class ProtocolRun
{
    private const string JournalName = "journal.jsonl";

    private readonly ProtocolPlan _plan;
    private readonly int _jobs;
    private readonly string _command;

    /// <summary>Initializes a run.</summary>
    /// <param name="plan">The experiment.</param>
    /// <param name="jobs">The number of cells side by side, which share the processors; 0 for one a processor. It does not change the results. Default: 0.</param>
    /// <param name="command">The command that the rows tell. Default: none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="jobs"/> is below 0.</exception>
    public ProtocolRun(ProtocolPlan plan, int jobs = 0, string command = "")
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(command);
        ArgumentOutOfRangeException.ThrowIfNegative(jobs);
        (_plan, _jobs, _command) = (plan, jobs == 0 ? Environment.ProcessorCount : jobs, command);
    }

    private string JournalPath => Path.Combine(_plan.Output, JournalName);

    /// <summary>Lists the cells, and which of them an earlier run has finished; writes nothing.</summary>
    /// <param name="cancellationToken">Checked before each file.</param>
    /// <exception cref="LfaDataException">The journal is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IReadOnlyList<ListedCell> List(CancellationToken cancellationToken = default)
    {
        var kept = Journal.ReadKeys(JournalPath);
        return [.. PlannedCells.Of(_plan, cancellationToken).All.Select(planned => new ListedCell(planned.Cell, kept.Contains(planned.Key)))];
    }

    /// <summary>Runs the cells that are not finished and writes the results.</summary>
    /// <param name="progress">Progress sink, called after each cell on its thread; null to disable.</param>
    /// <param name="cancellationToken">Stops the work; finished cells are kept.</param>
    /// <returns>The results.</returns>
    /// <exception cref="LfaDataException">A file holds no task that can be fitted and measured, or the journal is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read or written, or another run writes to the same folder.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public ProtocolResult Execute(IProgress<ProtocolProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        CreateOutput();
        using var journal = Journal.Open(JournalPath);
        var planned = PlannedCells.Of(_plan, cancellationToken);
        var pending = planned.All.Where(one => journal.Find(one.Key) is null).ToList();
        var done = planned.All.Count - pending.Count;
        progress?.Report(new ProtocolProgress(done, planned.All.Count));
        foreach (var group in pending.GroupBy(one => one.Cell.Data))
        {
            var data = new LoadedData(_plan, group.Key, planned.Digests);
            RunAll([.. group], one =>
            {
                journal.Add(one.Key, data.Run(one.Cell, _jobs, _command, cancellationToken));
                progress?.Report(new ProtocolProgress(Interlocked.Increment(ref done), planned.All.Count));
            }, cancellationToken);
        }
        cancellationToken.ThrowIfCancellationRequested();
        var rows = planned.All.SelectMany(one => journal.Find(one.Key)!).ToArray();
        return ResultFiles.Write(_plan, rows, planned.All.Count, planned.All.Count - pending.Count);
    }

    private void CreateOutput()
    {
        try
        {
            Directory.CreateDirectory(_plan.Output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{_plan.Output}: the folder cannot be made ({e.Message.TrimEnd('.')}); give another output.", e);
        }
    }

    private void RunAll<T>(IReadOnlyList<T> items, Action<T> run, CancellationToken cancellationToken)
    {
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = _jobs, CancellationToken = cancellationToken };
            Parallel.ForEach(Partitioner.Create(items, EnumerablePartitionerOptions.NoBuffering), options, run);
        }
        catch (AggregateException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}

/// <summary>A cell of an experiment, and whether an earlier run has finished it.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="IsKept">Whether its rows are in the journal.</param>
public sealed record ListedCell(ProtocolCell Cell, bool IsKept);

/// <summary>How far an experiment is.</summary>
/// <param name="Done">The number of cells that are finished, those of earlier runs included.</param>
/// <param name="Total">The number of cells.</param>
public readonly record struct ProtocolProgress(int Done, int Total);
