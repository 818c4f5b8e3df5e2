using System.Text.Json;
using Lfa.Classification;

namespace Lfa.Cli.Rendering;

/// <summary>Writes predictions as JSON objects, one a line.</summary>
internal sealed class JsonLinesPredictions(TextWriter output, IReadOnlyList<string>? fileNames) : PredictionReport(output, fileNames)
{
    protected override void WriteRow(Prediction prediction) => JsonReport.Write(Output, json =>
    {
        if (FileName is { } name)
            json.WriteString(KeyName, name);
        else
            json.WriteNumber(KeyName, Rows);
        WriteClass(json, prediction.Best);
        if (prediction.Top.Count == 1)
            return;
        json.WriteStartArray("top");
        foreach (var one in prediction.Top)
        {
            json.WriteStartObject();
            WriteClass(json, one);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }, oneLine: true);

    private static void WriteClass(Utf8JsonWriter json, ClassProbability one)
    {
        json.WriteString("class", one.ClassName);
        json.WriteNumber("probability", (float)one.Probability);
    }
}
