namespace Lfa.Protocols.Results;

/// <summary>A table as papers print it: methods by shots and parts, top-1 as mean and deviation over the seeds.</summary>
public sealed record ResultTable
{
    /// <summary>Gets the dataset, or null for the average over all.</summary>
    public string? Data { get; init; }

    /// <summary>Gets the columns.</summary>
    public required IReadOnlyList<ResultTableColumn> Columns { get; init; }

    /// <summary>Gets the methods.</summary>
    public required IReadOnlyList<ResultTableRow> Rows { get; init; }

    /// <summary>Gets where there were fewer images than shots, and what methods refused, one a line; empty where all is as asked for.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Gets the headings of the columns: what tells them apart.</summary>
    public IReadOnlyList<string> Headings
    {
        get
        {
            var (manyShots, manyParts) = (Columns.DistinctBy(column => column.Shots).Count() > 1, Columns.DistinctBy(column => column.Part).Count() > 1);
            return [.. Columns.Select(column => !manyParts ? column.Shots.InWords : manyShots ? $"{column.Shots.InWords}, {column.Part}" : column.Part)];
        }
    }

    /// <summary>Makes the table of a dataset.</summary>
    /// <param name="plan">The experiment.</param>
    /// <param name="rows">Its results.</param>
    /// <param name="data">The name of the dataset.</param>
    public static ResultTable Create(ProtocolPlan plan, IReadOnlyList<ResultRow> rows, string data)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ResultRow[] own = [.. rows.Where(row => row.Data == data)];
        return Make(plan, own, PartsOf(own), data) with { Notes = [.. plan.Shots.SelectMany(shots => NotesOf(shots, own))] };
    }

    /// <summary>Makes the table of the means over all datasets: for each seed their mean, then mean and deviation over the seeds.</summary>
    /// <param name="plan">The experiment.</param>
    /// <param name="rows">Its results.</param>
    /// <returns>The table, with the parts that all datasets have; a method that refused one of them has no mean.</returns>
    public static ResultTable Average(ProtocolPlan plan, IReadOnlyList<ResultRow> rows)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var parts = rows.GroupBy(row => row.Data).Select(PartsOf).Aggregate((first, second) => [.. first.Intersect(second)]);
        var means = rows.Where(row => row.Top1Accuracy is not null)
            .GroupBy(row => (row.Shots, row.Seed, row.Method, row.Part))
            .Where(group => group.Count() == plan.Data.Count)
            .Select(group => group.First() with { Top1Accuracy = group.Average(row => row.Top1Accuracy) });
        return Make(plan, [.. means], parts, data: null);
    }

    private static string[] PartsOf(IEnumerable<ResultRow> rows) => [.. rows.Where(row => row.Part is not null).Select(row => row.Part!).Distinct()];

    private static ResultTable Make(ProtocolPlan plan, IReadOnlyList<ResultRow> rows, IReadOnlyList<string> parts, string? data)
    {
        ResultTableColumn[] columns = [.. plan.Shots.SelectMany(shots => parts.Select(part => new ResultTableColumn(shots, part)))];
        var values = rows.Where(row => row.Top1Accuracy is not null).ToLookup(row => (row.Method, row.Shots, row.Part), row => 100 * row.Top1Accuracy!.Value);
        var transductive = rows.Where(row => row.UsesTestImages).Select(row => row.Method).ToHashSet();
        return new ResultTable
        {
            Data = data,
            Columns = columns,
            Rows = [.. plan.Methods.Select(method => new ResultTableRow(method, transductive.Contains(method), [.. columns.Select(column => SeedStatistic.Of([.. values[(method, column.Shots.ToString(), column.Part)]]))]))],
            Notes = [],
        };
    }

    // Seeds that are refused alike share a line.
    private static IEnumerable<string> NotesOf(Shots shots, IEnumerable<ResultRow> rows)
    {
        ResultRow[] own = [.. rows.Where(row => row.Shots == shots.ToString())];
        if (own.FirstOrDefault(row => row.ShortClasses > 0) is { ShortClasses: var count })
            yield return Invariant($"{shots.InWords}: {count} of the classes fitted to {(count == 1 ? "has" : "have")} fewer images, all of which were taken.");
        foreach (var group in own.Where(row => row.Refusal is not null).GroupBy(row => (row.Method, row.Refusal)))
            yield return $"{group.Key.Method}, {shots.InWords}, {(group.Count() == 1 ? "seed" : "seeds")} {string.Join(", ", group.Select(row => row.Seed))}: {group.Key.Refusal}";
    }
}

/// <summary>A column of a table.</summary>
/// <param name="Shots">The number of shots.</param>
/// <param name="Part">The part that was measured.</param>
public sealed record ResultTableColumn(Shots Shots, string Part);

/// <summary>A method in a table.</summary>
/// <param name="Method">The method.</param>
/// <param name="UsesTestImages">Whether it looked at all test images, without their labels.</param>
/// <param name="Values">Its top-1 in per cent for each column; null where it has none.</param>
public sealed record ResultTableRow(string Method, bool UsesTestImages, IReadOnlyList<SeedStatistic?> Values)
{
    /// <summary>Gets the method, with a mark where it looked at the test images.</summary>
    public string Label => UsesTestImages ? $"{Method} (uses the test images)" : Method;
}

/// <summary>Mean and deviation over seeds.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation with divisor n − 1; null for one seed.</param>
/// <param name="Seeds">The number of seeds n.</param>
public sealed record SeedStatistic(double Mean, double? Deviation, int Seeds)
{
    /// <summary>Returns the mean and the deviation with two digits.</summary>
    public override string ToString() => Deviation is { } deviation ? Invariant($"{Mean:F2} ± {deviation:F2}") : Invariant($"{Mean:F2}");

    internal static SeedStatistic? Of(double[] values)
    {
        if (values.Length == 0)
            return null;
        var mean = values.Average();
        return new SeedStatistic(mean, values.Length == 1 ? null : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)), values.Length);
    }
}
