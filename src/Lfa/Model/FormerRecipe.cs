using System.Text.Json;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Refinement;

namespace Lfa.Model;

/// <summary>Reads how a model was fitted from files of versions 1 and 2, whose entry "recipe" holds the options of all methods at once.</summary>
internal static class FormerRecipe
{
    private const string Key = "recipe";
    private static readonly int[] Versions = [1, 2];

    /// <summary>Reads the record.</summary>
    /// <exception cref="LfaDataException">An entry is damaged; the message names the file and the entry.</exception>
    public static FitRecord Read(ModelParts parts)
    {
        var method = parts.Text("method");
        var beta = parts.Number("beta");
        var encoder = new EncoderIdentity(parts.Text("encoder")) { Fingerprint = parts.Text("encoder_fingerprint") };
        var record = new FitRecord
        {
            Method = Method(method),
            Variant = method?.EndsWith(", new classes", StringComparison.Ordinal) == true ? "new classes" : null,
            Seed = parts.Integer("seed"),
            Iterations = parts.Integer("iterations"),
            LibraryVersion = parts.Text("library_version"),
            ImageEncoder = encoder is { Name: null, Fingerprint: null } ? null : encoder,
            Chosen = beta is { } value ? [new ChosenValue("beta", value, ValueOrigin.HeldOut) { Symbol = "β", Format = "0.###" }] : [],
        };
        return parts.Text(Key) is not { } text ? record : RecordPart.Guard(parts, Key, "the options of a fit", () =>
        {
            using var json = JsonDocument.Parse(text);
            return Versions.Contains(json.RootElement.GetProperty("version").GetInt32()) ? Read(json.RootElement, record) : record;
        });
    }

    private static string? Method(string? text) => text is null ? null
        : text.Contains("supervised", StringComparison.Ordinal) ? $"unsupervised-{text.Split(',')[0]}"
        : text.Split(',')[0];

    private static FitRecord Read(JsonElement json, FitRecord record)
    {
        var name = json.GetProperty("method").GetString()!;
        if (MethodRegistry.Methods.Find(name) is null)
            throw new FormatException();
        var unlabeled = json.TryGetProperty("unlabelled", out var element) ? element : (JsonElement?)null;
        var temperature = json.GetProperty("temperature").GetDouble();
        if (!Temperatures.IsTemperature(temperature))
            throw new FormatException();
        return record with
        {
            Samples = Count(json),
            UnlabeledSamples = unlabeled is { } images ? Count(images) : 0,
            Blend = json.TryGetProperty("blend", out var blend) ? ReadBlend(blend) : [],
            Options = ReadOptions(json, name, unlabeled),
            Seed = json.GetProperty("seed").GetInt32(),
            // The temperature of the encoder belongs to the data now; the default says nothing.
            ImageEncoder = temperature == Scorer.DefaultTemperature ? record.ImageEncoder : (record.ImageEncoder ?? new EncoderIdentity()) with { Temperature = temperature },
        };
    }

    private static int Count(JsonElement json)
    {
        var count = json.GetProperty("samples").GetInt32();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return count;
    }

    // A sum of all refined transforms stands for its experts, which no update changes.
    private static ExpertWeight[] ReadBlend(JsonElement json) =>
    [
        new("zero-shot", RecordPart.Finite(json, "zero_shot")),
        new("procrustes", RecordPart.Finite(json, "procrustes")),
        new("refined", RecordPart.Finite(json, "refined")),
        new("gaussian", RecordPart.Finite(json, "gaussian")),
    ];

    private static IMethod? ReadOptions(JsonElement json, string name, JsonElement? unlabeled)
    {
        var beta = json.TryGetProperty("beta", out var given) ? given.GetDouble() : (double?)null;
        var validation = OptionsJson.ReadCrossValidation(json);
        var projection = ReadProjection(json);
        var leastSquares = new LeastSquaresMethod { Ridge = json.GetProperty("ridge").GetDouble(), Projection = projection };
        var refinement = ReadRefinement(json.GetProperty("refinement"));
        var lfa = refinement is null ? null : new LfaMethod { Beta = beta, CrossValidation = validation, Refinement = refinement, Projection = projection };
        if (unlabeled is { } options)
        {
            var transport = OptionsJson.ReadTransport(options, "shares");
            return name == "auto" ? new UnsupervisedAutoMethod { Transport = transport }
                : lfa is null ? null : new UnsupervisedLfaMethod { Lfa = lfa, Transport = transport, Rounds = options.GetProperty("rounds").GetInt32() };
        }
        return name switch
        {
            "auto" => new AutoMethod { Projection = projection as CanonicalCorrelation },
            "lfa" => lfa,
            "beta-procrustes" => new BetaProcrustesMethod { Beta = beta, CrossValidation = validation, Projection = projection },
            "procrustes" => new ProcrustesMethod { Projection = projection },
            "least-squares" => leastSquares,
            _ => MethodRegistry.Methods.Get(name),
        };
    }

    private static SpaceProjection? ReadProjection(JsonElement json)
    {
        if (!json.TryGetProperty("bridge", out var bridge))
            return null;
        var name = bridge.GetString() is "projection" ? "gaussian" : bridge.GetString()!;
        var projection = SpaceProjection.All.Find(name) ?? throw new FormatException();
        return json.TryGetProperty("components", out var components) ? projection with { Components = components.GetInt32() } : projection;
    }

    /// <summary>Reads the options of the refinement; null where the file does not tell the loss, which was not of that library.</summary>
    private static RefinementOptions? ReadRefinement(JsonElement json) => new RefinementOptions
    {
        Iterations = json.GetProperty("iterations").GetInt32(),
        LearningRate = json.GetProperty("learning_rate").GetDouble(),
        WeightDecay = json.GetProperty("weight_decay").GetDouble(),
        BatchFraction = json.GetProperty("batch_fraction").GetDouble(),
        Noise = json.GetProperty("noise").GetDouble(),
        Dropout = json.GetProperty("dropout").GetDouble(),
        MixesPairs = json.GetProperty("mixes_pairs").GetBoolean(),
        Orthogonalization = json.GetProperty("orthogonalization").GetDouble(),
        ClipsSingularValues = json.GetProperty("clips_singular_values").GetBoolean(),
    } is var options && json.TryGetProperty("loss", out var loss) ? options with { Loss = ReadLoss(loss) } : null;

    private static IAlignmentLoss ReadLoss(JsonElement json)
    {
        var definition = LossRegistry.Losses.Find(json.GetProperty("name").GetString()!) ?? throw new FormatException();
        return definition.Create(definition.Parameters.ToDictionary(parameter => parameter.Name, parameter =>
            json.GetProperty(parameter.Name == "neighbors" ? "neighbours" : parameter.Name) is var value && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? (value.GetBoolean() ? 1 : 0) : value.GetDouble()));
    }
}
