using System.Text.Json;
using Lfa.Selection;

namespace Lfa.Cli.Rendering;

/// <summary>Renders what the automatic choice tried and chose.</summary>
internal static class AutoReport
{
    /// <summary>Writes what, why and how it did on held-out images, in three lines; all that was tried, if asked for.</summary>
    public static void WriteText(TextWriter output, AutoSelection auto, bool explains)
    {
        output.WriteLine($"Chosen: {auto.Chosen}");
        output.WriteLine($"Why: {auto.Reason}");
        output.WriteLine(HeldOut(auto));
        output.WriteLine($"New classes: {auto.NewClasses.Chosen}; {auto.NewClasses.Reason}");
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
        json.WriteString("what", auto.Chosen);
        json.WriteString("why", auto.Reason);
        json.WriteBoolean("adapts", auto.Adapts);
        json.WriteNumber("step", auto.Step);
        json.WriteNumberOrNull("temperature", temperature);
        json.WriteBoolean("holdsOutClasses", auto.HoldsOutClasses);
        json.WriteNumber("heldOutImages", auto.Images);
        json.WriteNumberOrNull("gain", auto.Gain);
        json.WriteNumberOrNull("gainError", auto.GainError);
        json.WriteNumber("threshold", auto.Threshold);
        json.WriteStartArray("tried");
        foreach (var expert in auto.Experts)
        {
            json.WriteStartObject();
            json.WriteString("name", expert.Name);
            json.WriteNumberOrNull("share", expert.Share);
            json.WriteNumberOrNull("top1", expert.Top1);
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
        json.WriteString("what", newClasses.Chosen);
        json.WriteString("why", newClasses.Reason);
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
            json.WriteNumberOrNull("zeroShotTop1", fold.ZeroShotTop1);
            json.WriteNumberOrNull("zeroShotLogLoss", fold.ZeroShotLogLoss);
            json.WriteNumberOrNull("top1", fold.Top1);
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
        return Invariant($"Held out ({auto.Folds.Count} folds, {place}): top-1 {Mean(fold => fold.ZeroShotTop1):F2} -> {Mean(fold => fold.Top1):F2} %, log-loss {Mean(fold => fold.ZeroShotLogLoss):F4} -> {Mean(fold => fold.LogLoss):F4} nats");
    }

    private static void WriteExperts(TextWriter output, AutoSelection auto)
    {
        output.WriteLine();
        output.WriteLine("Tried, each alone on held-out images at its best temperature, and its share in what was chosen");
        var table = new TextTable();
        table.Add("", "top-1", "log-loss", "share");
        foreach (var expert in auto.Experts)
            table.Add(expert.Name, Invariant($"{expert.Top1:F2}"), Invariant($"{expert.LogLoss:F4}"), Invariant($"{100 * expert.Share:F1} %"));
        table.Write(output);
    }

    private static void WriteFolds(TextWriter output, string title, string origin, IReadOnlyList<FoldScore> folds)
    {
        output.WriteLine();
        output.WriteLine(title);
        var table = new TextTable();
        table.Add("", "images", $"{origin} top-1", "log-loss", "auto top-1", "log-loss");
        foreach (var (fold, i) in folds.Select((fold, i) => (fold, i + 1)))
            table.Add(Invariant($"{i}"), Invariant($"{fold.Images}"), Invariant($"{fold.ZeroShotTop1:F2}"), Invariant($"{fold.ZeroShotLogLoss:F4}"), Invariant($"{fold.Top1:F2}"), Invariant($"{fold.LogLoss:F4}"));
        table.Write(output);
        output.WriteLine();
    }
}
