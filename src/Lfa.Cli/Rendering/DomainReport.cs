using System.Text.Json;
using Lfa.Classification;

namespace Lfa.Cli.Rendering;

/// <summary>Renders the accuracies on several sets, a row for each.</summary>
internal static class DomainReport
{
    /// <summary>The outcome on one set.</summary>
    public sealed record Row(string Path, int Images, int Classes, DomainAccuracies Accuracies);

    /// <summary>Writes the table.</summary>
    public static void WriteText(TextWriter output, IReadOnlyList<Row> sets)
    {
        output.WriteLine("Top-1 in per cent");
        var table = new TextTable();
        table.Add("", "images", "classes", "zero-shot", "trained", "new");
        foreach (var (path, images, classes, accuracies) in sets)
            table.Add(path, Invariant($"{images}"), Invariant($"{classes}"), accuracies.ZeroShot is { } zeroShot ? Invariant($"{zeroShot.Top1:F2}") : "–", Invariant($"{accuracies.Trained.Top1:F2}"), Invariant($"{accuracies.NewClasses.Top1:F2}"));
        table.Write(output);
        output.WriteLine("trained, new: by the transform of the trained classes, and by that for new classes and shifted domains.");
    }

    /// <summary>Writes one JSON document.</summary>
    public static void WriteJson(TextWriter output, IReadOnlyList<Row> sets) => JsonReport.Write(output, json =>
    {
        json.WriteStartArray("sets");
        foreach (var (path, images, classes, accuracies) in sets)
        {
            json.WriteStartObject();
            json.WriteString("path", path);
            json.WriteNumber("samples", images);
            json.WriteNumber("classes", classes);
            Write(json, "zeroShot", accuracies.ZeroShot);
            Write(json, "trained", accuracies.Trained);
            Write(json, "new", accuracies.NewClasses);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, string name, Accuracy? accuracy)
    {
        if (accuracy is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.WriteNumber("top1", accuracy.Top1);
        json.WriteNumber("top5", accuracy.Top5);
        json.WriteEndObject();
    }
}
