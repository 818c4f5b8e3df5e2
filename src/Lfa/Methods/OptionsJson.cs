using System.Text.Json;
using Lfa.Alignment;
using Lfa.Refinement;
using Lfa.Transport;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>The options that several methods share, as JSON.</summary>
internal static class OptionsJson
{
    public static void WriteProjection(Utf8JsonWriter json, SpaceProjection? projection)
    {
        if (projection is null)
            return;
        json.WriteString("projection", projection.Name);
        if (projection.Components is { } components)
            json.WriteNumber("components", components);
    }

    public static SpaceProjection? ReadProjection(JsonElement json)
    {
        if (!json.TryGetProperty("projection", out var name))
            return null;
        var projection = SpaceProjection.All.Find(name.GetString()!) ?? throw new FormatException();
        return json.TryGetProperty("components", out var components) ? projection with { Components = components.GetInt32() } : projection;
    }

    public static void Write(Utf8JsonWriter json, BetaCrossValidationOptions options)
    {
        json.WriteStartObject("cross_validation");
        json.WriteNumber("candidates", options.Candidates);
        json.WriteNumber("splits", options.Splits);
        json.WriteNumber("validation_fraction", options.ValidationFraction);
        json.WriteBoolean("stratified", options.Stratified);
        json.WriteEndObject();
    }

    public static BetaCrossValidationOptions ReadCrossValidation(JsonElement json)
    {
        var options = json.GetProperty("cross_validation");
        return new BetaCrossValidationOptions
        {
            Candidates = options.GetProperty("candidates").GetInt32(),
            Splits = options.GetProperty("splits").GetInt32(),
            ValidationFraction = options.GetProperty("validation_fraction").GetDouble(),
            Stratified = options.GetProperty("stratified").GetBoolean(),
        };
    }

    public static void Write(Utf8JsonWriter json, RefinementOptions options)
    {
        json.WriteStartObject("refinement");
        json.WriteNumber("iterations", options.Iterations);
        Write(json, options.Loss);
        json.WriteNumber("learning_rate", options.LearningRate);
        json.WriteNumber("weight_decay", options.WeightDecay);
        json.WriteNumber("batch_fraction", options.BatchFraction);
        json.WriteNumber("noise", options.Noise);
        json.WriteNumber("dropout", options.Dropout);
        json.WriteBoolean("mixes_pairs", options.MixesPairs);
        json.WriteNumber("orthogonalization", options.Orthogonalization);
        json.WriteBoolean("clips_singular_values", options.ClipsSingularValues);
        json.WriteEndObject();
    }

    /// <exception cref="FormatException">The loss is not registered here.</exception>
    public static RefinementOptions ReadRefinement(JsonElement json)
    {
        var options = json.GetProperty("refinement");
        return new RefinementOptions
        {
            Iterations = options.GetProperty("iterations").GetInt32(),
            Loss = ReadLoss(options.GetProperty("loss")),
            LearningRate = options.GetProperty("learning_rate").GetDouble(),
            WeightDecay = options.GetProperty("weight_decay").GetDouble(),
            BatchFraction = options.GetProperty("batch_fraction").GetDouble(),
            Noise = options.GetProperty("noise").GetDouble(),
            Dropout = options.GetProperty("dropout").GetDouble(),
            MixesPairs = options.GetProperty("mixes_pairs").GetBoolean(),
            Orthogonalization = options.GetProperty("orthogonalization").GetDouble(),
            ClipsSingularValues = options.GetProperty("clips_singular_values").GetBoolean(),
        };
    }

    public static void Write(Utf8JsonWriter json, TransportOptions options)
    {
        json.WriteStartObject("transport");
        json.WriteNumber("epsilon", options.Epsilon);
        json.WriteNumber("tolerance", options.Tolerance);
        json.WriteNumber("confidence", options.Confidence);
        if (options.ClassPrior is { Values.IsEmpty: true } prior)
            json.WriteString("class_prior", prior.ToString());
        if (options.ClassPrior is { Values: { IsEmpty: false } values })
        {
            json.WriteStartArray("class_prior");
            foreach (var value in values.Span)
                json.WriteNumberValue(value);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    public static TransportOptions ReadTransport(JsonElement json) => ReadTransport(json.GetProperty("transport"), "class_prior");

    /// <summary>Reads the options of the transport, whose class prior has had another name.</summary>
    public static TransportOptions ReadTransport(JsonElement options, string priorName) => new()
    {
        Epsilon = options.GetProperty("epsilon").GetDouble(),
        Tolerance = options.GetProperty("tolerance").GetDouble(),
        Confidence = options.GetProperty("confidence").GetDouble(),
        ClassPrior = !options.TryGetProperty(priorName, out var prior) ? null
            : prior.ValueKind is JsonValueKind.Array ? ClassPrior.FromWeights([.. prior.EnumerateArray().Select(value => value.GetDouble())])
            : prior.GetString() == ClassPrior.Uniform.ToString() ? ClassPrior.Uniform
            : prior.GetString() == ClassPrior.Estimated.ToString() ? ClassPrior.Estimated
            : throw new FormatException(),
    };

    private static void Write(Utf8JsonWriter json, IAlignmentLoss loss)
    {
        json.WriteStartObject("loss");
        json.WriteString("name", loss.Name);
        foreach (var (name, value) in loss.Parameters)
            json.WriteNumber(name, value);
        json.WriteEndObject();
    }

    private static IAlignmentLoss ReadLoss(JsonElement json)
    {
        var definition = LossRegistry.Losses.Find(json.GetProperty("name").GetString()!) ?? throw new UnknownLossException();
        return definition.Create(json.EnumerateObject().Where(value => value.Name != "name").ToDictionary(value => value.Name, value => value.Value.GetDouble()));
    }
}

/// <summary>Tells that a loss in a file is not registered here: the classifier can be used, but not fitted again.</summary>
internal sealed class UnknownLossException : FormatException;
