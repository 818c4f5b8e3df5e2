using System.Text.Json;
using Lfa.Classification;
using Lfa.Methods;

namespace Lfa.Cli.Rendering;

/// <summary>Renders the outcome of a fit.</summary>
/// <param name="fit">The fit.</param>
/// <param name="accuracies">The accuracies of its stages; null where there are no labeled images to measure them on.</param>
/// <param name="load">The time that reading took.</param>
internal sealed class FitReport(MethodFit fit, IReadOnlyList<StageAccuracy>? accuracies, TimeSpan load)
{
    private const string BetaName = "beta";

    private static readonly Dictionary<string, string> Names = new()
    {
        [FitStages.LeastSquares] = "least squares",
        [FitStages.Procrustes] = "Procrustes",
        [FitStages.BetaProcrustes] = "β-Procrustes",
        [FitStages.Lfa] = "LFA",
        [FitStages.MovingAverage] = "LFA, moving average",
        [FitStages.Unsupervised] = "with unlabeled images",
    };

    private static readonly string[] Steps = ["procrustes", "select", "refine"];

    // A document has these even where there is no such stage.
    private static readonly string[] StagesOfDocuments = [FitStages.ZeroShot, FitStages.Procrustes, FitStages.BetaProcrustes, FitStages.Lfa, FitStages.MovingAverage];

    /// <summary>Writes the accuracies side by side, and what was chosen.</summary>
    /// <param name="output">Takes the text.</param>
    /// <param name="testPath">The file they were measured on; null for the training images.</param>
    /// <param name="modelPath">The file that the model was saved to, if any.</param>
    /// <param name="explains">Whether to tell everything that the automatic choice tried.</param>
    public void WriteText(TextWriter output, string? testPath, string? modelPath, bool explains)
    {
        if (accuracies is null)
            output.WriteLine("Accuracy was not measured, since labels of the training images are not looked at; give --test with labeled images to measure it.");
        else
            WriteAccuracies(output, testPath);
        output.WriteLine();
        if (testPath is not null && Find(FitStages.Lfa) is { } refined && Find(FitStages.ZeroShot) is { } zeroShot && refined.Top1 < zeroShot.Top1)
            output.WriteLine("LFA is below zero-shot here; --method auto leaves zero-shot only where held-out images say so.");
        var (transport, auto) = (fit.Detail<TransportReport>(), fit.Detail<AutoSelection>());
        var unlabeled = fit.Detail<UnlabeledSelection>();
        if (transport is not null)
            UnsupervisedReport.WriteText(output, transport, unlabeled, explains);
        if (auto is not null && transport is not null && unlabeled is null)
            output.WriteLine("Held-out images are judged below by the labels of transport: what counts as right is what agrees with it.");
        if (auto is not null)
            AutoReport.WriteText(output, auto, explains);
        if (fit.Calibration is { WrongLabelFraction: > 0 } calibration)
            output.WriteLine($"Labels: {ConfidenceReport.WrongLabels(calibration)}. `lfa review` lists them.");
        output.WriteLine(Summary(auto is null, transport is not null));
        output.WriteLine(modelPath is null ? "Nothing was saved; give -o to keep the model." : $"Wrote {modelPath}.");
    }

    /// <summary>Writes the outcome as one JSON document.</summary>
    public void WriteJson(TextWriter output) => JsonReport.Write(output, json =>
    {
        json.WriteString("method", fit.Record.Method);
        if (fit.Projection is { } projection)
        {
            json.WriteString("projection", projection.Name);
            json.WriteString("bridge", projection.Name); // its former name
        }
        json.WriteNumberOrNull("beta", fit.Record.Find(BetaName));
        json.WriteNumber("iterations", fit.Record.Iterations ?? 0);
        if (fit.Detail<AutoSelection>() is { } auto)
            AutoReport.WriteJson(json, auto, fit.Scorer!.Temperature);
        if (fit.Calibration is { } calibration)
            json.WriteNumber("wrongLabelFraction", calibration.WrongLabelFraction);
        if (fit.Detail<TransportReport>() is { } transport)
            UnsupervisedReport.WriteJson(json, transport, fit.Detail<UnlabeledSelection>());
        json.WriteNumberOrNull("seed", fit.Record.Seed);
        WriteSeconds(json);
        if (accuracies is null)
            json.WriteNull("test");
        else
            WriteAccuracies(json);
    });

    private Accuracy? Find(string stage) => accuracies!.FirstOrDefault(one => one.Name == stage)?.Accuracy;

    private void WriteAccuracies(TextWriter output, string? testPath)
    {
        output.WriteLine(testPath is null
            ? "Accuracy in per cent on the TRAINING images, which says little about others; give --test to measure it."
            : $"Accuracy in per cent on {testPath}");
        var table = new TextTable();
        table.Add("", "top-1", "top-5");
        foreach (var (name, accuracy) in accuracies!)
            table.Add(Names.GetValueOrDefault(name, name), Per.Cent(accuracy.Top1), Per.Cent(accuracy.Top5));
        table.Write(output);
    }

    private string Summary(bool showsParts, bool hasTransport)
    {
        var parts = new List<string> { $"method {fit.Record.Method}" };
        if (fit.Projection is { } projection)
            parts.Add($"projection {projection.Name}");
        if (fit.Record.Chosen.FirstOrDefault(value => value.Name == BetaName) is { } beta)
            parts.Add(Invariant($"β {beta.Value:0.###} ({(beta.Origin is ValueOrigin.Given ? "given" : "cross-validated")})"));
        if (fit.Record.Iterations is { } iterations)
            parts.Add(Invariant($"{iterations} iterations"));
        if (fit.Record.Seed is { } seed)
            parts.Add(Invariant($"seed {seed}"));
        var transport = hasTransport ? Invariant($", transport {Seconds("transport"):F2}") : "";
        var steps = showsParts ? Invariant($", closed form {Seconds("procrustes"):F2}, choice of β {Seconds("select"):F2}, refinement {Seconds("refine"):F2}") : "";
        parts.Add(Invariant($"{Seconds("total") + load.TotalSeconds:F2} s (reading {load.TotalSeconds:F2}{transport}{steps})"));
        return string.Join(", ", parts);
    }

    private void WriteSeconds(Utf8JsonWriter json)
    {
        json.WriteStartObject("seconds");
        json.WriteNumber("load", load.TotalSeconds);
        foreach (var part in Steps.Union(fit.Durations.Select(duration => duration.Name)).Where(name => name != "total"))
            json.WriteNumber(part, Seconds(part));
        json.WriteNumber("total", Seconds("total") + load.TotalSeconds);
        json.WriteEndObject();
    }

    private double Seconds(string part) => fit.Durations.FirstOrDefault(duration => duration.Name == part)?.Time.TotalSeconds ?? 0;

    private void WriteAccuracies(Utf8JsonWriter json)
    {
        json.WriteStartObject("test");
        foreach (var stage in StagesOfDocuments.Union(accuracies!.Select(one => one.Name)))
            json.WriteAccuracy(Property(stage), Find(stage));
        json.WriteEndObject();
    }

    private static string Property(string stage) => string.Concat(stage.Split('-').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
