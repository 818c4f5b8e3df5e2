using System.Text.Json;
using Lfa.Methods;
using Lfa.Model;

namespace Lfa.Cli.Rendering;

/// <summary>Renders what an update changed, and what it could not.</summary>
internal static class UpdateReport
{
    private const int NamesShown = 8;

    /// <summary>Writes lines for a person.</summary>
    /// <param name="output">Takes the text.</param>
    /// <param name="update">The update.</param>
    /// <param name="modelPath">The file of the model before.</param>
    /// <param name="outputPath">The file that the updated model was saved to.</param>
    public static void WriteText(TextWriter output, ModelUpdate update, string modelPath, string outputPath)
    {
        output.WriteLine($"{modelPath}: {Counted.Of(update.AddedSamples, "example", "examples")} added{(update.Samples > 0 ? Invariant($", {update.Samples} in all") : "")}; {Counted.Classes(update.Model.ClassCount)}.");
        if (update.AddedClasses.Count > 0)
            output.WriteLine($"Classes added: {List(Described(update))}.");
        if (update.RemovedClasses.Count > 0)
            output.WriteLine($"Classes removed: {List(update.RemovedClasses)}.");
        output.WriteLine();
        var table = new TextTable(lastIsText: true);
        foreach (var part in update.Parts)
            table.Add(part.Name, Word(part.Outcome).PadRight(9), part.Note ?? "");
        table.Write(output);
        output.WriteLine();
        if (update.Fit?.Detail<AutoSelection>() is { } auto)
            AutoReport.WriteText(output, auto, explains: false);
        output.WriteLine(update is { AddedSamples: 0, AddedClasses.Count: > 0 }
            ? "The scores of the other classes are as they were."
            : update.IsExact ? "This is what a fit to all examples at once gives."
            : "Exact parts are what a fit to all examples at once gives. To fit the others, too, add the earlier examples: --with FILE.");
        output.WriteLine($"Wrote {outputPath}.");
    }

    /// <summary>Writes one JSON document.</summary>
    /// <param name="output">Takes the document.</param>
    /// <param name="update">The update.</param>
    /// <param name="outputPath">The file that the updated model was saved to.</param>
    public static void WriteJson(TextWriter output, ModelUpdate update, string outputPath) => JsonReport.Write(output, json =>
    {
        json.WriteString("model", outputPath);
        json.WriteNumber("addedImages", update.AddedSamples);
        json.WriteNumber("images", update.Samples);
        json.WriteNumber("classes", update.Model.ClassCount);
        json.WriteStrings("addedClasses", update.AddedClasses);
        json.WriteStrings("removedClasses", update.RemovedClasses);
        json.WriteBoolean("exact", update.IsExact);
        json.WriteBoolean("refitted", update.Fit is not null);
        json.WriteStartArray("parts");
        foreach (var part in update.Parts)
        {
            json.WriteStartObject();
            json.WriteString("name", part.Name);
            json.WriteString("outcome", Word(part.Outcome));
            json.WriteString("note", part.Note);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (update.Fit?.Detail<AutoSelection>() is { } auto)
            AutoReport.WriteJson(json, auto, update.Model.Temperature);
    });

    private static IEnumerable<string> Described(ModelUpdate update)
    {
        var first = update.Model.ClassCount - update.AddedClasses.Count;
        return update.AddedClasses.Select((name, i) => update.Model.Statistics?.Counts.Span[first + i] is > 0 and var count
            ? $"{name} ({Counted.Of(count, "example", "examples")})"
            : $"{name} (no example, by its name alone)");
    }

    private static string List(IEnumerable<string> names)
    {
        string[] all = [.. names.Select(OneLine.Of)];
        return string.Join(", ", all.Take(NamesShown)) + (all.Length > NamesShown ? Invariant($" and {all.Length - NamesShown} more") : "");
    }

    private static string Word(PartOutcome outcome) => JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString());
}
