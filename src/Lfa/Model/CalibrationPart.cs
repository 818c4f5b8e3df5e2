using Lfa.Classification;

namespace Lfa.Model;

/// <summary>The part of a model file that holds its calibration: two tensors of quantiles, perhaps one of difficulties and two of familiarity, and some metadata.</summary>
internal static class CalibrationPart
{
    private const string NonconformityName = "held_out_nonconformity";
    private const string FamiliarityName = "held_out_familiarity";
    private const string DifficultyName = "class_difficulty";
    private const string ViewsName = "familiarity_weights";
    private const string NearnessName = "usual_nearness";
    private const string ImagesKey = "held_out_images";
    private const string ClassesKey = "held_out_classes";
    private const string WrongLabelsKey = "wrong_label_fraction";
    private const string CoverageKey = "default_coverage";
    private const string FalseRejectionKey = "default_false_rejection";

    /// <summary>Adds the calibration to what is to be written.</summary>
    public static void Add(Calibration calibration, ModelParts parts)
    {
        parts.Add(NonconformityName, calibration.Nonconformity.Values.Span);
        parts.Add(FamiliarityName, calibration.Familiarities.Values.Span);
        if (!calibration.Difficulties.IsEmpty)
            parts.Add(DifficultyName, calibration.Difficulties.Span);
        if (calibration.Familiarity != Familiarity.OfProbability)
            parts.Add(ViewsName, [.. calibration.Familiarity.Weights.Select(weight => (float)weight)]);
        if (calibration.Familiarity.UsesNames)
            parts.Add(NearnessName, calibration.Familiarity.UsualNearness.Span);
        parts.Add(ImagesKey, Invariant($"{calibration.Samples}"));
        parts.Add(ClassesKey, calibration.HeldOutClasses ? "true" : null);
        parts.Add("held_out_temperature_before", calibration.Before.Temperature);
        parts.Add("held_out_log_loss_before", calibration.Before.LogLoss);
        parts.Add("held_out_log_loss", calibration.After.LogLoss);
        parts.Add("held_out_ece_before", calibration.Before.Ece);
        parts.Add("held_out_ece", calibration.After.Ece);
        if (calibration.WrongLabelFraction > 0)
            parts.Add(WrongLabelsKey, calibration.WrongLabelFraction);
        if (calibration.Coverage is { } coverage)
            parts.Add(CoverageKey, coverage);
        if (calibration.FalseRejection is { } rate)
            parts.Add(FalseRejectionKey, rate);
    }

    /// <summary>Reads the calibration; null where the file has none.</summary>
    /// <exception cref="LfaDataException">A part is missing or damaged; the message names the file and the part.</exception>
    public static Calibration? Read(ModelParts parts, double temperature)
    {
        if (!parts.Has(NonconformityName))
            return null;
        var samples = parts.RequireInteger(ImagesKey);
        if (samples < 1)
            throw parts.Bad(Invariant($"the metadata entry {ImagesKey} is {samples}; expected 1 or more."));
        var before = new CalibrationMetrics(parts.RequireNumber("held_out_temperature_before"), parts.RequireNumber("held_out_log_loss_before"), parts.RequireNumber("held_out_ece_before"));
        var after = new CalibrationMetrics(temperature, parts.RequireNumber("held_out_log_loss"), parts.RequireNumber("held_out_ece"));
        return new Calibration(before, after, Quantiles(parts, NonconformityName, samples), Quantiles(parts, FamiliarityName, samples), ReadFamiliarity(parts), parts.OptionalVector(DifficultyName), parts.Text(ClassesKey) == "true", parts.Number(WrongLabelsKey) ?? 0)
            .WithDefaults(parts.Number(CoverageKey), parts.Number(FalseRejectionKey));
    }

    // Former files have no weights.
    private static Familiarity ReadFamiliarity(ModelParts parts)
    {
        if (!parts.Has(ViewsName))
            return Familiarity.OfProbability;
        double[] weights = [.. parts.Vector(ViewsName).Select(weight => (double)weight)];
        if (weights.Length != Familiarity.Views || weights.Any(weight => weight < 0))
            throw parts.Bad(Invariant($"the tensor {ViewsName} is not of {Familiarity.Views} weights of 0 or more. The classifier is damaged, fit it again."));
        var usual = parts.OptionalVector(NearnessName);
        if (usual.Length == 0 && weights[^1] > 0)
            throw parts.Bad($"there is no tensor {NearnessName}. The classifier is damaged, fit it again.");
        return new Familiarity(weights, usual);
    }

    private static HeldOutQuantiles Quantiles(ModelParts parts, string name, int samples)
    {
        var values = parts.Vector(name);
        if (values.Length != HeldOutQuantiles.Count(samples))
            throw parts.Bad(Invariant($"the tensor {name} has {values.Length} values but {samples} images were held out; expected {HeldOutQuantiles.Count(samples)}."));
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] < values[i - 1])
                throw parts.Bad(Invariant($"the tensor {name} falls at entry {i}; its values must be in rising order. The classifier is damaged, fit it again."));
        }
        return new HeldOutQuantiles(values, samples);
    }
}
