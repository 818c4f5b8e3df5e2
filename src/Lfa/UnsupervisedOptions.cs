using Lfa.Transport;

namespace Lfa;

/// <summary>The options of <see cref="LfaTrainer.FitUnlabeled"/> beside those of every fit.</summary>
public sealed record UnsupervisedOptions
{
    private static readonly SinkhornOptions Defaults = new();

    /// <summary>Gets the strength of the entropy ε of the transport, from 0.0001 to 1. Default: 0.05² = 0.0025, as published.</summary>
    public double Epsilon
    {
        get;
        init => field = new SinkhornOptions { Epsilon = value }.Epsilon;
    } = Defaults.Epsilon;

    /// <summary>Gets the part by which the share of any class may miss what is wanted, above 0 and below 1. Default: 0.001.</summary>
    public double Tolerance
    {
        get;
        init => field = new SinkhornOptions { Tolerance = value }.Tolerance;
    } = Defaults.Tolerance;

    /// <summary>Gets the part of the images that each class receives. Default: null, which is uniform for <see cref="FitMethod.Lfa"/>, as published, and estimated for <see cref="FitMethod.Auto"/>.</summary>
    public ClassShares? Shares { get; init; }

    /// <summary>Gets the number of rounds of transport and refinement of <see cref="FitMethod.Lfa"/>, at least 1. Default: 5, as published.</summary>
    public int Rounds
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Rounds), value, "Rounds must be 1 or more.");
    } = 5;

    /// <summary>Gets the part of an image that must go to one class for the image to take part, from 0 (all take part) to 1. A class that is left without images is spoken for by its name alone. Default: 0.</summary>
    public double Confidence
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Confidence), value, "Confidence must be from 0 to 1.");
    }

    /// <summary>Returns the options of the transport.</summary>
    internal SinkhornOptions Transport(FitMethod method, double temperature) => new()
    {
        Epsilon = Epsilon,
        Tolerance = Tolerance,
        Shares = Shares ?? (method is FitMethod.Auto ? ClassShares.Estimated : ClassShares.Uniform),
        Temperature = temperature,
    };
}
