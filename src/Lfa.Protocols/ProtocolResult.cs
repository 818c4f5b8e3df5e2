using Lfa.Protocols.Results;

namespace Lfa.Protocols;

/// <summary>The outcome of an experiment.</summary>
public sealed record ProtocolResult
{
    /// <summary>Gets the experiment.</summary>
    public required ProtocolPlan Plan { get; init; }

    /// <summary>Gets the rows, in the order of the cells.</summary>
    public required IReadOnlyList<ResultRow> Rows { get; init; }

    /// <summary>Gets what the figures of the tables are.</summary>
    public string Legend => Plan.Seeds.Count == 1
        ? Invariant($"top-1 in per cent, seed {Plan.Seeds[0]}")
        : $"top-1 in per cent, mean ± standard deviation over the seeds {string.Join(", ", Plan.Seeds)}";

    /// <summary>Gets the tables: the average where there are several datasets, then one a dataset.</summary>
    public required IReadOnlyList<ResultTable> Tables { get; init; }

    /// <summary>Gets the number of cells.</summary>
    public required int Cells { get; init; }

    /// <summary>Gets how many of them an earlier run had finished.</summary>
    public required int Resumed { get; init; }

    /// <summary>Gets the paths of the files that were written.</summary>
    public required IReadOnlyList<string> Files { get; init; }
}
