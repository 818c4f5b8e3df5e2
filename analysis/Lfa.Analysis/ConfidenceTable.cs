using System.Globalization;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Numerics;

namespace Lfa.Analysis;

/// <summary>Learns the confidence from the shots alone and prints how it holds on the test images: calibration, sets, rejection.</summary>
internal static class ConfidenceTable
{
    private static readonly int[] Seeds = [1, 2, 3];
    private static readonly double[] Coverages = [0.8, 0.9, 0.95];
    private static readonly double[] Rates = [0.05, 0.1];
    private const int Draws = 100;

    private static readonly (string Name, string Train, string Test)[] Cases =
    [
        ("ImageNet, 4 shots", "imagenet_vitb32_train_4shot", "imagenet_vitb32_test"),
        ("Caltech101-59, 16 shots", "caltech101_59_train_16shot", "caltech101_59_test"),
        ("Caltech101-59, 4 shots", "caltech101_59_train_4shot", "caltech101_59_test"),
        ("Caltech101-59, 1 shot", "caltech101_59_train_1shot", "caltech101_59_test"),
    ];

    private static readonly (string Name, string Train, string Test)[] MoreCases =
    [
        ("UCF101-49, 16 shots", "ucf101_49_train_16shot", "ucf101_49_test"),
        ("UCF101-49, 4 shots", "ucf101_49_train_4shot", "ucf101_49_test"),
        ("DTD-47, 16 shots", "names_dtd_47_train_16shot", "names_dtd_47_test"),
        ("HWU64, 16 shots", "text_hwu64_train_16shot_s1", "text_hwu64_test"),
        ("Flowers-102, 16 shots", "minilm_oxford_flowers_102_train_16shot", "minilm_oxford_flowers_102_test"),
    ];

    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine("CLIP ViT-B/32 features, the automatic choice; confidence from the images that its folds hold out. Nothing was chosen by the test images.");
        Console.WriteLine("Training rows are means of ten views, and so are the test rows of ImageNet; those of Caltech101 are single center crops. By chance: the mean ECE, and its 95 % quantile, of as many");
        Console.WriteLine("images whose labels are drawn from the probabilities themselves, so that these are perfectly calibrated.");
        Console.WriteLine();
        Console.WriteLine("## Calibration and sets of classes on the test images");
        Console.WriteLine();
        Console.WriteLine($"| task | seed | held out | τ | top-1 held out | top-1 | ECE at 0.01 | ECE | by chance |{string.Concat(Coverages.Select(coverage => $" coverage at {coverage} | mean over classes | expected | set size |"))}");
        Console.WriteLine($"| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |{string.Concat(Coverages.Select(_ => " ---: | ---: | ---: | ---: |"))}");
        foreach (var (name, train, test) in Cases.Concat(MoreCases))
            PrintSets(name, RealFeatures.Read(train), RealFeatures.Read(test));
        Console.WriteLine();
        Console.WriteLine("## Unknown images: fitted to every second class; the test images of the other classes are unknown");
        Console.WriteLine();
        Console.WriteLine($"| task | seed | known classes | AUROC | FPR at 95 % |{string.Concat(Rates.Select(rate => $" rejected though known at {rate} | unknown rejected |"))}");
        Console.WriteLine($"| --- | ---: | ---: | ---: | ---: |{string.Concat(Rates.Select(_ => " ---: | ---: |"))}");
        foreach (var (name, train, test) in Cases)
            PrintUnknown(name, RealFeatures.Read(train), RealFeatures.Read(test));
    }

    private static void PrintSets(string name, FeatureSet train, FeatureSet test)
    {
        foreach (var seed in Seeds)
        {
            var fit = new AutoMethod().Fit(train, new FitContext { Seed = seed });
            var (model, held) = (LfaModel.FromFit(fit), fit.Detail<AutoSelection>()!.Folds);
            var before = Evaluation.FromScorer(model.Scorer.WithTemperature(Scorer.DefaultTemperature), test);
            var sets = Coverages.Select(coverage => model.Evaluate(test, new PredictionOptions { Coverage = coverage })).ToArray();
            var right = held.Sum(fold => fold.Images * 100 * fold.Accuracy) / held.Sum(fold => fold.Images);
            var kind = model.Calibration!.HeldOutClasses ? " (classes)" : "";
            Console.WriteLine($"| {name} | {seed} | {model.Calibration.Samples}{kind} | {model.Temperature:F5} | {right:F2} | {100 * before.Top1Accuracy:F2} | {before.Ece:F4} | {sets[0].Ece:F4} | {ByChance(model, test)} |"
                + string.Concat(sets.Select(one => one.PredictionSets!).Select(one => $" {100 * one.Coverage:F1} | {100 * one.MeanClassCoverage:F1} | {Expected(one.Guarantee)} | {one.MeanSize:F2} |")));
        }
    }

    private static string ByChance(LfaModel model, FeatureSet test)
    {
        var scores = model.Scorer.WithTemperature(1).Logits(test.ImageFeatures);
        double[] eces = [.. Enumerable.Range(0, Draws).Select(draw => DrawEce(scores, model.Temperature, new RandomStream(draw, RandomPurpose.Perturbation))).Order()];
        return $"{eces.Average():F4} ≤ {eces[Draws * 95 / 100]:F4}";
    }

    private static double DrawEce(Matrix scores, double temperature, RandomStream random)
    {
        var sums = new CalibrationSums();
        var probabilities = new float[scores.Columns];
        for (var row = 0; row < scores.Rows; row++)
        {
            scores.Row(row).CopyTo(probabilities);
            Softmax.Apply(probabilities, temperature);
            var (label, left) = (0, random.NextUnit());
            while (label < probabilities.Length - 1 && (left -= probabilities[label]) > 0)
                label++;
            sums.Add(scores.Row(row), label, TopK.Rank(scores.Row(row))[0], temperature);
        }
        return sums.Ece;
    }

    private static string Expected(CoverageGuarantee? guarantee) => guarantee is null ? "–" : $"{100 * guarantee.Expected:F1} ± {100 * guarantee.Deviation:F1}";

    private static void PrintUnknown(string name, FeatureSet train, FeatureSet test)
    {
        foreach (var seed in Seeds)
        {
            var classes = Enumerable.Range(0, train.ClassCount).Where(c => (c + seed) % 2 == 0).ToArray();
            var model = LfaModel.Fit(Halves.Of(train, classes), context: new FitContext { Seed = seed });
            var known = Halves.Of(test, classes).ImageFeatures;
            var unknown = Halves.Of(test, [.. Enumerable.Range(0, train.ClassCount).Except(classes)]).ImageFeatures;
            var (ofKnown, ofUnknown) = (Familiarities(model, known), Familiarities(model, unknown));
            Console.WriteLine($"| {name} | {seed} | {classes.Length} | {Halves.Auroc(ofKnown, ofUnknown):F4} | {100 * Halves.FalsePositives(ofKnown, ofUnknown):F1} |"
                + string.Concat(Rates.Select(rate => $" {100 * Rejected(model, known, rate):F1} | {100 * Rejected(model, unknown, rate):F1} |")));
        }
    }

    private static double[] Familiarities(LfaModel model, Matrix images)
    {
        var bounds = new CalibrationBounds(model.Calibration, model.Scorer, model.ClassPrototypes, new PredictionOptions());
        var scores = model.Scorer.WithTemperature(1).Logits(images);
        return [.. Enumerable.Range(0, images.Rows).Select(row => bounds.Familiarity(images.Row(row), scores.Row(row)))];
    }

    private static double Rejected(LfaModel model, Matrix images, double rate) =>
        model.Predict(images, new PredictionOptions { FalseRejection = rate }).Count(prediction => prediction.IsUnknown) / (double)images.Rows;
}
