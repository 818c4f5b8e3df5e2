namespace Lfa.Methods;

/// <summary>Lists the experts that <see cref="AutoMethod"/> blends.</summary>
public static class ExpertRegistry
{
    /// <summary>Gets all experts; the first one, which changes nothing, is what the others are judged by.</summary>
    public static Registry<IExpert> Experts { get; } = new("expert",
        new ZeroShotExpert(),
        new ProcrustesExpert(),
        RefinementExpert.CrossEntropy,
        RefinementExpert.Reranking,
        RefinementExpert.LongReranking,
        new GaussianExpert(),
        new ShrunkMeansExpert(),
        new ProbeExpert());
}
