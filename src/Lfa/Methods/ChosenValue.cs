using System.Globalization;

namespace Lfa.Methods;

/// <summary>A value that a fit worked with: chosen by held-out images, given, or a default.</summary>
/// <param name="Name">What it is, in files: "beta", "penalty", "weight".</param>
/// <param name="Value">The value.</param>
/// <param name="Origin">Where it comes from.</param>
public sealed record ChosenValue(string Name, double Value, ValueOrigin Origin)
{
    /// <summary>Gets what it is called where a person reads it, such as "β". Default: the name.</summary>
    public string Symbol { get; init; } = Name;

    /// <summary>Gets the numeric format of the value where a person reads it. Default: the shortest that is exact.</summary>
    public string? Format { get; init; }

    /// <summary>Returns the value for a person to read, such as "β 0.708".</summary>
    public override string ToString()
    {
        var text = $"{Symbol} {Value.ToString(Format, CultureInfo.InvariantCulture)}";
        return Origin is ValueOrigin.Default ? $"{text} by default: too few images of a class for folds" : text;
    }
}

/// <summary>Where a value of a fit comes from.</summary>
public enum ValueOrigin
{
    /// <summary>The caller gave it.</summary>
    Given,

    /// <summary>Held-out images chose it.</summary>
    HeldOut,

    /// <summary>The default, since no images could be held out.</summary>
    Default,

    /// <summary>It follows from the data.</summary>
    Data,
}
