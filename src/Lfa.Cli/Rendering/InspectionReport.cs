using System.Text.Json;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Model;

namespace Lfa.Cli.Rendering;

/// <summary>Renders what is in a file and what is wrong with it.</summary>
internal static class InspectionReport
{
    // Names beyond these are counted in the text; the JSON document has all.
    private const int NamesShown = 8;
    private const int MetadataShown = 300;

    // For programs to read.
    private const string RecordKey = "fit";
    private const string FormerRecordKey = "recipe";

    /// <summary>Writes tables for a person.</summary>
    public static void WriteText(TextWriter output, FileReport report, LfaModel? model)
    {
        output.WriteLine($"{report.Path}: {Kind(report.Kind)}");
        var table = new TextTable();
        table.Add("array", "type", "shape", "rows", "norm min", "mean", "max");
        foreach (var array in report.Arrays)
        {
            var rows = array.Rows;
            table.Add(array.Name, array.Type, Shape(array), Invariant($"{rows?.Count}"), Invariant($"{rows?.MinNorm:G4}"), Invariant($"{rows?.MeanNorm:G4}"), Invariant($"{rows?.MaxNorm:G4}"));
        }
        table.Write(output);
        if (report.Classes is { } classes)
            output.WriteLine($"classes: {Classes(classes)}");
        foreach (var (name, value) in report.Metadata.Where(entry => entry.Key is not (RecordKey or FormerRecordKey)))
            output.WriteLine($"{name}: {Shorten(value)}");
        if (model?.Calibration is { } confidence)
            ConfidenceReport.WriteText(output, confidence);
        if (model?.Record is { Samples: > 0 } or { UnlabeledSamples: > 0 })
            output.WriteLine($"update: {Update(model, model.Record)}");
        foreach (var note in report.Notes)
            output.WriteLine($"note: {note}");
        foreach (var problem in report.Problems)
            output.WriteLine($"PROBLEM: {problem}");
        if (report.Problems.Count == 0)
            output.WriteLine("No problems.");
    }

    /// <summary>Writes one JSON document.</summary>
    public static void WriteJson(TextWriter output, FileReport report, LfaModel? model) => JsonReport.Write(output, json =>
    {
        json.WriteString("path", report.Path);
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(report.Kind.ToString()));
        json.WriteStartArray("arrays");
        foreach (var array in report.Arrays)
            WriteArray(json, array);
        json.WriteEndArray();
        WriteClasses(json, report.Classes);
        json.WriteStartObject("metadata");
        foreach (var (name, value) in report.Metadata)
            json.WriteString(name, value);
        json.WriteEndObject();
        if (model?.Calibration is { } confidence)
            ConfidenceReport.WriteJson(json, confidence);
        if (model?.Record is { Samples: > 0, UnlabeledSamples: 0 } record)
            WriteUpdate(json, model, record);
        json.WriteStrings("problems", report.Problems);
        json.WriteStrings("notes", report.Notes);
    });

    private static string Update(LfaModel model, FitRecord record) => record.UnlabeledSamples > 0
        ? Invariant($"`lfa update` cannot change a model of images without labels ({record.UnlabeledSamples} here); fit it again")
        : model.Statistics is { } statistics
        ? $"`lfa update` needs no earlier images; the model knows {Counted.Of(statistics.SampleCount, "image", "images")}{(statistics.SampleCount == record.Samples ? "" : Invariant($", {record.Samples} at its last whole fit"))}"
        : $"`lfa update` needs the {Counted.Of(record.Samples, "image", "images")} that the model was fitted to (--with)";

    private static void WriteUpdate(Utf8JsonWriter json, LfaModel model, FitRecord record)
    {
        json.WriteStartObject("update");
        json.WriteBoolean("needsEarlierImages", model.Statistics is null);
        json.WriteNumberOrNull("images", model.Statistics?.SampleCount);
        json.WriteNumber("imagesOfLastWholeFit", record.Samples);
        json.WriteEndObject();
    }

    private static string Kind(FileKind kind) => kind switch
    {
        FileKind.FeatureFile => "image and text features",
        FileKind.Array => "image features",
        FileKind.Model => "a model",
        _ => "arrays of another kind",
    };

    private static string Shape(ArrayReport array) =>
        array.Shape.Count == 0 ? "one value" : string.Join(" × ", array.Shape.Select(extent => Invariant($"{extent}")));

    private static string Shorten(string value) => value.Length <= MetadataShown ? value : value[..MetadataShown] + "…";

    private static string Classes(ClassReport classes)
    {
        var samples = classes.MinSamples is null ? "no labels" : Invariant($"{classes.MinSamples} to {classes.MaxSamples} images each");
        var names = classes.Names is null ? "no names" : string.Join(", ", classes.Names.Take(NamesShown)) + (classes.Names.Count > NamesShown ? ", …" : "");
        var prompts = classes.PromptCount > 1 ? Invariant($"{classes.PromptCount} prompts each; ") : "";
        return Invariant($"{classes.Count}; {prompts}{samples}; {names}");
    }

    private static void WriteArray(Utf8JsonWriter json, ArrayReport array)
    {
        json.WriteStartObject();
        json.WriteString("name", array.Name);
        json.WriteString("type", array.Type);
        json.WriteStartArray("shape");
        foreach (var extent in array.Shape)
            json.WriteNumberValue(extent);
        json.WriteEndArray();
        if (array.Rows is { } rows)
        {
            json.WriteStartObject("rows");
            json.WriteNumber("count", rows.Count);
            json.WriteNumberOrNull("minNorm", rows.MinNorm);
            json.WriteNumberOrNull("meanNorm", rows.MeanNorm);
            json.WriteNumberOrNull("maxNorm", rows.MaxNorm);
            json.WriteNumber("nonFinite", rows.NonFiniteRows);
            json.WriteNumber("zero", rows.ZeroRows);
            json.WriteNumber("notUnit", rows.OtherLengthRows);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("rows");
        }
        json.WriteEndObject();
    }

    private static void WriteClasses(Utf8JsonWriter json, ClassReport? classes)
    {
        if (classes is null)
        {
            json.WriteNull("classes");
            return;
        }
        json.WriteStartObject("classes");
        json.WriteNumber("count", classes.Count);
        json.WriteNumber("prompts", classes.PromptCount);
        json.WriteNumberOrNull("minSamples", classes.MinSamples);
        json.WriteNumberOrNull("maxSamples", classes.MaxSamples);
        if (classes.Names is { } names)
            json.WriteStrings("names", names);
        else
            json.WriteNull("names");
        json.WriteEndObject();
    }
}
