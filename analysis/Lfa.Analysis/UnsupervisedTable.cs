using System.Diagnostics;
using System.Globalization;
using Lfa.Data;
using Lfa.Transport;

namespace Lfa.Analysis;

/// <summary>Fits without labels on real features: the published way, and the automatic choice by pseudo-labels.</summary>
internal static class UnsupervisedTable
{
    private static readonly int[] Seeds = [1, 2, 3];

    private static readonly Case[] Cases =
    [
        new("ImageNet, 4 images a class", "imagenet_vitb32_train_4shot", "imagenet_vitb32_test", Iterations: 50, Published: "63.55"),
        new("Caltech101, 16 images a class", "caltech101_59_train_16shot", "caltech101_59_test", Iterations: 100, Published: "98.68"),
        new("Caltech101, 4 images a class", "caltech101_59_train_4shot", "caltech101_59_test", Iterations: 100, Published: "–"),
        new("Caltech101, 1 image a class", "caltech101_59_train_1shot", "caltech101_59_test", Iterations: 100, Published: "–"),
    ];

    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine("Top-1 in per cent, CLIP ViT-B/32, fitted to training images without their labels, tested on the test files; seeds 1, 2, 3.");
        foreach (var item in Cases)
            Print(item);
    }

    private static void Print(Case item)
    {
        var (train, test) = (RealFeatures.Read(item.Train), RealFeatures.Read(item.Test));
        Console.WriteLine();
        Console.WriteLine($"**{item.Name}**; zero-shot {LfaTrainer.Fit(train, new LfaOptions { Method = FitMethod.ZeroShot }).Classifier.Accuracy(test, 0).Top1:F2}; published, one run: {item.Published}.");
        Console.WriteLine();
        Console.WriteLine("| way | 1 | 2 | 3 | mean | log-loss | labels right, first round | last round | seconds, fastest |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        PrintRow("published way (`--method lfa`)", train, test, new LfaOptions { Method = FitMethod.Lfa, Refinement = new() { Iterations = item.Iterations } });
        PrintRow("the same, estimated shares", train, test, new LfaOptions { Method = FitMethod.Lfa, Refinement = new() { Iterations = item.Iterations }, Unsupervised = new() { Shares = ClassShares.Estimated } });
        PrintRow("`--method auto`", train, test, new LfaOptions());
        PrintRow("the same, uniform shares", train, test, new LfaOptions { Unsupervised = new() { Shares = ClassShares.Uniform } });
    }

    private static void PrintRow(string name, FeatureSet train, FeatureSet test, LfaOptions options)
    {
        var runs = Seeds.Select(seed =>
        {
            var start = Stopwatch.GetTimestamp();
            var fit = LfaTrainer.FitUnlabelled(train, options: options with { Seed = seed });
            return (Fit: fit, Seconds: Stopwatch.GetElapsedTime(start).TotalSeconds, Test: fit.Classifier.Evaluate(test));
        }).ToArray();
        var top1 = runs.Select(run => run.Test.Top1).ToArray();
        Console.WriteLine($"| {name} | {string.Join(" | ", top1.Select(value => $"{value:F2}"))} | {top1.Average():F2} | {runs.Average(run => run.Test.LogLoss):F4} | {runs.Min(run => run.Seconds):F2} |");
        Console.WriteLine($"{string.Join("; ", runs.Select(run => run.Fit.Auto?.Chosen + " " + run.Fit.Auto?.Step + " " + run.Fit.Auto?.Reason + string.Join(",", run.Fit.Unsupervised!.Rounds) + run.Fit.Seconds + run.Fit.Classifier.Temperature + " ece " + run.Test.Ece))}");
    }

    private sealed record Case(string Name, string Train, string Test, int Iterations, string Published);
}
