namespace Lfa.Classification;

/// <summary>The temperature of probabilities: its default and its range.</summary>
internal static class Temperatures
{
    /// <summary>The temperature of CLIP's own probabilities: 1 over its logit scale of 100.</summary>
    public const double Default = Scorer.DefaultTemperature;

    // Logits reach from −1 / τ to 1 / τ, and their differences to twice as far.
    public static bool IsTemperature(double value) => value > 0 && double.IsFinite(value) && double.IsFinite(2 / value);

    public static void ThrowIfNotTemperature(double value, string name)
    {
        if (!IsTemperature(value))
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be above 0, and finite, and so must its inverse.");
    }
}
