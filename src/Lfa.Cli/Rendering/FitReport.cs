using System.Text.Json;
using Lfa.Bridging;
using Lfa.Classification;

namespace Lfa.Cli.Rendering;

/// <summary>Renders the outcome of a fit.</summary>
internal static class FitReport
{
    /// <summary>Writes the accuracies side by side, and what was chosen.</summary>
    /// <param name="output">Takes the text.</param>
    /// <param name="fit">The fit.</param>
    /// <param name="accuracies">The accuracies of its stages; null where there are no labeled images to measure them on.</param>
    /// <param name="testPath">The file they were measured on; null for the training images.</param>
    /// <param name="modelPath">The file that the model was saved to, if any.</param>
    /// <param name="explains">Whether to tell everything that the automatic choice tried.</param>
    public static void WriteText(TextWriter output, LfaFit fit, StageAccuracies? accuracies, string? testPath, string? modelPath, bool explains)
    {
        if (accuracies is null)
            output.WriteLine("Accuracy was not measured, since labels of the training images are not looked at; give --test with labeled images to measure it.");
        else
            WriteAccuracies(output, accuracies, testPath);
        output.WriteLine();
        if (testPath is not null && accuracies is { Lfa: { } refined, ZeroShot: var zeroShot } && refined.Top1 < zeroShot.Top1)
            output.WriteLine("LFA is below zero-shot here; --method auto leaves zero-shot only where held-out images say so.");
        if (fit.Unsupervised is { } unsupervised)
            UnsupervisedReport.WriteText(output, unsupervised, explains);
        if (fit is { Auto: not null, Unsupervised: not null })
            output.WriteLine("Held-out images are judged below by the labels of transport: what counts as right is what agrees with it.");
        if (fit.Auto is { } auto)
            AutoReport.WriteText(output, auto, explains);
        output.WriteLine(Summary(fit));
        output.WriteLine(modelPath is null ? "Nothing was saved; give -o to keep the model." : $"Wrote {modelPath}.");
    }

    /// <summary>Writes the outcome as one JSON document.</summary>
    /// <param name="output">Takes the document.</param>
    /// <param name="fit">The fit.</param>
    /// <param name="test">The accuracies on the test set, if there is one.</param>
    public static void WriteJson(TextWriter output, LfaFit fit, StageAccuracies? test) => JsonReport.Write(output, json =>
    {
        json.WriteString("method", FitMethodNames.Of(fit.Method));
        if (fit.Bridge is { } bridge)
            json.WriteString("bridge", BridgeNames.Of(bridge));
        json.WriteNumberOrNull("beta", fit.Beta);
        json.WriteNumber("iterations", fit.Iterations);
        if (fit.Auto is { } auto)
            AutoReport.WriteJson(json, auto, fit.Classifier.Temperature);
        if (fit.Unsupervised is { } unsupervised)
            UnsupervisedReport.WriteJson(json, unsupervised);
        json.WriteNumber("seed", fit.Seed);
        WriteSeconds(json, fit);
        if (test is null)
            json.WriteNull("test");
        else
            WriteAccuracies(json, test);
    });

    private static void WriteAccuracies(TextWriter output, StageAccuracies accuracies, string? testPath)
    {
        output.WriteLine(testPath is null
            ? "Accuracy in per cent on the TRAINING images, which says little about others; give --test to measure it."
            : $"Accuracy in per cent on {testPath}");
        var table = new TextTable();
        table.Add("", "top-1", "top-5");
        foreach (var (_, name, accuracy) in Stages(accuracies))
        {
            if (accuracy is not null)
                table.Add(name, Invariant($"{accuracy.Top1:F2}"), Invariant($"{accuracy.Top5:F2}"));
        }
        table.Write(output);
    }

    private static string Summary(LfaFit fit)
    {
        var parts = new List<string> { $"method {FitMethodNames.Of(fit.Method)}" };
        if (fit.Bridge is { } bridge)
            parts.Add($"bridge {BridgeNames.Of(bridge)}");
        if (fit.Beta is { } beta)
            parts.Add(Invariant($"β {beta:0.###} ({(fit.BetaSelection is null ? "given" : "cross-validated")})"));
        if (fit.Method == FitMethod.Lfa)
            parts.Add(Invariant($"{fit.Iterations} iterations"));
        parts.Add(Invariant($"seed {fit.Seed}"));
        var seconds = fit.Seconds;
        var transport = fit.Unsupervised is null ? "" : Invariant($", transport {seconds.Transport:F2}");
        parts.Add(fit.Auto is null
            ? Invariant($"{seconds.Total:F2} s (reading {seconds.Load:F2}{transport}, closed form {seconds.Procrustes:F2}, choice of β {seconds.Select:F2}, refinement {seconds.Refine:F2})")
            : Invariant($"{seconds.Total:F2} s (reading {seconds.Load:F2}{transport})"));
        return string.Join(", ", parts);
    }

    private static void WriteSeconds(Utf8JsonWriter json, LfaFit fit)
    {
        var seconds = fit.Seconds;
        json.WriteStartObject("seconds");
        json.WriteNumber("load", seconds.Load);
        if (fit.Unsupervised is not null)
            json.WriteNumber("transport", seconds.Transport);
        json.WriteNumber("procrustes", seconds.Procrustes);
        json.WriteNumber("select", seconds.Select);
        json.WriteNumber("refine", seconds.Refine);
        json.WriteNumber("total", seconds.Total);
        json.WriteEndObject();
    }

    private static void WriteAccuracies(Utf8JsonWriter json, StageAccuracies accuracies)
    {
        json.WriteStartObject("test");
        foreach (var (property, _, accuracy) in Stages(accuracies))
        {
            // These are methods of their own, not stages of the others.
            if (accuracy is null && property is "leastSquares" or "auto" or "unsupervised")
                continue;
            if (accuracy is null)
            {
                json.WriteNull(property);
                continue;
            }
            json.WriteStartObject(property);
            json.WriteNumber("top1", accuracy.Top1);
            json.WriteNumber("top5", accuracy.Top5);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static IEnumerable<(string Property, string Name, Accuracy? Accuracy)> Stages(StageAccuracies accuracies) =>
    [
        ("zeroShot", "zero-shot", double.IsNaN(accuracies.ZeroShot.Top1) ? null : accuracies.ZeroShot),
        ("leastSquares", "least squares", accuracies.LeastSquares),
        ("procrustes", "Procrustes", accuracies.Procrustes),
        ("betaProcrustes", "β-Procrustes", accuracies.BetaProcrustes),
        ("lfa", "LFA", accuracies.Lfa),
        ("movingAverage", "LFA, moving average", accuracies.MovingAverage),
        ("auto", "auto", accuracies.Auto),
        ("unsupervised", "with unlabeled images", accuracies.Unsupervised),
    ];
}
