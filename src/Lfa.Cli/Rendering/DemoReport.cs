using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Cli.Rendering;

/// <summary>One run of the demonstration.</summary>
/// <param name="Train">The few labeled images.</param>
/// <param name="Test">The other images.</param>
/// <param name="ZeroShotClassifier">The classifier without a fit.</param>
/// <param name="Fit">The fit.</param>
/// <param name="Accuracies">Its accuracy on the other images, beside zero-shot.</param>
/// <param name="Published">The top-1 accuracy of the published method on them, in per cent.</param>
internal sealed record DemoRun(FeatureSet Train, FeatureSet Test, LfaClassifier ZeroShotClassifier, LfaFit Fit, StageAccuracies Accuracies, double Published)
{
    public double ZeroShot => Accuracies.ZeroShot.Top1;

    public double Auto => Accuracies.Auto!.Top1;
}

/// <summary>Renders the demonstration.</summary>
internal static class DemoReport
{
    public static void WriteText(TextWriter output, IReadOnlyList<DemoRun> runs, int shots)
    {
        var (train, test) = (runs[0].Train, runs[0].Test);
        output.WriteLine(Invariant($"A small CLIP trained on emoji of other vendors meets Twemoji: {train.ClassCount} classes, {shots} labeled images each ({train.SampleCount}), {test.SampleCount} to test on."));
        output.WriteLine();
        output.WriteLine("Top-1 accuracy in per cent");
        var table = new TextTable();
        table.Add("", "zero-shot", "LFA, T = 100", "auto", "gain");
        foreach (var run in runs)
            Add(table, Invariant($"seed {run.Fit.Seed}"), run.ZeroShot, run.Published, run.Auto);
        Add(table, "mean", runs.Average(run => run.ZeroShot), runs.Average(run => run.Published), runs.Average(run => run.Auto));
        table.Write(output);
    }

    public static void WriteSheet(TextWriter output, DemoRun run, string images)
    {
        var before = run.ZeroShotClassifier.Predict(run.Test.ImageFeatures).Select(prediction => prediction.Best);
        var after = run.Fit.Classifier.Predict(run.Test.ImageFeatures).Select(prediction => prediction.Best);
        var shown = before.Zip(after).Select((said, row) => new SheetImage(
            Path.Combine(images, run.Test.FileNames![row]), run.Test.ClassNames[run.Test.Labels.Span[row]], said.First, said.Second));
        ContactSheet.Write(output, "What a few labeled images change",
            Invariant($"Each card shows an image of a style that the encoder never saw in training, its class, what zero-shot classification said of it (grey) and what the classifier said that LFA fitted to {run.Train.SampleCount} labeled images. Zero-shot {run.ZeroShot:F1} %, fitted {run.Auto:F1} % of {run.Test.SampleCount} images."),
            [.. shown]);
    }

    private static void Add(TextTable table, string name, double zeroShot, double published, double auto) =>
        table.Add(name, Invariant($"{zeroShot:F2}"), Invariant($"{published:F2}"), Invariant($"{auto:F2}"), Invariant($"{auto - zeroShot:+0.00;-0.00}"));
}
