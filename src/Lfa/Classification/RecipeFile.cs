using System.Text;
using System.Text.Json;
using Lfa.Bridging;
using Lfa.IO;
using Lfa.Refinement;
using Lfa.Transport;

namespace Lfa.Classification;

/// <summary>The part of a classifier's file that tells how it was fitted: one metadata entry, a JSON object.</summary>
/// <remarks>
/// The object has a version of its own. A library that does not know it classifies with the model like any other, but
/// cannot change it.
/// </remarks>
internal static class RecipeFile
{
    public const string Key = "recipe";
    private const int Version = 1;
    // Libraries that know version 1 only would take pseudo-labels for labels.
    private const int UnlabeledVersion = 2;

    /// <summary>Writes the recipe as text.</summary>
    public static string Write(FitRecipe recipe)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", recipe.Unlabeled > 0 ? UnlabeledVersion : Version);
            json.WriteNumber("samples", recipe.Samples);
            if (recipe.Unlabeled > 0)
                Write(json, recipe.Unlabeled, recipe.Options.Unsupervised);
            if (recipe.Blend is { } blend)
                Write(json, blend);
            WriteOptions(json, recipe.Options);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Reads the recipe; null where the file has none, or one of another version.</summary>
    /// <exception cref="LfaDataException">The entry is damaged; the message names the file.</exception>
    public static FitRecipe? Read(string path, IReadOnlyDictionary<string, string> metadata, ClassifierProvenance provenance)
    {
        if (!metadata.TryGetValue(Key, out var text))
            return null;
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.GetProperty("version").GetInt32() is Version or UnlabeledVersion ? Read(json.RootElement, provenance) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw InputFile.Bad(path, $"the metadata entry {Key} is not the options of a fit; the classifier is damaged, fit it again.", e);
        }
    }

    private static void Write(Utf8JsonWriter json, int unlabeled, UnsupervisedOptions options)
    {
        json.WriteStartObject("unlabelled");
        json.WriteNumber("samples", unlabeled);
        json.WriteNumber("epsilon", options.Epsilon);
        json.WriteNumber("tolerance", options.Tolerance);
        json.WriteNumber("rounds", options.Rounds);
        json.WriteNumber("confidence", options.Confidence);
        if (options.Shares is { Values.IsEmpty: true } shares)
            json.WriteString("shares", shares.ToString());
        if (options.Shares is { Values: { IsEmpty: false } values })
        {
            json.WriteStartArray("shares");
            foreach (var value in values.Span)
                json.WriteNumberValue(value);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BlendWeights blend)
    {
        json.WriteStartObject("blend");
        json.WriteNumber("zero_shot", blend.ZeroShot);
        json.WriteNumber("procrustes", blend.Procrustes);
        json.WriteNumber("refined", blend.Refined);
        json.WriteNumber("gaussian", blend.Gaussian);
        json.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter json, LfaOptions options)
    {
        json.WriteString("method", FitMethodNames.Of(options.Method));
        if (options.Beta is { } beta)
            json.WriteNumber("beta", beta);
        if (options.Bridge is { } bridge)
            json.WriteString("bridge", BridgeNames.Of(bridge));
        if (options.Components is { } components)
            json.WriteNumber("components", components);
        json.WriteNumber("ridge", options.Ridge);
        json.WriteNumber("temperature", options.Temperature);
        json.WriteNumber("seed", options.Seed);
        json.WriteStartObject("cross_validation");
        json.WriteNumber("candidates", options.CrossValidation.Candidates);
        json.WriteNumber("splits", options.CrossValidation.Splits);
        json.WriteNumber("validation_fraction", options.CrossValidation.ValidationFraction);
        json.WriteBoolean("stratified", options.CrossValidation.Stratified);
        json.WriteEndObject();
        json.WriteStartObject("refinement");
        Write(json, options.Refinement);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RefinementOptions options)
    {
        json.WriteNumber("iterations", options.Iterations);
        WriteLoss(json, options.Loss);
        json.WriteNumber("learning_rate", options.LearningRate);
        json.WriteNumber("weight_decay", options.WeightDecay);
        json.WriteNumber("batch_fraction", options.BatchFraction);
        json.WriteNumber("noise", options.Noise);
        json.WriteNumber("dropout", options.Dropout);
        json.WriteBoolean("mixes_pairs", options.MixesPairs);
        json.WriteNumber("orthogonalization", options.Orthogonalization);
        json.WriteBoolean("clips_singular_values", options.ClipsSingularValues);
    }

    private static void WriteLoss(Utf8JsonWriter json, IAlignmentLoss loss)
    {
        if (loss is not (AdaptiveReranking or ContrastiveLoss or TripletLoss or CslsLoss))
            return; // Written outside this library: there is no saying how to make it again.
        json.WriteStartObject("loss");
        switch (loss)
        {
            case AdaptiveReranking reranking:
                json.WriteString("name", "arerank");
                json.WriteNumber("neighbours", reranking.Neighbors);
                json.WriteNumber("scale", reranking.Scale);
                break;
            case ContrastiveLoss contrastive:
                json.WriteString("name", "contrastive");
                json.WriteNumber("temperature", contrastive.Temperature);
                json.WriteBoolean("unit_rows", contrastive.UsesUnitRows);
                break;
            case TripletLoss triplet:
                json.WriteString("name", "triplet");
                json.WriteNumber("margin", triplet.Margin);
                break;
            case CslsLoss csls:
                json.WriteString("name", "csls");
                json.WriteNumber("neighbours", csls.Neighbors);
                break;
        }
        json.WriteEndObject();
    }

    private static FitRecipe Read(JsonElement json, ClassifierProvenance provenance)
    {
        var (refinement, validation) = (json.GetProperty("refinement"), json.GetProperty("cross_validation"));
        var method = json.GetProperty("method").GetString();
        var samples = json.GetProperty("samples").GetInt32();
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        JsonElement? unlabeled = json.TryGetProperty("unlabelled", out var element) ? element : null;
        var unlabeledSamples = unlabeled?.GetProperty("samples").GetInt32() ?? 0;
        ArgumentOutOfRangeException.ThrowIfNegative(unlabeledSamples);
        return new FitRecipe
        {
            Samples = samples,
            Unlabeled = unlabeledSamples,
            Blend = json.TryGetProperty("blend", out var blend) ? ReadBlend(blend) : null,
            IsRepeatable = refinement.TryGetProperty("loss", out _),
            Options = new LfaOptions
            {
                Method = Enum.GetValues<FitMethod>().Single(value => FitMethodNames.Of(value) == method),
                Beta = json.TryGetProperty("beta", out var beta) ? beta.GetDouble() : null,
                Bridge = json.TryGetProperty("bridge", out var bridge) ? Enum.GetValues<Bridge>().Single(value => BridgeNames.Of(value) == bridge.GetString()) : null,
                Components = json.TryGetProperty("components", out var components) ? components.GetInt32() : null,
                Ridge = json.GetProperty("ridge").GetDouble(),
                Temperature = json.GetProperty("temperature").GetDouble(),
                Seed = json.GetProperty("seed").GetInt32(),
                CrossValidation = new()
                {
                    Candidates = validation.GetProperty("candidates").GetInt32(),
                    Splits = validation.GetProperty("splits").GetInt32(),
                    ValidationFraction = validation.GetProperty("validation_fraction").GetDouble(),
                    Stratified = validation.GetProperty("stratified").GetBoolean(),
                },
                Refinement = ReadRefinement(refinement),
                Unsupervised = unlabeled is { } options ? ReadUnsupervised(options) : new UnsupervisedOptions(),
                Encoder = provenance.Encoder,
                EncoderFingerprint = provenance.EncoderFingerprint,
            },
        };
    }

    private static UnsupervisedOptions ReadUnsupervised(JsonElement json) => new()
    {
        Epsilon = json.GetProperty("epsilon").GetDouble(),
        Tolerance = json.GetProperty("tolerance").GetDouble(),
        Rounds = json.GetProperty("rounds").GetInt32(),
        Confidence = json.GetProperty("confidence").GetDouble(),
        Shares = !json.TryGetProperty("shares", out var shares) ? null
            : shares.ValueKind is JsonValueKind.Array ? ClassShares.Of([.. shares.EnumerateArray().Select(share => share.GetDouble())])
            : shares.GetString() == ClassShares.Uniform.ToString() ? ClassShares.Uniform
            : shares.GetString() == ClassShares.Estimated.ToString() ? ClassShares.Estimated
            : throw new FormatException(),
    };

    private static BlendWeights ReadBlend(JsonElement json)
    {
        double Number(string name) => json.GetProperty(name).GetDouble() is var value && double.IsFinite(value) ? value : throw new FormatException();
        return new BlendWeights(Number("zero_shot"), Number("procrustes"), Number("refined"), Number("gaussian"));
    }

    private static RefinementOptions ReadRefinement(JsonElement json) => new()
    {
        Iterations = json.GetProperty("iterations").GetInt32(),
        Loss = json.TryGetProperty("loss", out var loss) ? ReadLoss(loss) : new AdaptiveReranking(),
        LearningRate = json.GetProperty("learning_rate").GetDouble(),
        WeightDecay = json.GetProperty("weight_decay").GetDouble(),
        BatchFraction = json.GetProperty("batch_fraction").GetDouble(),
        Noise = json.GetProperty("noise").GetDouble(),
        Dropout = json.GetProperty("dropout").GetDouble(),
        MixesPairs = json.GetProperty("mixes_pairs").GetBoolean(),
        Orthogonalization = json.GetProperty("orthogonalization").GetDouble(),
        ClipsSingularValues = json.GetProperty("clips_singular_values").GetBoolean(),
    };

    private static IAlignmentLoss ReadLoss(JsonElement json) => json.GetProperty("name").GetString() switch
    {
        "arerank" => new AdaptiveReranking(json.GetProperty("neighbours").GetInt32(), json.GetProperty("scale").GetDouble()),
        "contrastive" => new ContrastiveLoss(json.GetProperty("temperature").GetDouble(), json.GetProperty("unit_rows").GetBoolean()),
        "triplet" => new TripletLoss(json.GetProperty("margin").GetDouble()),
        "csls" => new CslsLoss(json.GetProperty("neighbours").GetInt32()),
        _ => throw new FormatException(),
    };
}
