using System.Globalization;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;

namespace Lfa.Analysis;

/// <summary>Judges the guard of the automatic choice on made-up problems, some of which no adaptation can help.</summary>
internal static class GuardTable
{
    /// <summary>Prototypes and images without cones, isotropic noise: the prototypes are the classes' own directions.</summary>
    public static readonly MadeUpProblemOptions Plain = new() { RotatedShare = 0, NoiseDecay = 0, TextConcentration = 0, ImageConcentration = 0, NoiseShare = 0.9, TestImages = 20 };

    /// <summary>The modality gap and a rotation between prototypes and images.</summary>
    public static readonly MadeUpProblemOptions Gap = new() { TestImages = 20 };

    private const int Seeds = 20;

    private static readonly Case[] Cases =
    [
        new("nothing to adapt, 4 shots", Plain with { Shots = 4 }),
        new("nothing to adapt, 16 shots", Plain with { Shots = 16 }),
        new("nothing to adapt, noisier, 8 shots", Plain with { Shots = 8, NoiseShare = 0.95 }),
        new("nothing to adapt, d = 128, C = 10, 4 shots", Plain with { Shots = 4, Classes = 10, Dimension = 128 }),
        new("nothing to adapt, 10 % of the labels wrong, 8 shots", Plain with { Shots = 8 }, Flipped: 0.1),
        new("nothing to adapt, 1 to 8 shots", Plain with { Shots = 8 }, Unbalanced: true),
        new("nothing to adapt, 1 shot", Plain with { Shots = 1 }),
        new("a rotation, 1 shot", Gap with { Shots = 1 }),
        new("a rotation, 4 shots", Gap with { Shots = 4 }),
        new("a rotation, 16 shots", Gap with { Shots = 16 }),
        new("a gap alone, 4 shots", Gap with { Shots = 4, RotatedShare = 0 }),
        new("a gap alone, 16 shots", Gap with { Shots = 16, RotatedShare = 0 }),
        new("a rotation alone, 8 shots", Plain with { Shots = 8, RotatedShare = Gap.RotatedShare, NoiseShare = Gap.NoiseShare }),
        new("a rotation, 10 % of the labels wrong, 8 shots", Gap with { Shots = 8 }, Flipped: 0.1),
        new("a rotation, 1 to 8 shots", Gap with { Shots = 8 }, Unbalanced: true),
        new("a rotation, d = 128, C = 10, 4 shots", Gap with { Shots = 4, Classes = 10, Dimension = 128 }),
    ];

    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine($"Top-1 in per cent on made-up problems, means of seeds 1 to {Seeds}. The oracle takes, on the test images, the best of zero-shot,");
        Console.WriteLine("β-Procrustes with 5 values of β, LFA after 30 and 100 iterations and its moving averages, and the Gaussian with 9 weights.");
        Console.WriteLine();
        Console.WriteLine("| problem | zero-shot | auto | least gain of a seed | LFA, T = 100 | oracle | keeps zero-shot | part of the oracle's gain |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var item in Cases)
        {
            var runs = Enumerable.Range(1, Seeds).Select(seed => Run(item, seed)).ToArray();
            var (zeroShot, auto, oracle) = (runs.Average(run => run.ZeroShot), runs.Average(run => run.Auto), runs.Average(run => run.Oracle));
            var part = oracle - zeroShot < 1 ? "–" : $"{100 * (auto - zeroShot) / (oracle - zeroShot):F0} %";
            Console.WriteLine($"| {item.Name} | {zeroShot:F2} | {auto:F2} | {runs.Min(run => run.Auto - run.ZeroShot):+0.00;-0.00;0.00} | {runs.Average(run => run.Lfa):F2} | {oracle:F2} | {100.0 * runs.Count(run => !run.Adapts) / Seeds:F0} % | {part} |");
        }
    }

    private static Outcome Run(Case item, int seed)
    {
        var (train, test) = MadeUpProblem.Create(item.Options, seed);
        train = item.Unbalanced ? Unbalance(train) : train;
        train = item.Flipped > 0 ? WrongLabels.Flip(train, item.Flipped, seed) : train;
        var context = new FitContext { Seed = seed };
        var auto = new AutoMethod().Fit(train, context);
        var zeroShot = Top1.OfZeroShot(test);
        var orthogonal = OrthogonalProcrustes.Fit(train);
        var shrunk = ((double[])[0, 0.25, 0.5, 0.75, 0.9]).Select(beta => Top1.Of(BetaProcrustes.Shrink(orthogonal, beta), test));
        var refined = ((int[])[30, 100]).Select(iterations => new LfaMethod().WithIterations(iterations).Fit(train, context).Stages.ToDictionary(stage => stage.Name, stage => Top1.Of(stage.Scorer, test))).ToArray();
        var lfa = refined.Select(stages => stages[FitStages.Lfa]).ToArray();
        var averages = refined.Select(stages => stages[FitStages.MovingAverage]);
        var discriminant = SharedCovarianceGaussian.Fit(ClassStatistics.FromTask(train), Environment.ProcessorCount);
        var gaussian = ((double[])[1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1]).Select(weight => Top1.Of(new LinearScorer(Blend(train, discriminant, (float)weight)), test));
        var oracle = new[] { zeroShot }.Concat(shrunk).Concat(lfa).Concat(averages).Concat(gaussian).Max();
        return new Outcome(zeroShot, Top1.Of(auto.Scorer!, test), lfa[^1], oracle, auto.Detail<AutoSelection>()!.Adapts);
    }

    private static LinearHead Blend(FeatureSet task, LinearHead discriminant, float weight) => new(
        new Matrix(task.ClassPrototypes.Values.ToArray().Zip(discriminant.Weights.Values.ToArray(), (y, w) => (100 * y) + (weight * w)).ToArray(), task.ClassCount, task.Dimension),
        discriminant.Biases.ToArray().Select(bias => weight * bias).ToArray());

    /// <summary>Keeps 1, 2, … examples of the classes in turn, up to all.</summary>
    private static FeatureSet Unbalance(FeatureSet task)
    {
        var (kept, seen) = (new List<int>(), new int[task.ClassCount]);
        var most = task.SampleCount / task.ClassCount;
        for (var row = 0; row < task.SampleCount; row++)
        {
            var label = task.Labels.Span[row];
            if (seen[label]++ <= label % most)
                kept.Add(row);
        }
        return task.SelectRows([.. kept]);
    }

    private sealed record Case(string Name, MadeUpProblemOptions Options, double Flipped = 0, bool Unbalanced = false);

    private sealed record Outcome(double ZeroShot, double Auto, double Lfa, double Oracle, bool Adapts);
}
