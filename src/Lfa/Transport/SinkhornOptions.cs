using Lfa.Classification;

namespace Lfa.Transport;

/// <summary>The options of <see cref="Sinkhorn"/>; the defaults are the published ones.</summary>
public sealed record SinkhornOptions
{
    // Scores in single precision carry errors of 1e-7: over a smaller ε they would blur the plan.
    private const double SmallestEpsilon = 1e-4;

    /// <summary>Gets the strength of the entropy ε in units of the cost, from 0.0001 to 1: the smaller, the surer the plan is of the class of an image. Default: 0.05² = 0.0025.</summary>
    public double Epsilon
    {
        get;
        init => field = value is >= SmallestEpsilon and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Epsilon), value, "Epsilon must be from 0.0001 to 1.");
    } = 0.0025;

    /// <summary>Gets the part by which the share of any class may miss what is wanted, above 0 and below 1. Default: 0.001.</summary>
    public double Tolerance
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Tolerance), value, "Tolerance must be above 0 and below 1.");
    } = 1e-3;

    /// <summary>Gets the number of passes over the images at most, at least 1. Default: 1000.</summary>
    public int Iterations
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Iterations), value, "Iterations must be 1 or more.");
    } = 1000;

    /// <summary>Gets the fraction of the images that each class receives. Default: the same for all.</summary>
    public ClassPrior ClassPrior
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(ClassPrior));
    } = ClassPrior.Uniform;

    /// <summary>Gets the temperature τ of the encoder, above 0, by which the likelihood of estimated shares is judged. Default: 0.01.</summary>
    public double Temperature
    {
        get;
        init => field = Temperatures.IsTemperature(value) ? value : throw new ArgumentOutOfRangeException(nameof(Temperature), value, "Temperature must be above 0, and finite, and so must its inverse.");
    } = Scorer.DefaultTemperature;
}
