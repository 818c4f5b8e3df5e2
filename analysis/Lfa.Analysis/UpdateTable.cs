using System.Globalization;
using Lfa.Data;
using Lfa.Model;

namespace Lfa.Analysis;

/// <summary>Updates a classifier without its first images, and prints the accuracy beside that of a fit to all images at once.</summary>
internal static class UpdateTable
{
    private static readonly int[] Seeds = [1, 2, 3];

    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine("The automatic choice. Top-1 in per cent and log-loss in nats on the test images: after the first fit; updated from sums; fitted again to all.");
        Console.WriteLine("Where classes join, the first fit is measured on the images of its own classes, the others on all.");
        Console.WriteLine();
        Console.WriteLine("| task | update | seed | first fit | updated | fitted again |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: |");
        foreach (var seed in Seeds)
        {
            var (train, test) = MadeUpProblem.Create(seed: seed);
            Print("made up, 50 classes", train, test, seed);
        }
        foreach (var seed in Seeds)
            Print("Caltech101-59", RealFeatures.Read("caltech101_59_train_16shot"), RealFeatures.Read("caltech101_59_test"), seed);
    }

    private static void Print(string name, FeatureSet train, FeatureSet test, int seed)
    {
        var context = new FitContext { Seed = seed };
        var whole = Measure(LfaModel.Fit(train, context: context), test);
        foreach (var shots in new[] { 4, 8 })
        {
            var first = FirstShots(train, shots);
            Report($"{shots} images a class, then {16 - shots} more", train.SelectRows([.. first]), test, train.SelectRows([.. Enumerable.Range(0, train.SampleCount).Except(first)]));
        }
        var (known, added) = ClassSplit.BaseAndNew(train);
        Report("half of the classes, then the others", known, ClassSplit.BaseAndNew(test).Base, added);

        void Report(string what, FeatureSet start, FeatureSet startTest, FeatureSet more)
        {
            var model = LfaModel.Fit(start, context: context);
            Console.WriteLine($"| {name} | {what} | {seed} | {Measure(model, startTest)} | {Measure(ModelUpdater.Update(model, more).Model, test)} | {whole} |");
        }
    }

    private static HashSet<int> FirstShots(FeatureSet train, int shots)
    {
        var seen = new int[train.ClassCount];
        return [.. Enumerable.Range(0, train.SampleCount).Where(row => seen[train.Labels.Span[row]]++ < shots)];
    }

    private static string Measure(LfaModel model, FeatureSet test)
    {
        var evaluation = model.Evaluate(test);
        return $"{100 * evaluation.Top1Accuracy:F2} / {evaluation.LogLoss:F3}";
    }
}
