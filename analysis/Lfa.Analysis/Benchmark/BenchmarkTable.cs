namespace Lfa.Analysis.Benchmark;

/// <summary>Prints the results of the benchmark.</summary>
internal static class BenchmarkTable
{
    private const double WorstGap = 1;
    private const double WorstDrop = 0.2;

    private static readonly Group[] Groups =
    [
        new("1 shot", column => column.Shots == 1),
        new("2 shots", column => column.Shots == 2),
        new("4 shots", column => column.Shots == 4),
        new("8 shots and more", column => column.Shots >= 8),
        new("All shots", _ => true),
    ];

    public static void Print(IReadOnlyList<ColumnSummary> all)
    {
        ColumnSummary[] columns = [.. all.Where(column => column.Find(ColumnSummary.Auto) is not null)];
        ColumnSummary[] real = [.. columns.Where(column => !column.Column.IsMadeUp)];
        ColumnSummary[] oneSpace = [.. real.Where(column => column.Find(ColumnSummary.ZeroShot) is not null)];
        Console.WriteLine("Top-1 in per cent, log-loss in nats; seconds of a fit on one thread. Means over seeds 1, 2, 3 and over columns, by methods that see no test image.");
        Console.WriteLine("Rank: by top-1 within a column. Worst: of the columns, against zero-shot and against the best of all methods but auto. The interval, of 95 %, resamples test images.");
        foreach (var group in Groups)
            PrintGroup(group.Name, [.. oneSpace.Where(column => group.Holds(column.Column))]);
        PrintGroup("Two spaces, all shots", [.. real.Except(oneSpace)]);
        PrintColumns("Columns", real);
        PrintColumns("Made-up problems", [.. columns.Except(real)]);
        PrintList("auto refuses", all.Except(columns));
    }

    private static void PrintGroup(string name, ColumnSummary[] columns)
    {
        if (columns.Length == 0)
            return;
        Console.WriteLine();
        Console.WriteLine($"## {name}: {(columns.Length == 1 ? "1 column" : $"{columns.Length} columns")}");
        Console.WriteLine();
        Console.WriteLine("| method | columns | top-1 | rank | log-loss | ECE | s | worst against zero-shot | worst against the best | auto's lead | interval |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        var cells = columns.SelectMany(column => column.Methods.Select(method => new Cell(column, method)));
        foreach (var row in cells.GroupBy(cell => cell.Method.Name).OrderByDescending(row => row.Average(cell => cell.Method.Top1)))
            PrintMethod(row.Key, [.. row]);
    }

    private static void PrintMethod(string name, Cell[] cells)
    {
        var (lead, interval) = name == ColumnSummary.Auto ? ("", "") : Lead(cells);
        Console.WriteLine($"| {name} | {cells.Length} | {cells.Average(cell => cell.Method.Top1):F2} | {cells.Average(cell => cell.Column.Rank(cell.Method)):F1} | {cells.Average(cell => cell.Method.LogLoss):F3} | {cells.Average(cell => cell.Method.Ece):F3} | {cells.Average(cell => cell.Method.Seconds):F2} | {Signed(cells.Min(cell => cell.Gain))} | {Signed(cells.Min(cell => cell.Gap))} | {lead} | {interval} |");
    }

    /// <summary>Says how far the automatic choice is ahead of a method on its columns.</summary>
    private static (string Lead, string Interval) Lead(Cell[] cells)
    {
        var resampled = cells.Select(cell => cell.Column.Resampled(cell.Method)).ToArray();
        double[] means = [.. Enumerable.Range(0, resampled[0].Length).Select(replicate => resampled.Average(column => column[replicate])).Order()];
        return (Signed(cells.Average(cell => cell.Column.Find(ColumnSummary.Auto)!.Top1 - cell.Method.Top1)), $"{Signed(means[means.Length / 40])} to {Signed(means[^(means.Length / 40)])}");
    }

    private static void PrintColumns(string title, ColumnSummary[] columns)
    {
        if (columns.Length == 0)
            return;
        Console.WriteLine();
        Console.WriteLine($"## {title}");
        Console.WriteLine();
        Console.WriteLine("| column | zero-shot | best peer | top-1 | auto | gap | log-loss of zero-shot | best peer | auto | ECE of zero-shot | auto |");
        Console.WriteLine("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var column in columns)
            PrintColumn(column, column.Find(ColumnSummary.ZeroShot), column.BestPeer, column.Find(ColumnSummary.Auto)!);
        Console.WriteLine();
        var cells = columns.Select(column => new Cell(column, column.Find(ColumnSummary.Auto)!)).ToArray();
        PrintList($"auto more than {WorstGap:F1} behind the best", cells.Where(cell => cell.Gap < -WorstGap).Select(cell => cell.Column));
        PrintList($"auto more than {WorstDrop:F1} below zero-shot", cells.Where(cell => cell.Gain < -WorstDrop).Select(cell => cell.Column));
        PrintList("ECE of auto above zero-shot's", cells.Where(cell => cell.Method.Ece > cell.Column.Find(ColumnSummary.ZeroShot)?.Ece).Select(cell => cell.Column));
    }

    private static void PrintColumn(ColumnSummary column, MethodSummary? zeroShot, MethodSummary? best, MethodSummary auto) =>
        Console.WriteLine($"| {column.Column.Name} | {zeroShot?.Top1:F2} | {best?.Name} | {best?.Top1:F2} | {auto.Top1:F2} | {Signed(auto.Top1 - best?.Top1)} | {zeroShot?.LogLoss:F3} | {best?.LogLoss:F3} | {auto.LogLoss:F3} | {zeroShot?.Ece:F3} | {auto.Ece:F3} |");

    private static void PrintList(string what, IEnumerable<ColumnSummary> columns) =>
        Console.WriteLine($"- {what}: {(columns.Any() ? string.Join("; ", columns.Select(column => column.Column.Name)) : "none")}");

    private static string Signed(double? value) => $"{value:+0.00;-0.00;0.00}";

    private sealed record Group(string Name, Func<BenchmarkColumn, bool> Holds);

    /// <summary>A method on a column.</summary>
    private sealed record Cell(ColumnSummary Column, MethodSummary Method)
    {
        /// <summary>What the method gains on zero-shot; null in two spaces.</summary>
        public double? Gain => Method.Top1 - Column.Find(ColumnSummary.ZeroShot)?.Top1;

        /// <summary>How far the method is ahead of the best of all but the automatic choice, below 0 where it is behind; null where there is no other.</summary>
        public double? Gap => Method.Top1 - Column.BestPeer?.Top1;
    }
}
