using Lfa.IO;

namespace Lfa.Classification;

/// <summary>The part of a classifier's file that holds its confidence: two tensors of quantiles, perhaps one of difficulties, and some metadata.</summary>
internal static class ConfidenceFile
{
    private const string NonconformityName = "held_out_nonconformity";
    private const string FamiliarityName = "held_out_familiarity";
    private const string DifficultyName = "class_difficulty";
    private const string ImagesKey = "held_out_images";
    private const string ClassesKey = "held_out_classes";
    private const string CoverageKey = "default_coverage";
    private const string FalseRejectionKey = "default_false_rejection";

    /// <summary>Adds the confidence to what is to be written.</summary>
    public static void Add(Confidence confidence, Dictionary<string, SafetensorsTensor> tensors, Dictionary<string, string> metadata)
    {
        tensors[NonconformityName] = Tensor(confidence.Nonconformity);
        tensors[FamiliarityName] = Tensor(confidence.Familiarities);
        if (!confidence.Difficulties.IsEmpty)
            tensors[DifficultyName] = SafetensorsTensor.From(confidence.Difficulties.Span, confidence.Difficulties.Length);
        metadata[ImagesKey] = Invariant($"{confidence.Samples}");
        if (confidence.HeldOutClasses)
            metadata[ClassesKey] = "true";
        metadata["held_out_temperature_before"] = ClassifierFile.Text(confidence.Before.Temperature);
        metadata["held_out_log_loss_before"] = ClassifierFile.Text(confidence.Before.LogLoss);
        metadata["held_out_log_loss"] = ClassifierFile.Text(confidence.After.LogLoss);
        metadata["held_out_ece_before"] = ClassifierFile.Text(confidence.Before.Ece);
        metadata["held_out_ece"] = ClassifierFile.Text(confidence.After.Ece);
        if (confidence.Coverage is { } coverage)
            metadata[CoverageKey] = ClassifierFile.Text(coverage);
        if (confidence.FalseRejection is { } rate)
            metadata[FalseRejectionKey] = ClassifierFile.Text(rate);
    }

    /// <summary>Reads the confidence; null where the file has none.</summary>
    /// <exception cref="LfaDataException">A part is missing or damaged; the message names the file and the part.</exception>
    public static Confidence? Read(string path, SafetensorsFile file, double temperature)
    {
        if (!file.Tensors.ContainsKey(NonconformityName))
            return null;
        var samples = ClassifierFile.Integer(path, file.Metadata, ImagesKey) ?? throw Missing(path, ImagesKey);
        if (samples < 1)
            throw InputFile.Bad(path, Invariant($"the metadata entry {ImagesKey} is {samples}; expected 1 or more."));
        double Number(string key) => ClassifierFile.Number(path, file.Metadata, key) ?? throw Missing(path, key);
        var before = new Calibration(Number("held_out_temperature_before"), Number("held_out_log_loss_before"), Number("held_out_ece_before"));
        var after = new Calibration(temperature, Number("held_out_log_loss"), Number("held_out_ece"));
        var difficulties = file.Tensors.ContainsKey(DifficultyName) ? ClassifierFile.Vector(path, file, DifficultyName) : [];
        return new Confidence(before, after, Quantiles(path, file, NonconformityName, samples), Quantiles(path, file, FamiliarityName, samples), difficulties, file.Metadata.GetValueOrDefault(ClassesKey) == "true")
            .WithDefaults(ClassifierFile.Number(path, file.Metadata, CoverageKey), ClassifierFile.Number(path, file.Metadata, FalseRejectionKey));
    }

    private static SafetensorsTensor Tensor(HeldOutQuantiles quantiles) => SafetensorsTensor.From(quantiles.Values.Span, quantiles.Values.Length);

    private static HeldOutQuantiles Quantiles(string path, SafetensorsFile file, string name, int samples)
    {
        var values = ClassifierFile.Vector(path, file, name);
        if (values.Length != HeldOutQuantiles.Count(samples))
            throw InputFile.Bad(path, Invariant($"the tensor {name} has {values.Length} values but {samples} images were held out; expected {HeldOutQuantiles.Count(samples)}."));
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] < values[i - 1])
                throw InputFile.Bad(path, Invariant($"the tensor {name} falls at entry {i}; its values must be in rising order. The classifier is damaged, fit it again."));
        }
        return new HeldOutQuantiles(values, samples);
    }

    private static LfaDataException Missing(string path, string key) =>
        InputFile.Bad(path, $"the metadata have no {key}; the classifier is damaged, fit it again.");
}
