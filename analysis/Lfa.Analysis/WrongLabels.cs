using System.Globalization;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Protocols.Comparison;

namespace Lfa.Analysis;

/// <summary>Flips some training labels of real features and measures what methods make of them.</summary>
internal static class WrongLabels
{
    private const double Part = 0.1;

    private static readonly int[] Seeds = [1, 2, 3];
    private static readonly string[] Methods = ["zero-shot", "gaussian", "tip-adapter-f", "clap", "lfa", "auto"];

    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine($"Top-1 on the test images in per cent and, in brackets, its calibration error; CLIP ViT-B/32; {100 * Part:F0} % of the training labels replaced by others at random; means of seeds 1 to 3.");
        Console.WriteLine();
        Console.WriteLine($"| data |{string.Concat(Methods.Select(method => $" {method} |"))}");
        Console.WriteLine($"| --- |{string.Concat(Methods.Select(_ => " ---: |"))}");
        PrintRow("ImageNet, 4 shots", "imagenet_vitb32_train_4shot", "imagenet_vitb32_test");
        PrintRow("Caltech101-59, 16 shots", "caltech101_59_train_16shot", "caltech101_59_test");
        PrintRow("Caltech101-59, 4 shots", "caltech101_59_train_4shot", "caltech101_59_test");
    }

    /// <summary>Replaces labels by others, each with the given probability.</summary>
    public static FeatureSet Flip(FeatureSet task, double part, int seed)
    {
        var (labels, random) = (task.Labels.ToArray(), new Random(seed));
        for (var row = 0; row < labels.Length; row++)
        {
            if (random.NextDouble() < part)
                labels[row] = (labels[row] + 1 + random.Next(task.ClassCount - 1)) % task.ClassCount;
        }
        return task.Derive(task.Crops, task.ClassPrototypes, labels, task.ClassNames, task.FileNames);
    }

    private static void PrintRow(string name, string trainName, string testName)
    {
        var (train, test) = (RealFeatures.Read(trainName), RealFeatures.Read(testName));
        var comparisons = Seeds.Select(seed => new MethodComparison(Flip(train, Part, seed), test, new FitContext { Seed = seed })).ToArray();
        Console.Write($"| {name} |");
        foreach (var method in Methods)
        {
            var outcomes = comparisons.Select(comparison => comparison.Run(MethodRegistry.Methods.Get(method)).Evaluation!).ToArray();
            Console.Write($" {outcomes.Average(one => 100 * one.Top1Accuracy):F2} ({outcomes.Average(one => one.Ece):F3}) |");
        }
        Console.WriteLine();
    }
}
