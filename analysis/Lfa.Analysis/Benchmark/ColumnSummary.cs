namespace Lfa.Analysis.Benchmark;

/// <summary>The means over the seeds of every method on a column.</summary>
internal sealed class ColumnSummary
{
    public const string ZeroShot = "zero-shot";
    public const string Auto = "auto";

    private const int Replicates = 1000;

    private readonly Dictionary<string, MethodSummary> _methods;
    private readonly Lazy<Dictionary<string, double[]>> _resampled;

    public ColumnSummary(BenchmarkColumn column, IEnumerable<BenchmarkResult> results)
    {
        Column = column;
        _methods = results.GroupBy(result => result.Method).OrderBy(runs => runs.Key, StringComparer.Ordinal).Where(runs => runs.All(run => run.Refusal is null)).ToDictionary(runs => runs.Key, runs => new MethodSummary([.. runs.OrderBy(run => run.Seed)]));
        BestPeer = _methods.Values.Where(method => method.Name != Auto).MaxBy(method => method.Top1);
        _resampled = new(Resample);
    }

    public BenchmarkColumn Column { get; }

    /// <summary>The methods that do not refuse the column.</summary>
    public IReadOnlyCollection<MethodSummary> Methods => _methods.Values;

    /// <summary>The method of highest top-1 accuracy but for the automatic choice; null where there is no other.</summary>
    public MethodSummary? BestPeer { get; }

    public MethodSummary? Find(string method) => _methods.GetValueOrDefault(method);

    /// <summary>The rank of a method by its top-1 accuracy, from 1; of equal ones the mean.</summary>
    public double Rank(MethodSummary method) =>
        1 + Methods.Count(other => other.Top1 > method.Top1) + ((Methods.Count(other => other.Top1 == method.Top1) - 1) / 2.0);

    /// <summary>The top-1 accuracy of the automatic choice less that of a method in per cent, on resampled test images; the same images for all methods.</summary>
    public double[] Resampled(MethodSummary method) => _resampled.Value[method.Name];

    private Dictionary<string, double[]> Resample()
    {
        var auto = _methods[Auto].Correct;
        var leads = Methods.ToDictionary(method => method.Name, method => (Lead: auto.Zip(method.Correct, (ours, theirs) => ours - theirs).ToArray(), Means: new double[Replicates]));
        var random = new Random(auto.Length); // Columns of the same test images draw the same ones.
        for (var replicate = 0; replicate < Replicates; replicate++)
        {
            int[] drawn = [.. Enumerable.Range(0, auto.Length).Select(_ => random.Next(auto.Length))];
            foreach (var (lead, means) in leads.Values)
            {
                var sum = 0.0;
                foreach (var image in drawn)
                    sum += lead[image];
                means[replicate] = 100 * sum / auto.Length;
            }
        }
        return leads.ToDictionary(pair => pair.Key, pair => pair.Value.Means);
    }
}

/// <summary>The means over the seeds of a method on a column.</summary>
internal sealed class MethodSummary(IReadOnlyList<BenchmarkResult> runs)
{
    public string Name { get; } = runs[0].Method;

    /// <summary>The top-1 accuracy in per cent.</summary>
    public double Top1 { get; } = Math.Round(100 * runs.Average(run => run.Top1), 10); // Equal means are equal, in whatever order they were summed.

    public double LogLoss { get; } = runs.Average(run => run.LogLoss);

    public double Ece { get; } = runs.Average(run => run.Ece);

    public double Seconds { get; } = runs.Average(run => run.Seconds);

    /// <summary>For each test image, the part of the seeds with which it is right.</summary>
    public double[] Correct { get; } = [.. Enumerable.Range(0, runs[0].Correct.Length).Select(image => runs.Average(run => run.Correct[image] - '0'))];
}
