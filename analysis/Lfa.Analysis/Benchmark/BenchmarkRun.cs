using System.Collections.Concurrent;
using System.Globalization;
using Lfa.Methods;
using Lfa.Protocols.Comparison;

namespace Lfa.Analysis.Benchmark;

/// <summary>Fits every inductive method to every column and judges the automatic choice against them.</summary>
internal sealed class BenchmarkRun
{
    private static readonly int[] Seeds = [1, 2, 3];
    private static readonly IMethod[] Inductive = [.. MethodComparison.Methods.Where(method => !method.Needs.HasFlag(MethodNeeds.ImagesToClassify))];

    private readonly BenchmarkColumn[] _columns;
    private readonly IMethod[] _methods;
    private readonly HashSet<(string Column, int Seed, string Method)> _known;
    private readonly ConcurrentQueue<BenchmarkResult> _results;
    private readonly string? _save;

    private BenchmarkRun(BenchmarkOptions options)
    {
        _columns = [.. ((IEnumerable<BenchmarkColumn>)[.. RealColumns.All, .. MadeUpColumns.All(options.Large)]).Where(column => column.Name.Contains(options.Columns ?? "", StringComparison.OrdinalIgnoreCase))];
        var reused = options.Reuse is { } file ? Reused(file, options.Methods) : [];
        _results = new(reused);
        _known = [.. reused.Select(result => (result.Column, result.Seed, result.Method))];
        _methods = options is { Methods: [], Reuse: null } ? Inductive : [.. Inductive.Where(method => IsAlwaysRun(method.Name) || options.Methods.Contains(method.Name) || reused.Any(result => result.Method == method.Name))];
        _save = options.Save;
    }

    /// <summary>Runs the benchmark and prints its tables.</summary>
    /// <param name="args">Names of methods, and the options of <see cref="BenchmarkOptions"/>.</param>
    public static void Print(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var run = new BenchmarkRun(BenchmarkOptions.Parse(args));
        run.Fit();
        BenchmarkTable.Print([.. run._columns.Select(column => new ColumnSummary(column, run._results.Where(result => result.Column == column.Name)))]);
    }

    private static bool IsAlwaysRun(string method) => method is ColumnSummary.ZeroShot or ColumnSummary.Auto;

    private BenchmarkResult[] Reused(string file, IReadOnlyList<string> named)
    {
        var columns = _columns.Select(column => column.Name).ToHashSet();
        return [.. BenchmarkResult.Read(file).Where(result => columns.Contains(result.Column) && result.Method != ColumnSummary.Auto && !named.Contains(result.Method))];
    }

    // A column and seed a thread: a fit gives the same on one thread as on several.
    private void Fit()
    {
        if (_save is not null)
            File.WriteAllLines(_save, _results.Select(result => result.ToLine()));
        var tasks = _columns.SelectMany(column => Seeds.Select(seed => (column, seed))).ToArray();
        var done = 0;
        Parallel.ForEach(Partitioner.Create(tasks, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, task =>
        {
            Fit(task.column, task.seed);
            Console.Error.WriteLine($"{Interlocked.Increment(ref done)} of {tasks.Length}: {task.column.Name}, seed {task.seed}");
        });
    }

    private void Fit(BenchmarkColumn column, int seed)
    {
        var missing = _methods.Where(method => !_known.Contains((column.Name, seed, method.Name))).ToArray();
        if (missing.Length == 0)
            return;
        var (train, test) = column.Draw(seed);
        var comparison = new MethodComparison(train, test, new FitContext { Seed = seed, MaxDegreeOfParallelism = 1 });
        foreach (var method in missing.Where(method => comparison.Suitable.Any(suitable => suitable.Name == method.Name)))
            Keep(BenchmarkResult.FromOutcome(column.Name, seed, comparison.Run(method)));
    }

    private void Keep(BenchmarkResult result)
    {
        _results.Enqueue(result);
        if (_save is null)
            return;
        lock (_results)
            File.AppendAllText(_save, result.ToLine() + "\n");
    }
}
