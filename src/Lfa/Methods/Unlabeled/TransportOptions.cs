using Lfa.Transport;

namespace Lfa.Methods;

/// <summary>How images without labels get pseudo-labels: by optimal transport to the classes.</summary>
public sealed record TransportOptions
{
    private static readonly SinkhornOptions Defaults = new();

    /// <summary>Gets the strength of the entropy ε of the transport, from 0.0001 to 1. Default: 0.05² = 0.0025, as published.</summary>
    public double Epsilon
    {
        get;
        init => field = new SinkhornOptions { Epsilon = value }.Epsilon;
    } = Defaults.Epsilon;

    /// <summary>Gets the fraction by which the prior of any class may be missed, above 0 and below 1. Default: 0.001.</summary>
    public double Tolerance
    {
        get;
        init => field = new SinkhornOptions { Tolerance = value }.Tolerance;
    } = Defaults.Tolerance;

    /// <summary>Gets the fraction of the images that each class receives. Default: null, which is uniform for <see cref="UnsupervisedLfaMethod"/>, as published, and estimated for <see cref="UnsupervisedAutoMethod"/>.</summary>
    public ClassPrior? ClassPrior { get; init; }

    /// <summary>Gets the fraction of an image that must go to one class for the image to take part, from 0 (all take part) to 1. A class that is left without images is spoken for by its name alone. Default: 0.</summary>
    public double Confidence
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Confidence), value, "Confidence must be from 0 to 1.");
    }

    /// <summary>Returns the options of the transport.</summary>
    internal SinkhornOptions ToSinkhorn(ClassPrior byDefault, double temperature) => new()
    {
        Epsilon = Epsilon,
        Tolerance = Tolerance,
        ClassPrior = ClassPrior ?? byDefault,
        Temperature = temperature,
    };
}
