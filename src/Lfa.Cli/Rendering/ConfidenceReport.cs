using System.Text.Json;
using Lfa.Classification;

namespace Lfa.Cli.Rendering;

/// <summary>Renders what held-out images tell of a model's probabilities.</summary>
internal static class ConfidenceReport
{
    /// <summary>Writes lines for a person.</summary>
    public static void WriteText(TextWriter output, Calibration confidence)
    {
        var kind = confidence.HeldOutClasses ? " of classes held out whole" : "";
        output.WriteLine($"confidence: from {Counted.Of(confidence.Samples, "held-out image", "held-out images")}{kind}");
        output.WriteLine(Invariant($"  temperature {confidence.Before.Temperature:G4} → {confidence.After.Temperature:G4}: expected calibration error {confidence.Before.Ece:F4} → {confidence.After.Ece:F4}, log-loss {confidence.Before.LogLoss:F4} → {confidence.After.LogLoss:F4}"));
        if (confidence.WrongLabelFraction > 0)
            output.WriteLine($"  {WrongLabels(confidence)}");
        output.WriteLine(Invariant($"  sets: --coverage up to {confidence.LargestCoverage:F4}{Default(confidence.Coverage)}; unknown: --reject from {confidence.SmallestFalseRejection:F4}{Default(confidence.FalseRejection)}"));
    }

    /// <summary>Says how many labels are taken for wrong.</summary>
    public static string WrongLabels(Calibration confidence) =>
        Invariant($"about {100 * confidence.WrongLabelFraction:F1} % of the labels look wrong; probabilities and sets are for right ones");

    /// <summary>Writes one property, an object.</summary>
    public static void WriteJson(Utf8JsonWriter json, Calibration confidence)
    {
        json.WriteStartObject("confidence");
        json.WriteNumber("images", confidence.Samples);
        json.WriteBoolean("heldOutClasses", confidence.HeldOutClasses);
        json.WriteNumber("wrongLabelFraction", confidence.WrongLabelFraction);
        WriteCalibration(json, "before", confidence.Before);
        WriteCalibration(json, "after", confidence.After);
        json.WriteNumber("largestCoverage", confidence.LargestCoverage);
        json.WriteNumber("smallestFalseRejection", confidence.SmallestFalseRejection);
        json.WriteNumberOrNull("coverage", confidence.Coverage);
        json.WriteNumberOrNull("falseRejection", confidence.FalseRejection);
        json.WriteEndObject();
    }

    private static void WriteCalibration(Utf8JsonWriter json, string name, CalibrationMetrics calibration)
    {
        json.WriteStartObject(name);
        json.WriteNumber("temperature", calibration.Temperature);
        json.WriteNumberOrNull("logLoss", calibration.LogLoss);
        json.WriteNumberOrNull("ece", calibration.Ece);
        json.WriteEndObject();
    }

    private static string Default(double? value) => value is { } number ? Invariant($" ({number} where not given)") : "";
}
