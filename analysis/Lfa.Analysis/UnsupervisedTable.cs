using System.Diagnostics;
using System.Globalization;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Transport;

namespace Lfa.Analysis;

/// <summary>Fits without labels on real features: the published way, and the automatic choice by pseudo-labels; then with labels of a few images.</summary>
internal static class UnsupervisedTable
{
    private static readonly int[] Seeds = [1, 2, 3];

    private static readonly Case[] Cases =
    [
        new("ImageNet, 4 images a class", "imagenet_vitb32_train_4shot", "imagenet_vitb32_test", Iterations: 50, Published: "63.55"),
        new("Caltech101, 16 images a class", "caltech101_59_train_16shot", "caltech101_59_test", Iterations: 100, Published: "98.68"),
        new("Caltech101, 4 images a class", "caltech101_59_train_4shot", "caltech101_59_test", Iterations: 100, Published: "–"),
        new("Caltech101, 1 image a class", "caltech101_59_train_1shot", "caltech101_59_test", Iterations: 100, Published: "–"),
        new("UCF101, 16 images a class", "ucf101_49_train_16shot", "ucf101_49_test", Iterations: 100, Published: "–"),
        new("UCF101, 4 images a class", "ucf101_49_train_4shot", "ucf101_49_test", Iterations: 100, Published: "–"),
    ];

    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine("Top-1 in per cent, CLIP ViT-B/32, fitted to training images without their labels, tested on the test files; seeds 1, 2, 3.");
        foreach (var item in Cases)
            PrintUnsupervised(item);
        PrintSemisupervised(Cases[0], [1, 2]);
        PrintSemisupervised(Cases[1], [1, 2, 4]);
    }

    private static void PrintUnsupervised(Case item)
    {
        var (train, test) = (RealFeatures.Read(item.Train), RealFeatures.Read(item.Test));
        var zeroShot = Evaluation.FromScorer(new ZeroShotMethod().Fit(train).Scorer!, test);
        Console.WriteLine();
        Console.WriteLine($"**{item.Name}**; zero-shot {100 * zeroShot.Top1Accuracy:F2} (log-loss {zeroShot.LogLoss:F4}, ECE {zeroShot.Ece:F3}); published, one run: {item.Published}.");
        Console.WriteLine();
        Console.WriteLine("| way | 1 | 2 | 3 | mean | log-loss | ECE | labels of zero-shot, first round | the round before, last round | seconds, fastest |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        PrintRow($"published way (`--method lfa --iterations {item.Iterations}`)", train, test, new UnsupervisedLfaMethod().WithIterations(item.Iterations));
        PrintRow("ours (`--method auto`, the default)", train, test, new UnsupervisedAutoMethod());
        PrintRow("ours, `--class-prior uniform`", train, test, new UnsupervisedAutoMethod { Transport = new() { ClassPrior = ClassPrior.Uniform } });
    }

    private static void PrintRow(string name, FeatureSet train, FeatureSet test, IMethod method)
    {
        var runs = Seeds.Select(seed =>
        {
            var start = Stopwatch.GetTimestamp();
            var fit = method.Fit(new FitTask(unlabeled: train), new FitContext { Seed = seed });
            return (fit.Detail<TransportReport>()!.Rounds, Seconds: Stopwatch.GetElapsedTime(start).TotalSeconds, Test: Evaluation.FromScorer(fit.Scorer!, test));
        }).ToArray();
        var top1 = runs.Select(run => 100 * run.Test.Top1Accuracy).ToArray();
        double Agreement(Index round) => 100 * runs.Average(run => run.Rounds[round].Agreement);
        Console.WriteLine($"| {name} | {string.Join(" | ", top1.Select(value => $"{value:F2}"))} | {top1.Average():F2} | {runs.Average(run => run.Test.LogLoss):F4} | {runs.Average(run => run.Test.Ece):F3} | {Agreement(0):F1} % | {(runs[0].Rounds.Count > 1 ? $"{Agreement(^1):F1} %" : "–")} | {runs.Min(run => run.Seconds):F2} |");
    }

    private static void PrintSemisupervised(Case item, int[] shots)
    {
        var (train, test) = (RealFeatures.Read(item.Train), RealFeatures.Read(item.Test));
        Console.WriteLine();
        Console.WriteLine($"**{item.Name}, some of them with labels**; `--method auto`, means over the seeds.");
        Console.WriteLine();
        Console.WriteLine("| labeled images a class | these alone | the others without labels, too | all with labels |");
        Console.WriteLine("| ---: | ---: | ---: | ---: |");
        var all = Seeds.Average(seed => Measure(new AutoMethod(), train, seed));
        foreach (var count in shots)
        {
            var runs = Seeds.Select(seed =>
            {
                var (labeled, others) = FewShot.Split(train, count, seed);
                return (Alone: Measure(new AutoMethod(), labeled, seed), Both: Measure(new UnsupervisedAutoMethod(), new FitTask(labeled, others), seed));
            }).ToArray();
            Console.WriteLine($"| {count} | {runs.Average(run => run.Alone):F2} | {runs.Average(run => run.Both):F2} | {all:F2} |");
        }

        double Measure(IMethod method, FitTask task, int seed) => Top1.Of(method.Fit(task, new FitContext { Seed = seed }).Scorer!, test);
    }

    private sealed record Case(string Name, string Train, string Test, int Iterations, string Published);
}
