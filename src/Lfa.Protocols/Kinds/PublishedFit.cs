using Lfa.Refinement;

namespace Lfa.Protocols.Kinds;

/// <summary>The options of LFA as published.</summary>
/// <param name="Beta">The weight β of the identity, or null to choose it by cross-validation. Default: null.</param>
internal sealed record PublishedFit(double? Beta = null)
{
    /// <summary>The iterations where none are published for a dataset.</summary>
    public static readonly int DefaultIterations = new RefinementOptions().Iterations;

    /// <summary>Returns the options for a cell.</summary>
    public LfaOptions For(CellInput input, FitMethod method) => new()
    {
        Method = method,
        Beta = method is FitMethod.Auto ? null : Beta,
        Refinement = new RefinementOptions { Iterations = input.Iterations },
        Seed = input.Seed,
        Threads = input.Threads,
    };

    /// <summary>Returns the options of a method in words; empty for those of the version.</summary>
    public string Describe(FitMethod method, int iterations) => method switch
    {
        FitMethod.BetaProcrustes => BetaInWords,
        FitMethod.Lfa => Invariant($"{BetaInWords}, {iterations} iterations, {new RefinementOptions { Iterations = iterations }}"),
        _ => "",
    };

    private string BetaInWords => Beta is { } beta ? Invariant($"β {beta}") : "β by cross-validation";
}
