using System.Globalization;
using System.Text;
using System.Text.Json;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.IO;

namespace Lfa.Classification;

/// <summary>Reads and writes classifiers as .safetensors files.</summary>
/// <remarks>
/// The tensors are "transform", "class_prototypes" and, where there are such, "new_class_transform", "residual_weights" and
/// "residual_biases"; all else is metadata. A classifier with a residual head is of version 2, so that an older library,
/// which would ignore those tensors and classify otherwise, refuses it; all others are of version 1. The confidence, the sums
/// over the images, the map of text features ("text_transform", across a bridge) and the recipe change no score, so an older library may well ignore them.
/// </remarks>
internal static class ClassifierFile
{
    public const string FormatKey = "format";
    public const string Format = "lfa-classifier";
    private const string Version = "1";
    private const string VersionWithResidual = "2";
    private const string ResidualWeightsName = "residual_weights";
    private const string ResidualBiasesName = "residual_biases";
    private const string TransformName = "transform";
    private const string NewClassTransformName = "new_class_transform";
    private const string NewClassTemperatureKey = "new_class_temperature";
    private const string FormerNewClassTransformName = "moving_average"; // Of older libraries, at the temperature of the classifier.
    private const string PrototypesName = "class_prototypes";
    private const string TextTransformName = "text_transform";

    public static void Write(string path, LfaClassifier classifier)
    {
        var tensors = new Dictionary<string, SafetensorsTensor>
        {
            [TransformName] = SafetensorsTensor.From(classifier.Transform.Matrix),
            [PrototypesName] = SafetensorsTensor.From(classifier.ClassPrototypes),
        };
        if (classifier.NewClasses is { } newClasses)
            tensors[NewClassTransformName] = SafetensorsTensor.From(newClasses.Transform.Matrix);
        if (classifier.TextTransform is { } texts)
            tensors[TextTransformName] = SafetensorsTensor.From(texts.Matrix);
        if (classifier.Residual is { } residual)
        {
            tensors[ResidualWeightsName] = SafetensorsTensor.From(residual.Weights);
            if (residual.Biases.Length > 0)
                tensors[ResidualBiasesName] = SafetensorsTensor.From(residual.Biases.Span, residual.Biases.Length);
        }
        var metadata = Metadata(classifier);
        if (classifier.Confidence is { } confidence)
            ConfidenceFile.Add(confidence, tensors, metadata);
        if (classifier.Statistics is { } statistics)
            StatisticsFile.Add(statistics, tensors, metadata);
        if (classifier.Recipe is { } recipe)
            metadata[RecipeFile.Key] = RecipeFile.Write(recipe);
        SafetensorsFile.Write(path, tensors, metadata);
    }

    public static LfaClassifier Read(string path)
    {
        var file = SafetensorsFile.Read(path);
        var metadata = file.Metadata;
        if (metadata.GetValueOrDefault(FormatKey) != Format)
            throw InputFile.Bad(path, "this .safetensors file is not a classifier; expected one that Save wrote.");
        if (metadata.GetValueOrDefault("format_version") is not (Version or VersionWithResidual) and var version)
            throw InputFile.Bad(path, Invariant($"the classifier is of format version {version ?? "unknown"}; this library reads versions {Version} and {VersionWithResidual}."));
        try
        {
            var temperature = Number(path, metadata, "temperature") ?? throw InputFile.Bad(path, "the metadata have no temperature; fit the classifier again.");
            var transform = new Transform(Matrix(path, file, TransformName));
            var prototypes = Matrix(path, file, PrototypesName);
            var provenance = ReadProvenance(path, metadata);
            return new LfaClassifier(
                transform,
                prototypes,
                ReadNames(path, metadata),
                temperature,
                ReadNewClasses(path, file, temperature),
                provenance,
                ReadResidual(path, file),
                ConfidenceFile.Read(path, file, temperature),
                StatisticsFile.Read(path, file, prototypes.Rows, transform.InputDimension),
                RecipeFile.Read(path, metadata, provenance),
                OptionalTransform(path, file, TextTransformName));
        }
        catch (Exception e) when (e is ArgumentException or LfaDataException && (e as LfaDataException)?.Subject != path)
        {
            throw InputFile.Bad(path, e.Message, e);
        }
    }

    private static Dictionary<string, string> Metadata(LfaClassifier classifier)
    {
        var provenance = classifier.Provenance;
        var metadata = new Dictionary<string, string>
        {
            [FormatKey] = Format,
            ["format_version"] = classifier.Residual is null ? Version : VersionWithResidual,
            ["class_names"] = WriteNames(classifier.ClassNames),
            ["temperature"] = Text(classifier.Temperature),
        };
        void Add(string key, string? value)
        {
            if (value is not null)
                metadata[key] = value;
        }
        Add(NewClassTemperatureKey, classifier.NewClasses is { } newClasses ? Text(newClasses.Temperature) : null);
        Add("method", provenance.Method);
        Add("beta", provenance.Beta is { } beta ? Text(beta) : null);
        Add("iterations", provenance.Iterations?.ToString(CultureInfo.InvariantCulture));
        Add("seed", provenance.Seed?.ToString(CultureInfo.InvariantCulture));
        Add("encoder", provenance.Encoder);
        Add("encoder_fingerprint", provenance.EncoderFingerprint);
        Add("options", provenance.Options);
        Add("library_version", provenance.LibraryVersion);
        return metadata;
    }

