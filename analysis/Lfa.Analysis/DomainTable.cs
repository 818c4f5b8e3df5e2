using System.Globalization;
using Lfa.Classification;
using Lfa.Data;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Model;

namespace Lfa.Analysis;

/// <summary>Fits to images of one domain and classifies those of another, by either transform.</summary>
internal static class DomainTable
{
    private static readonly int[] Seeds = [1, 2, 3];

    /// <summary>Prints the tables; two feature files of the sample's vendors add theirs.</summary>
    /// <param name="args">None, or two .npz files that `lfa embed` made of the images of two vendors with the sample model.</param>
    public static void Print(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine("Top-1 in per cent on a set of another domain, means of seeds 1 to 3: zero-shot, the transform of the trained classes, and that for new classes and shifted domains.");
        var imageNet = RealFeatures.Read("imagenet_vitb32_train_4shot");
        var caltech = Shared(RealFeatures.Read("caltech101_59_test"), imageNet.ClassNames);
        Print($"ImageNet, 4 shots, 1000 classes, then the {caltech.ClassCount} classes of Caltech101-59 with names of ImageNet ({caltech.SampleCount} test images); the prototypes are ImageNet's", imageNet, caltech);
        if (args is not [var first, var second])
            return;
        foreach (var (from, to) in (ReadOnlySpan<(string, string)>)[(first, second), (second, first)])
        {
            var (train, test) = (FeatureFile.Read(from), FeatureFile.Read(to));
            foreach (var shots in (int[])[4, 16])
                Print($"{Path.GetFileNameWithoutExtension(from)}, {shots} shots of each of {train.ClassCount} classes, then {Path.GetFileNameWithoutExtension(to)} ({test.SampleCount} images)", train, test, shots);
        }
    }

    private static void Print(string title, FeatureSet train, FeatureSet test, int? shots = null)
    {
        Console.WriteLine();
        Console.WriteLine($"## {title}");
        Console.WriteLine();
        Console.WriteLine("| method | zero-shot | trained | new |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");
        foreach (var method in (IMethod[])[new LfaMethod(), new AutoMethod()])
        {
            var outcomes = Seeds.Select(seed => DomainAccuracies.FromModel(LfaModel.Fit(shots is { } count ? FewShot.Sample(train, count, seed) : train, method, new FitContext { Seed = seed }), test)).ToArray();
            Console.WriteLine($"| {method.Name} | {Mean(outcome => outcome.ZeroShot!):F2} | {Mean(outcome => outcome.Trained):F2} | {Mean(outcome => outcome.NewClasses!):F2} |");

            double Mean(Func<DomainAccuracies, Accuracy> choose) => outcomes.Average(outcome => 100 * choose(outcome).Top1);
        }
    }

    /// <summary>Takes the images of classes whose names are known, written as there; lower and upper case, and _ and space, are one.</summary>
    private static FeatureSet Shared(FeatureSet test, IReadOnlyList<string> known)
    {
        int[] classes = [.. Enumerable.Range(0, test.ClassCount).Where(c => Known(c) is not null)];
        var some = Halves.Of(test, classes);
        return new FeatureSet(some.ImageFeatures, some.ClassPrototypes, some.Labels, [.. classes.Select(c => Known(c)!)]);

        string? Known(int c) => known.FirstOrDefault(name => Plain(name) == Plain(test.ClassNames[c]));
        static string Plain(string name) => name.Replace('_', ' ').ToUpperInvariant();
    }
}
