using System.Text.Json;
using Lfa.Classification;

namespace Lfa.Cli.Rendering;

/// <summary>Renders the outcome of a classifier on labeled features.</summary>
internal static class EvaluationReport
{
    /// <summary>Writes the figures, and those of each class where <paramref name="perClass"/> says so.</summary>
    public static void WriteText(TextWriter output, Evaluation evaluation, string testPath, bool perClass)
    {
        output.WriteLine($"{testPath}: {Counted.Of(evaluation.Samples, "image", "images")} of {Counted.Classes(evaluation.Classes)}");
        var table = new TextTable();
        table.Add("top-1, per cent", Per.Cent(evaluation.Top1Accuracy));
        table.Add("top-5, per cent", Per.Cent(evaluation.Top5Accuracy));
        table.Add("log-loss, nats", Invariant($"{evaluation.LogLoss:F4}"));
        table.Add("expected calibration error", Invariant($"{evaluation.Ece:F4}"));
        if (evaluation.PredictionSets is { } sets)
        {
            table.Add(Invariant($"coverage of the prediction sets, per cent ({sets.StatedCoverage:0.##%} asked for)"), Invariant($"{sets.Coverage:0.00%}").TrimEnd('%'));
            table.Add("classes in a set, mean", Invariant($"{sets.MeanSize:F2}"));
            table.Add("coverage, mean over classes, per cent", Per.Cent(sets.MeanClassCoverage));
            if (sets.Guarantee is { } guarantee)
                table.Add(Invariant($"coverage to expect by {Counted.Of(guarantee.Samples, "held-out image", "held-out images")}, per cent"), Invariant($"{100 * guarantee.Expected:F2} ± {100 * guarantee.Deviation:F2}"));
        }
        if (evaluation.Rejection is { } rejection)
            table.Add(Invariant($"rejected though known, per cent ({rejection.StatedFalseRejection:0.##%} asked for)"), Invariant($"{rejection.FalseRejection:0.00%}").TrimEnd('%'));
        table.Write(output);
        if (!perClass)
            return;
        output.WriteLine();
        WriteClasses(output, evaluation);
    }

    private static void WriteClasses(TextWriter output, Evaluation evaluation)
    {
        string[] ToRow(string[] cells, string coverage) => evaluation.PredictionSets is null ? cells : [.. cells, coverage];
        var classes = new TextTable();
        classes.Add(ToRow(["class", "images", "recognized, %", "precision, %"], "coverage, %"));
        foreach (var one in evaluation.PerClass)
            classes.Add(ToRow([one.ClassName, Invariant($"{one.Samples}"), Percent(one.Recall), Percent(one.Precision)], Percent(one.Coverage ?? double.NaN)));
        classes.Write(output);
    }

    /// <summary>Writes the figures as one JSON document.</summary>
    public static void WriteJson(TextWriter output, Evaluation evaluation, bool perClass) => JsonReport.Write(output, json =>
    {
        json.WriteAccuracies(evaluation.Top1Accuracy, evaluation.Top5Accuracy);
        json.WriteNumberOrNull("logLoss", evaluation.LogLoss);
        json.WriteNumberOrNull("ece", evaluation.Ece);
        json.WriteNumber("samples", evaluation.Samples);
        json.WriteNumber("classes", evaluation.Classes);
        WriteConfidence(json, evaluation);
        if (!perClass)
            return;
        json.WriteStartArray("perClass");
        foreach (var one in evaluation.PerClass)
        {
            json.WriteStartObject();
            json.WriteString("class", one.ClassName);
            json.WriteNumber("samples", one.Samples);
            json.WriteNumberOrNull("recall", one.Recall);
            json.WriteNumberOrNull("precisionFraction", one.Precision);
            if (one.Coverage is { } coverage)
                json.WriteNumberOrNull("coverage", coverage);
            json.WriteNumberOrNull("top1", 100 * one.Recall); // these two in per cent, as before
            json.WriteNumberOrNull("precision", 100 * one.Precision);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void WriteConfidence(Utf8JsonWriter json, Evaluation evaluation)
    {
        if (evaluation.PredictionSets is { } sets)
        {
            foreach (var name in new[] { "predictionSets", "sets" }) // now and before
            {
                json.WriteStartObject(name);
                json.WriteNumber("statedCoverage", sets.StatedCoverage);
                json.WriteNumber("coverage", sets.Coverage);
                json.WriteNumber("meanClassCoverage", sets.MeanClassCoverage);
                json.WriteNumber("meanSize", sets.MeanSize);
                json.WriteNumber("emptyShare", 0); // as before, when sets might be empty
                WriteGuarantee(json, sets.Guarantee);
                json.WriteEndObject();
            }
        }
        if (evaluation.Rejection is { } rejection)
        {
            json.WriteStartObject("rejection");
            json.WriteNumber("statedFalseRejection", rejection.StatedFalseRejection);
            json.WriteNumber("falseRejection", rejection.FalseRejection);
            json.WriteEndObject();
        }
    }

    private static void WriteGuarantee(Utf8JsonWriter json, CoverageGuarantee? guarantee)
    {
        if (guarantee is null)
        {
            json.WriteNull("guarantee");
            return;
        }
        json.WriteStartObject("guarantee");
        json.WriteNumber("samples", guarantee.Samples);
        json.WriteNumber("atLeast", guarantee.AtLeast);
        json.WriteNumber("atMost", guarantee.AtMost);
        json.WriteNumber("expected", guarantee.Expected);
        json.WriteNumber("deviation", guarantee.Deviation);
        json.WriteEndObject();
    }

    private static string Percent(double value) => double.IsNaN(value) ? "–" : Invariant($"{100 * value:F1}");
}
