using Lfa.Encoders.Datasets;

namespace Lfa.Cli.Rendering;

/// <summary>Renders the datasets that are known by name.</summary>
internal static class DatasetsReport
{
    /// <summary>Writes a text for a person.</summary>
    public static void WriteText(TextWriter output)
    {
        foreach (var known in DatasetCatalog.All)
        {
            output.WriteLine($"{known.Name}{(known.Aliases.Count == 0 ? "" : $" ({string.Join(", ", known.Aliases)})")}: {string.Join(", ", known.Splits.Select(split => split.Name))}");
            output.WriteLine($"  {known.Folder}/ with {string.Join(", ", known.Expects)}");
            output.WriteLine($"  {string.Join(" | ", known.Templates.Templates)}");
            if (known.Iterations is { } iterations)
                output.WriteLine(Invariant($"  published iterations: {iterations.FewShot} with 16 shots, {iterations.BaseToNew} from base to new classes"));
        }
        output.WriteLine();
        output.WriteLine("Give NAME or NAME:SPLIT where a command takes images, and with --root, or in LFA_DATA, the folder that holds these folders.");
    }

    /// <summary>Writes one JSON document.</summary>
    public static void WriteJson(TextWriter output) => JsonReport.Write(output, json =>
    {
        json.WriteStartArray("datasets");
        foreach (var known in DatasetCatalog.All)
        {
            json.WriteStartObject();
            json.WriteString("name", known.Name);
            json.WriteStrings("aliases", known.Aliases);
            json.WriteString("folder", known.Folder);
            json.WriteStrings("expects", known.Expects);
            json.WriteStrings("splits", known.Splits.Select(split => split.Name));
            json.WriteStrings("templates", known.Templates.Templates);
            json.WriteNumberOrNull("fewShotIterations", known.Iterations?.FewShot);
            json.WriteNumberOrNull("baseToNewIterations", known.Iterations?.BaseToNew);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
