using System.Diagnostics;
using System.Globalization;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;

namespace Lfa.Analysis;

/// <summary>
/// Judges the automatic choice on training files alone: some shots of each class to fit to, the others to test with. What the
/// choice is made of was developed on these figures; the test files took no part.
/// </summary>
internal static class TrainingFilesOnly
{
    private static readonly int[] Seeds = [1, 2, 3];

    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine("Top-1 in per cent and log-loss, CLIP ViT-B/32; fitted to some shots of a training file, tested on its other images; means of seeds 1 to 3.");
        Console.WriteLine();
        Console.WriteLine("| classes | shots | zero-shot | auto | gain | least gain of a seed | log-loss | auto | adapts | standard errors | seconds |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        var caltech = RealFeatures.Read("caltech101_59_train_16shot");
        foreach (var shots in (int[])[1, 2, 4, 8, 12])
            PrintRow("Caltech101", caltech, shots);
        var imageNet = RealFeatures.Read("imagenet_vitb32_train_4shot");
        (string Name, int[] Classes)[] parts =
        [
            ("ImageNet's dogs", [.. Enumerable.Range(151, 118)]),
            ("ImageNet's birds", [.. Enumerable.Range(7, 18), .. Enumerable.Range(80, 21), .. Enumerable.Range(127, 20)]),
            ("ImageNet's reptiles", [.. Enumerable.Range(25, 44)]),
            ("ImageNet's insects", [.. Enumerable.Range(300, 27)]),
            ("every 17th of ImageNet", [.. Enumerable.Range(0, 1000).Where(c => c % 17 == 0)]),
            ("every 5th of ImageNet", [.. Enumerable.Range(0, 1000).Where(c => c % 5 == 0)]),
            ("ImageNet", [.. Enumerable.Range(0, 1000)]),
        ];
        foreach (var (name, classes) in parts)
        {
            foreach (var shots in (int[])[1, 2, 3])
                PrintRow(name, TakeClasses(imageNet, classes), shots);
        }
    }

    private static void PrintRow(string name, FeatureSet task, int shots)
    {
        var runs = Seeds.Select(seed =>
        {
            var (train, test) = FewShot.Split(task, shots, seed);
            var start = Stopwatch.GetTimestamp();
            var fit = new AutoMethod().Fit(train, new FitContext { Seed = seed });
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var zeroShot = Evaluation.FromScorer(new ZeroShotMethod().Fit(train).Scorer!, test);
            return (ZeroShot: zeroShot, Auto: Evaluation.FromScorer(fit.Scorer!, test), Selection: fit.Detail<AutoSelection>()!, Seconds: seconds);
        }).ToArray();
        var gains = runs.Select(run => 100 * (run.Auto.Top1Accuracy - run.ZeroShot.Top1Accuracy)).ToArray();
        Console.WriteLine($"| {name} | {shots} | {runs.Average(run => 100 * run.ZeroShot.Top1Accuracy):F2} | {runs.Average(run => 100 * run.Auto.Top1Accuracy):F2} | {gains.Average():+0.00;-0.00} | {gains.Min():+0.00;-0.00} | {runs.Average(run => run.ZeroShot.LogLoss):F4} | {runs.Average(run => run.Auto.LogLoss):F4} | {runs.Count(run => run.Selection.Adapts)} of 3 | {string.Join(" ", runs.Select(run => $"{run.Selection.Gain / run.Selection.GainError:F1}"))} | {runs.Average(run => run.Seconds):F1} |");
    }

    private static FeatureSet TakeClasses(FeatureSet task, int[] classes)
    {
        var place = new Dictionary<int, int>(classes.Select((c, i) => KeyValuePair.Create(c, i)));
        int[] rows = [.. Enumerable.Range(0, task.SampleCount).Where(row => place.ContainsKey(task.Labels.Span[row]))];
        int[] labels = [.. rows.Select(row => place[task.Labels.Span[row]])];
        string[] names = [.. classes.Select(c => task.ClassNames[c])];
        return new FeatureSet(task.ImageFeatures.SelectRows(rows), task.ClassPrototypes.SelectRows(classes), labels, names, normalize: false);
    }
}
