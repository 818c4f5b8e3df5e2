using Lfa.Data;
using Lfa.Model;

namespace Lfa.Cli.Rendering;

/// <summary>One run of the demonstration.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Train">The few labeled images.</param>
/// <param name="Test">The other images.</param>
/// <param name="ZeroShot">The model without a fit.</param>
/// <param name="Lfa">The model of the published method.</param>
/// <param name="Auto">The model of the automatic choice.</param>
internal sealed record DemoRun(int Seed, FeatureSet Train, FeatureSet Test, LfaModel ZeroShot, LfaModel Lfa, LfaModel Auto)
{
    /// <summary>Returns the top-1 accuracy of a model on the other images, from 0 to 1.</summary>
    public double Accuracy(LfaModel model) => model.Evaluate(Test).Top1Accuracy;
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
        var rows = runs.Select(run => (run.Seed, ZeroShot: run.Accuracy(run.ZeroShot), Lfa: run.Accuracy(run.Lfa), Auto: run.Accuracy(run.Auto))).ToArray();
        foreach (var (seed, zeroShot, lfa, auto) in rows)
            Add(table, Invariant($"seed {seed}"), zeroShot, lfa, auto);
        Add(table, "mean", rows.Average(row => row.ZeroShot), rows.Average(row => row.Lfa), rows.Average(row => row.Auto));
        table.Write(output);
    }

    public static void WriteSheet(TextWriter output, DemoRun run, string images)
    {
        var before = run.ZeroShot.Predict(run.Test.ImageFeatures).Select(prediction => prediction.Best);
        var after = run.Auto.Predict(run.Test.ImageFeatures).Select(prediction => prediction.Best);
        var shown = before.Zip(after).Select((said, row) => new SheetImage(
            Path.Combine(images, run.Test.FileNames![row]), run.Test.ClassNames[run.Test.Labels.Span[row]], said.First, said.Second));
        ContactSheet.Write(output, "What a few labeled images change",
            Invariant($"Each card shows an image of a style that the encoder never saw in training, its class, what zero-shot classification said of it (grey) and what the classifier said that LFA fitted to {run.Train.SampleCount} labeled images. Zero-shot {100 * run.Accuracy(run.ZeroShot):F1} %, fitted {100 * run.Accuracy(run.Auto):F1} % of {run.Test.SampleCount} images."),
            [.. shown]);
    }

    private static void Add(TextTable table, string name, double zeroShot, double lfa, double auto) =>
        table.Add(name, Per.Cent(zeroShot), Per.Cent(lfa), Per.Cent(auto), Invariant($"{100 * (auto - zeroShot):+0.00;-0.00}"));
}
