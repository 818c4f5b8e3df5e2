using System.Text.Json;
using Lfa.Classification;

namespace Lfa.Cli.Rendering;

/// <summary>Writes predictions as JSON objects, one a line.</summary>
internal sealed class JsonLinesPredictions(TextWriter output, IReadOnlyList<string>? fileNames, PredictionColumns columns)
    : PredictionReport(output, fileNames, columns)
{
    protected override void WriteRow(Prediction prediction) => JsonReport.Write(Output, json =>
    {
        if (FileName is { } name)
            json.WriteString(KeyName, name);
        else
            json.WriteNumber(KeyName, Rows);
        WriteClass(json, prediction.Best);
        if (prediction.Top.Count > 1)
            WriteClasses(json, "top", prediction.Top);
        if (Columns.Set)
            WriteClasses(json, "set", prediction.PredictionSet!);
        if (Columns.Unknown)
            json.WriteBoolean("unknown", prediction.IsUnknown);
        if (Columns.DependsOnBatch)
            json.WriteBoolean("dependsOnBatch", true);
    }, oneLine: true);

    private static void WriteClasses(Utf8JsonWriter json, string name, IReadOnlyList<ClassProbability> classes)
    {
        json.WriteStartArray(name);
        foreach (var one in classes)
        {
            json.WriteStartObject();
            WriteClass(json, one);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteClass(Utf8JsonWriter json, ClassProbability one)
    {
        json.WriteString("class", one.ClassName);
        json.WriteNumber("probability", (float)one.Probability);
    }
}
