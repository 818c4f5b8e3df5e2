using System.Text.Json;
using Lfa.Methods;

namespace Lfa.Cli.Rendering;

/// <summary>Renders what the automatic choice tried and chose.</summary>
internal static class AutoReport
{
    /// <summary>Writes what, why and how it did on held-out images, in three lines; all that was tried, if asked for.</summary>
    public static void WriteText(TextWriter output, AutoSelection auto, bool explains)
    {
        output.WriteLine($"Chosen: {auto}");
        output.WriteLine($"Why: {AutoReasons.Why(auto)}");
        output.WriteLine(HeldOut(auto));
        if (auto.PromptWeights.Count > 0)
            output.WriteLine(Invariant($"Prompts: {auto.PromptWeights.Count} a class, weighed by its images; mean weights {string.Join(", ", auto.PromptWeights.Select(weight => Invariant($"{weight:F2}")))}"));
        output.WriteLine($"New classes: {AutoReasons.Chosen(auto.NewClasses)}; {AutoReasons.Why(auto.NewClasses)}");
        if (!explains)
            return;
        WriteExperts(output, auto);
        WriteFolds(output, "Folds", auto.Origin, auto.Folds);
        if (auto.NewClasses.Folds.Count > 0)
            WriteFolds(output, "Folds of held-out classes, which tell what new classes get", auto.Origin, auto.NewClasses.Folds);
    }

    /// <summary>Writes the property "chosen".</summary>
    public static void WriteJson(Utf8JsonWriter json, AutoSelection auto, double temperature)
    {
        json.WriteStartObject("chosen");
        json.WriteString("what", auto.ToString());
        json.WriteString("why", AutoReasons.Why(auto));
        json.WriteString("reason", JsonNamingPolicy.CamelCase.ConvertName(auto.Reason.ToString()));
        json.WriteBoolean("adapts", auto.Adapts);
        json.WriteNumber("step", auto.Step);
        json.WriteNumberOrNull("temperature", temperature);
        json.WriteBoolean("holdsOutClasses", auto.HoldsOutClasses);
        json.WriteNumber("heldOutImages", auto.Images);
        json.WriteNumberOrNull("gain", auto.Gain);
        json.WriteNumberOrNull("gainError", auto.GainError);
        json.WriteNumberOrNull("expectedGain", auto.ExpectedGain);
        json.WriteNumber("threshold", auto.Threshold);
        json.WriteStartArray("promptWeights");
        foreach (var weight in auto.PromptWeights)
            json.WriteNumberValue(weight);
        json.WriteEndArray();
        json.WriteStartArray("tried");
        foreach (var expert in auto.Experts)
        {
            json.WriteStartObject();
            json.WriteString("name", expert.Name);
            json.WriteNumberOrNull("part", expert.Part);
            json.WriteNumberOrNull("accuracy", expert.Accuracy);
            json.WriteNumberOrNull("share", expert.Part); // the former name
            json.WriteNumberOrNull("top1", 100 * expert.Accuracy); // in per cent, as before
            json.WriteNumberOrNull("logLoss", expert.LogLoss);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteFolds(json, auto.Folds);
        WriteNewClasses(json, auto.NewClasses);
        json.WriteEndObject();
    }

    private static void WriteNewClasses(Utf8JsonWriter json, NewClassSelection newClasses)
    {
        json.WriteStartObject("newClasses");
        json.WriteString("what", AutoReasons.Chosen(newClasses));
        json.WriteString("why", AutoReasons.Why(newClasses));
        json.WriteString("reason", JsonNamingPolicy.CamelCase.ConvertName(newClasses.Reason.ToString()));
        json.WriteNumber("step", newClasses.Step);
        json.WriteNumber("heldOutClasses", newClasses.Classes);
        json.WriteNumberOrNull("gain", newClasses.Gain);
        json.WriteNumberOrNull("gainError", newClasses.GainError);
        WriteFolds(json, newClasses.Folds);
        json.WriteEndObject();
    }

    private static void WriteFolds(Utf8JsonWriter json, IReadOnlyList<FoldScore> folds)
    {
        json.WriteStartArray("folds");
        foreach (var fold in folds)
        {
            json.WriteStartObject();
            json.WriteNumber("images", fold.Images);
            json.WriteNumberOrNull("zeroShotAccuracy", fold.ZeroShotAccuracy);
            json.WriteNumberOrNull("zeroShotTop1", 100 * fold.ZeroShotAccuracy); // in per cent, as before
            json.WriteNumberOrNull("zeroShotLogLoss", fold.ZeroShotLogLoss);
            json.WriteNumberOrNull("accuracy", fold.Accuracy);
            json.WriteNumberOrNull("top1", 100 * fold.Accuracy);
            json.WriteNumberOrNull("logLoss", fold.LogLoss);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string HeldOut(AutoSelection auto)
    {
        if (auto.Folds.Count == 0)
            return "Held out: nothing.";
        double Mean(Func<FoldScore, double> value) => auto.Folds.Sum(fold => fold.Images * value(fold)) / auto.Folds.Sum(fold => fold.Images);
        var place = auto.HoldsOutClasses ? "among held-out classes" : "each judged by what the others chose";
        return Invariant($"Held out ({auto.Folds.Count} folds, {place}): top-1 {100 * Mean(fold => fold.ZeroShotAccuracy):F2} -> {100 * Mean(fold => fold.Accuracy):F2} %, log-loss {Mean(fold => fold.ZeroShotLogLoss):F4} -> {Mean(fold => fold.LogLoss):F4} nats");
    }

    private static void WriteExperts(TextWriter output, AutoSelection auto)
    {
        output.WriteLine();
        output.WriteLine("Tried, each alone on held-out images at its best temperature, and its part in what was chosen");
        var table = new TextTable();
        table.Add("", "top-1", "log-loss", "part");
        foreach (var expert in auto.Experts)
            table.Add(expert.Name, expert.Accuracy is { } accuracy ? Per.Cent(accuracy) : "–", expert.LogLoss is { } loss ? Invariant($"{loss:F4}") : "–", Invariant($"{100 * expert.Part:F1} %"));
        table.Write(output);
    }

    private static void WriteFolds(TextWriter output, string title, string origin, IReadOnlyList<FoldScore> folds)
    {
        output.WriteLine();
        output.WriteLine(title);
        var table = new TextTable();
        table.Add("", "images", $"{origin} top-1", "log-loss", "auto top-1", "log-loss");
        foreach (var (fold, i) in folds.Select((fold, i) => (fold, i + 1)))
            table.Add(Invariant($"{i}"), Invariant($"{fold.Images}"), Per.Cent(fold.ZeroShotAccuracy), Invariant($"{fold.ZeroShotLogLoss:F4}"), Per.Cent(fold.Accuracy), Invariant($"{fold.LogLoss:F4}"));
        table.Write(output);
        output.WriteLine();
    }
}
