using System.Text.Json;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Protocols.Comparison;

namespace Lfa.Cli.Rendering;

/// <summary>Renders a comparison of methods.</summary>
internal static class CompareReport
{
    private const double Megabyte = 1e6;

    private const string Legend = "top-1 and top-5 in per cent, log-loss in nats, ECE: calibration error; s: seconds of the fit, choices included; MB: largest managed heap during the fit above that before, garbage included.";

    private static readonly string[] Header = ["method", "top-1", "top-5", "log-loss", "ECE", "s", "MB", "chosen"];

    /// <summary>Writes a table for a person.</summary>
    /// <param name="output">Takes the text.</param>
    /// <param name="rows">What the methods gave.</param>
    /// <param name="train">The images they were fitted to.</param>
    /// <param name="test">The images they were measured on.</param>
    /// <param name="testPath">The name of these.</param>
    /// <param name="seed">The seed.</param>
    public static void WriteText(TextWriter output, IReadOnlyList<ComparedMethod> rows, FeatureSet train, FeatureSet test, string testPath, int seed)
    {
        output.WriteLine(Title(train, test, testPath, seed));
        var table = new TextTable(lastIsText: true);
        table.Add(Header);
        foreach (var row in rows)
            table.Add(Cells(row));
        table.Write(output);
        output.WriteLine();
        output.WriteLine(Legend);
    }

    /// <summary>Writes a table of Markdown.</summary>
    /// <inheritdoc cref="WriteText"/>
    public static void WriteMarkdown(TextWriter output, IReadOnlyList<ComparedMethod> rows, FeatureSet train, FeatureSet test, string testPath, int seed)
    {
        output.WriteLine(Title(train, test, testPath, seed));
        output.WriteLine();
        output.WriteLine($"| {string.Join(" | ", Header)} |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
        foreach (var row in rows)
            output.WriteLine($"| {string.Join(" | ", Cells(row).Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |");
        output.WriteLine();
        output.WriteLine(Legend);
    }

    /// <summary>Writes one JSON document.</summary>
    /// <param name="output">Takes the document.</param>
    /// <param name="rows">What the methods gave.</param>
    /// <param name="train">The images they were fitted to.</param>
    /// <param name="test">The images they were measured on.</param>
    /// <param name="seed">The seed.</param>
    public static void WriteJson(TextWriter output, IReadOnlyList<ComparedMethod> rows, FeatureSet train, FeatureSet test, int seed) => JsonReport.Write(output, json =>
    {
        json.WriteNumber("trainSamples", train.SampleCount);
        json.WriteNumber("testSamples", test.SampleCount);
        json.WriteNumber("classes", train.ClassCount);
        json.WriteNumber("seed", seed);
        json.WriteStartArray("methods");
        foreach (var row in rows)
            WriteRow(json, row);
        json.WriteEndArray();
    });

    private static void WriteRow(Utf8JsonWriter json, ComparedMethod row)
    {
        json.WriteStartObject();
        json.WriteString("method", row.Method.Name);
        json.WriteString("source", row.Method.Source);
        json.WriteBoolean("usesTestImages", UsesTestImages(row));
        json.WriteAccuracies(row.Evaluation?.Top1Accuracy, row.Evaluation?.Top5Accuracy);
        json.WriteNumberOrNull("logLoss", row.Evaluation?.LogLoss);
        json.WriteNumberOrNull("ece", row.Evaluation?.Ece);
        json.WriteNumberOrNull("seconds", row.Evaluation is null ? null : row.Time.TotalSeconds);
        json.WriteNumberOrNull("peakBytes", row.Evaluation is null ? null : row.PeakBytes);
        json.WriteString("chosen", row.Summary);
        json.WriteString("refusal", row.Refusal);
        json.WriteEndObject();
    }

    private static bool UsesTestImages(ComparedMethod row) => row.Method.Needs.HasFlag(MethodNeeds.ImagesToClassify);

    private static string Title(FeatureSet train, FeatureSet test, string testPath, int seed) =>
        Invariant($"{testPath}: {Counted.Of(test.SampleCount, "image", "images")} of {Counted.Classes(test.ClassCount)}; fitted to {Counted.Of(train.SampleCount, "image", "images")}, seed {seed}");

    private static string[] Cells(ComparedMethod row)
    {
        var name = UsesTestImages(row) ? $"{row.Method.Name} (uses the test images)" : row.Method.Name;
        return row.Evaluation is { } one
            ? [name, Per.Cent(one.Top1Accuracy), Per.Cent(one.Top5Accuracy), Invariant($"{one.LogLoss:F3}"), Invariant($"{one.Ece:F3}"), Invariant($"{row.Time.TotalSeconds:F2}"), Invariant($"{row.PeakBytes / Megabyte:F0}"), row.Summary ?? ""]
            : [name, "–", "–", "–", "–", "–", "–", OneLine.Of(row.Refusal!)];
    }
}