    private static ClassifierProvenance ReadProvenance(string path, IReadOnlyDictionary<string, string> metadata) => new()
    {
        Method = metadata.GetValueOrDefault("method"),
        Beta = Number(path, metadata, "beta"),
        Iterations = Integer(path, metadata, "iterations"),
        Seed = Integer(path, metadata, "seed"),
        Encoder = metadata.GetValueOrDefault("encoder"),
        EncoderFingerprint = metadata.GetValueOrDefault("encoder_fingerprint"),
        Options = metadata.GetValueOrDefault("options"),
        LibraryVersion = metadata.GetValueOrDefault("library_version"),
    };

    private static NewClassScoring? ReadNewClasses(string path, SafetensorsFile file, double temperature)
    {
        var name = file.Tensors.ContainsKey(NewClassTransformName) ? NewClassTransformName : FormerNewClassTransformName;
        return file.Tensors.ContainsKey(name) ? new NewClassScoring(new Transform(Matrix(path, file, name)), Number(path, file.Metadata, NewClassTemperatureKey) ?? temperature) : null;
    }

    private static Transform? OptionalTransform(string path, SafetensorsFile file, string name) =>
        file.Tensors.ContainsKey(name) ? new Transform(Matrix(path, file, name)) : null;

    private static LinearClassifier? ReadResidual(string path, SafetensorsFile file)
    {
        if (!file.Tensors.ContainsKey(ResidualWeightsName))
            return null;
        return new LinearClassifier(Matrix(path, file, ResidualWeightsName), file.Tensors.ContainsKey(ResidualBiasesName) ? Vector(path, file, ResidualBiasesName) : default(ReadOnlyMemory<float>));
    }

    internal static float[] Vector(string path, SafetensorsFile file, string name)
    {
        if (!file.Tensors.TryGetValue(name, out var tensor))
            throw InputFile.Bad(path, $"there is no tensor {name}; the classifier is incomplete, fit it again.");
        if (tensor.Type != "F32" || tensor.Shape.Count != 1 || tensor.Shape[0] < 1)
            throw InputFile.Bad(path, $"the tensor {name} is {tensor.Type} of shape {ArrayShape.Describe(tensor.Shape)}; expected F32 of one dimension.");
        var values = tensor.ToSingle();
        if (!System.Numerics.Tensors.TensorPrimitives.IsFiniteAll<float>(values))
            throw InputFile.Bad(path, $"the tensor {name} holds a NaN or an infinity; the classifier is damaged, fit it again.");
        return values;
    }

    private static Matrix Matrix(string path, SafetensorsFile file, string name)
    {
        if (!file.Tensors.TryGetValue(name, out var tensor))
            throw InputFile.Bad(path, $"there is no tensor {name}; the classifier is incomplete, fit it again.");
        if (tensor.Type != "F32" || tensor.Shape.Count != 2 || tensor.Shape[0] < 1 || tensor.Shape[1] < 1)
            throw InputFile.Bad(path, $"the tensor {name} is {tensor.Type} of shape {ArrayShape.Describe(tensor.Shape)}; expected F32 of two dimensions.");
        var matrix = new Matrix(tensor.ToSingle(), (int)tensor.Shape[0], (int)tensor.Shape[1]);
        if (!System.Numerics.Tensors.TensorPrimitives.IsFiniteAll(matrix.Values.Span))
            throw InputFile.Bad(path, $"the tensor {name} holds a NaN or an infinity; the classifier is damaged, fit it again.");
        return matrix;
    }

    internal static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    internal static double? Number(string path, IReadOnlyDictionary<string, string> metadata, string key)
    {
        if (!metadata.TryGetValue(key, out var text))
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(path, key, "a number");
    }

    internal static int? Integer(string path, IReadOnlyDictionary<string, string> metadata, string key)
    {
        if (!metadata.TryGetValue(key, out var text))
            return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(path, key, "an integer");
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

    private static string[] ReadNames(string path, IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            using var json = JsonDocument.Parse(metadata.GetValueOrDefault("class_names") ?? "");
            return [.. json.RootElement.EnumerateArray().Select(name => name.GetString() ?? throw Wrong(path, "class_names", "an array of strings"))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Wrong(path, "class_names", "an array of strings");
        }
    }

    private static LfaDataException Wrong(string path, string key, string expected) =>
        InputFile.Bad(path, $"the metadata entry {key} is not {expected}; the classifier is damaged, fit it again.");
}
