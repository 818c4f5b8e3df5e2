using System.Text;
using System.Text.Json;
using Lfa.IO;

namespace Lfa.Model;

/// <summary>Reads and writes models as .safetensors files.</summary>
/// <remarks>
/// Each part of a model writes its own tensors and metadata: the scorer (<see cref="ScorerPart"/>), the calibration
/// (<see cref="CalibrationPart"/>), the record of the fit (<see cref="RecordPart"/>) and the sums over the images
/// (<see cref="StatisticsPart"/>). Files are of version 3, which libraries before it refuse; versions 1 and 2 hold a transform
/// and prototypes, with a residual head in version 2, and read as they were.
/// </remarks>
internal static class ModelFile
{
    public const string FormatKey = "format";
    public const string Format = "lfa-classifier";
    private const string PrototypesName = "class_prototypes";
    private const string VersionKey = "format_version";
    private const string Version = "3";
    private static readonly string[] Former = ["1", "2"];

    public static void Write(string path, LfaModel model)
    {
        var parts = ToParts(model);
        SafetensorsFile.Write(path, parts.Tensors, parts.Metadata);
    }

    public static void Write(Stream stream, LfaModel model)
    {
        var parts = ToParts(model);
        SafetensorsFile.Write(stream, parts.Tensors, parts.Metadata);
    }

    public static LfaModel Read(string path) => Read(ModelParts.Of(path, SafetensorsFile.Read(path)));

    public static LfaModel Read(Stream stream)
    {
        using var whole = new MemoryStream();
        stream.CopyTo(whole);
        return Read(ModelParts.Of("", SafetensorsFile.Read(whole, "the model")));
    }

    private static ModelParts ToParts(LfaModel model)
    {
        var parts = new ModelParts();
        parts.Add(FormatKey, Format);
        parts.Add(VersionKey, Version);
        parts.Add("class_names", WriteNames(model.ClassNames));
        ScorerPart.Add(model.Scorer, parts);
        if (model.ClassPrototypes is { } prototypes)
            parts.Add(PrototypesName, prototypes);
        RecordPart.Add(model.Record, parts);
        if (model.Calibration is { } calibration)
            CalibrationPart.Add(calibration, parts);
        if (model.Statistics is { } statistics)
            StatisticsPart.Add(statistics, parts);
        return parts;
    }

    private static LfaModel Read(ModelParts parts)
    {
        if (parts.Text(FormatKey) != Format)
            throw parts.Bad("this .safetensors file is not a classifier; expected one that LfaModel.Save wrote.");
        var version = parts.Text(VersionKey);
        if (version != Version && !Former.Contains(version))
            throw parts.Bad($"the classifier is of format version {version ?? "unknown"}; this library reads versions {string.Join(", ", Former)} and {Version}.");
        try
        {
            var scorer = version == Version ? ScorerPart.Read(parts) : ScorerPart.ReadFormer(parts);
            return new LfaModel(
                scorer,
                ReadNames(parts),
                CalibrationPart.Read(parts, scorer.Temperature),
                version == Version ? RecordPart.Read(parts) : FormerRecipe.Read(parts),
                StatisticsPart.Read(parts, scorer.ClassCount, scorer.Dimension),
                parts.Has(PrototypesName) ? parts.Matrix(PrototypesName) : null);
        }
        catch (Exception e) when (e is ArgumentException or LfaDataException { Subject: null or not { Length: > 0 } })
        {
            throw parts.Bad(e.Message.Split(" (Parameter")[0], e);
        }
    }

    private static string WriteNames(IReadOnlyList<string> names)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var name in names)
                json.WriteStringValue(name);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static string[] ReadNames(ModelParts parts)
    {
        try
        {
            using var json = JsonDocument.Parse(parts.Text("class_names") ?? "");
            return [.. json.RootElement.EnumerateArray().Select(name => name.GetString() ?? throw parts.Wrong("class_names", "an array of strings"))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw parts.Wrong("class_names", "an array of strings", e);
        }
    }
}
