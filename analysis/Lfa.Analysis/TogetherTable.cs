using System.Globalization;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;

namespace Lfa.Analysis;

/// <summary>Batches classified together, from zero-shot and from an adapted model, beside each image alone.</summary>
internal static class TogetherTable
{
    private const int Batches = 6;

    private static readonly int[] ImagesOfEach = [5, 10, 20];

    private static readonly (string Name, string Train, string Test, int[] Few)[] Cases =
    [
        ("Caltech101, 16 shots", "caltech101_59_train_16shot", "caltech101_59_test", [10, 5]),
        ("Caltech101, 1 shot", "caltech101_59_train_1shot", "caltech101_59_test", [10, 5]),
        ("UCF101, 16 shots", "ucf101_49_train_16shot", "ucf101_49_test", [10, 5]),
        ("UCF101, 4 shots", "ucf101_49_train_4shot", "ucf101_49_test", [10, 5]),
        ("UCF101, 1 shot", "ucf101_49_train_1shot", "ucf101_49_test", [10, 5]),
        ("ImageNet, 4 shots", "imagenet_vitb32_train_4shot", "imagenet_vitb32_test", [250, 25]),
    ];

    public static void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine($"Top-1 in per cent, CLIP ViT-B/32, seed 1. Few classes: mean over {Batches} batches, each of the test images of classes at equal distances in the list. Of each class: images at equal distances likewise.");
        Console.WriteLine("Transductive methods see the labeled images as well; `--together` sees the model and the batch.");
        foreach (var (name, train, test, few) in Cases)
            Print(name, RealFeatures.Read(train), RealFeatures.Read(test), few);
    }

    private static void Print(string name, FeatureSet train, FeatureSet test, int[] few)
    {
        var (zeroShot, auto) = (LfaModel.Fit(train, new ZeroShotMethod()), LfaModel.Fit(train));
        Console.WriteLine();
        Console.WriteLine($"## {name}");
        Console.WriteLine();
        Console.WriteLine("| batch | images | transclip | stata | zero-shot | zero-shot, together | auto | auto, together | auto, together, α = 1 | log-loss of auto | together |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var (batchName, batches) in BatchesOf(test, few))
            PrintRow(batchName, batches, train, zeroShot, auto);
    }

    private static void PrintRow(string name, FeatureSet[] batches, FeatureSet train, LfaModel zeroShot, LfaModel auto)
    {
        Func<FeatureSet, Evaluation> Method(IMethod method) => batch => Evaluation.FromLogits(method.Fit(new FitTask(train, train.WithUnlabeled(batch.ImageFeatures))).Logits!, batch);
        Func<FeatureSet, Evaluation> Alone(LfaModel model) => batch => model.Evaluate(batch);
        Func<FeatureSet, Evaluation> Together(LfaModel model, double weight = BatchAdaptation.DefaultAnchorWeight) => batch => Evaluation.FromLogits(BatchAdaptation.FromModel(model, weight).Logits(batch.ImageFeatures), batch);
        Func<FeatureSet, Evaluation>[] ways = [Method(new TransClipMethod()), Method(new StatAMethod()), Alone(zeroShot), Together(zeroShot), Alone(auto), Together(auto), Together(auto, weight: 1)];
        var outcomes = Array.ConvertAll(ways, way => (Top1: batches.Average(batch => 100 * way(batch).Top1Accuracy), LogLoss: batches.Average(batch => way(batch).LogLoss)));
        Console.WriteLine($"| {name} | {batches.Average(batch => batch.SampleCount):F0} | {string.Join(" | ", outcomes.Select(outcome => $"{outcome.Top1:F2}"))} | {outcomes[4].LogLoss:F3} | {outcomes[5].LogLoss:F3} |");
    }

    private static IEnumerable<(string Name, FeatureSet[] Batches)> BatchesOf(FeatureSet test, int[] few)
    {
        yield return ("all classes", [test]);
        foreach (var classes in few)
            yield return ($"{classes} classes", [.. Enumerable.Range(0, Batches).Select(batch => Select(test, classes, batch))]);
        foreach (var count in ImagesOfEach)
        {
            if (Enumerable.Range(0, Batches).Select(batch => SelectOfEach(test, count, batch)).ToArray() is var parts && parts[0].SampleCount < test.SampleCount)
                yield return ($"{count} of each class", parts);
        }
    }

    /// <summary>Selects the images of some classes, which stay among all.</summary>
    private static FeatureSet Select(FeatureSet test, int classes, int batch)
    {
        var step = test.ClassCount / classes;
        return test.SelectRows([.. Enumerable.Range(0, test.SampleCount).Where(i => (test.Labels.Span[i] - (batch * step / Batches)) is var place and >= 0 && place % step == 0 && place / step < classes)]);
    }

    /// <summary>Selects images of each class, all where there are fewer.</summary>
    private static FeatureSet SelectOfEach(FeatureSet test, int count, int batch) => test.SelectRows([.. Enumerable.Range(0, test.SampleCount)
        .GroupBy(i => test.Labels.Span[i])
        .SelectMany(images => images.Index().Where(image => (image.Index - (batch * Math.Max(images.Count() / count, 1) / Batches)) is var place and >= 0 && place % Math.Max(images.Count() / count, 1) == 0).Take(count).Select(image => image.Item))]);
}
