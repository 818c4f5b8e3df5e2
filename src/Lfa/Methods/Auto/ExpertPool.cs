namespace Lfa.Methods;

/// <summary>The experts that take part in a choice; their candidates have a place each, the same in every fit.</summary>
internal sealed class ExpertPool
{
    private readonly IExpert[] _experts;
    private readonly (IExpert Expert, string Name)[] _candidates;

    private ExpertPool(string origin, IEnumerable<IExpert> experts)
    {
        _experts = [.. experts];
        _candidates = [.. _experts.SelectMany(expert => expert.Candidates.Select(name => (expert, name)))];
        Names = [origin, .. _candidates.Skip(1).Select(candidate => candidate.Name)];
    }

    /// <summary>Gathers the experts whose weights held-out images tell.</summary>
    /// <param name="origin">What the first expert says, such as "zero-shot".</param>
    /// <param name="hasHeads">Whether heads take part: no class is held out.</param>
    /// <param name="hasScatter">Whether enough images have others of their class, to tell how these scatter.</param>
    public static ExpertPool Stacked(string origin, bool hasHeads, bool hasScatter) =>
        new(origin, ExpertRegistry.Experts.All.Where(expert => expert.IsStacked && (hasHeads || !expert.IsHead) && (hasScatter || !expert.NeedsScatter)));

    /// <summary>Gathers all transforms, and the heads that take part where most classes have one example.</summary>
    /// <param name="hasHeads">Whether heads take part: no class is held out.</param>
    public static ExpertPool OneShot(bool hasHeads) =>
        new(FitStages.ZeroShot, ExpertRegistry.Experts.All.Where(expert => !expert.IsHead || (hasHeads && TakesPart(expert, UnfittedBlend.OneExample))));

    /// <summary>Gathers the heads that take part where most classes have one example, beside what changes nothing.</summary>
    /// <param name="origin">What the first expert says.</param>
    public static ExpertPool OneShotHeads(string origin) =>
        new(origin, ExpertRegistry.Experts.All.Where((expert, place) => place == Origin || (expert.IsHead && TakesPart(expert, UnfittedBlend.OneExample))));

    /// <summary>The place of the candidate that changes nothing.</summary>
    public const int Origin = 0;

    /// <summary>Gets the names of the candidates, in their order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Gets the number of candidates.</summary>
    public int Count => Names.Count;

    /// <summary>Returns the place of a candidate, or −1.</summary>
    public int IndexOf(string name) => Names.ToList().IndexOf(name);

    /// <summary>Gets the iterations of one <see cref="Fit"/>.</summary>
    public int Iterations => _experts.Sum(expert => expert.Iterations);

    /// <summary>Returns the part of each candidate in a blend that needs no fitting; they add up to 1.</summary>
    public double[] PartsIn(UnfittedBlend blend) => ToOne(_candidates.Select(candidate => candidate.Expert.PartIn(blend, candidate.Name)));

    /// <summary>Returns the part of each transform in that blend of transforms alone; they add up to 1.</summary>
    public double[] TransformPartsIn(UnfittedBlend blend) => ToOne(PartsIn(blend).Zip(AreTransforms, (part, isTransform) => isTransform ? part : 0));

    /// <summary>Gets whether each candidate is a transform.</summary>
    public IReadOnlyList<bool> AreTransforms => [.. _candidates.Select(candidate => !candidate.Expert.IsHead)];

    /// <summary>Fits the experts.</summary>
    /// <param name="task">The images.</param>
    /// <returns>The candidates, in their order.</returns>
    public FittedExpert[] Fit(ExpertTask task) => [.. _experts.SelectMany(expert => expert.Fit(task))];

    private static bool TakesPart(IExpert expert, UnfittedBlend blend) => expert.Candidates.Any(name => expert.PartIn(blend, name) > 0);

    private static double[] ToOne(IEnumerable<double> parts) => [.. parts.Select(part => part / parts.Sum())];
}
