using Lfa.Encoders;
using Lfa.Encoders.Datasets;

namespace Lfa.Cli.Rendering;

/// <summary>Renders what became of embedding.</summary>
internal static class EmbeddingReport
{
    public static void WriteText(TextWriter output, ImageDataset dataset, EncodedFile file, TimeSpan time)
    {
        var classes = dataset.ClassNames.Count == 0 ? "without classes" : $"of {Counted.Classes(dataset.ClassNames.Count)}";
        output.WriteLine(Invariant($"Wrote {file.Path}: {Counted.Images(file.Written)} {classes}, {file.Dimension} components, {time.TotalSeconds:F1} s ({(dataset.Items.Count - file.Resumed) / time.TotalSeconds:F0} images a second)."));
        if (file.Resumed > 0)
            output.WriteLine(Invariant($"An earlier run had done {file.Resumed} of them."));
        if (file.Unreadable.Count > 0)
            output.WriteLine($"Left out {Counted.Images(file.Unreadable.Count)} that cannot be read, listed above.");
    }

    public static void WriteJson(TextWriter output, ImageDataset dataset, EncodedFile file, TimeSpan time) => JsonReport.Write(output, json =>
    {
        json.WriteString("path", file.Path);
        json.WriteNumber("images", file.Written);
        json.WriteNumber("pictures", file.Written); // the former name
        json.WriteNumber("classes", dataset.ClassNames.Count);
        json.WriteNumber("dimension", file.Dimension);
        json.WriteNumber("resumed", file.Resumed);
        json.WriteNumber("seconds", time.TotalSeconds);
        json.WriteStartArray("unreadable");
        foreach (var image in file.Unreadable)
        {
            json.WriteStartObject();
            json.WriteString("file", image.Name);
            json.WriteString("problem", image.Problem);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
