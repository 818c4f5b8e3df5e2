using Lfa.Classification;
using Lfa.Model;

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
            table.Add(path, Invariant($"{images}"), Invariant($"{classes}"), Top1(accuracies.ZeroShot), Top1(accuracies.Trained), Top1(accuracies.NewClasses));
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
            json.WriteAccuracy("zeroShot", accuracies.ZeroShot);
            json.WriteAccuracy("trained", accuracies.Trained);
            json.WriteAccuracy("new", accuracies.NewClasses);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static string Top1(Accuracy? accuracy) => accuracy is null ? "–" : Per.Cent(accuracy.Top1);
}
