namespace Lfa.Methods;

/// <summary>The experts that take part in a choice; their candidates have a place each, the same in every fit.</summary>
internal sealed class ExpertPool
{
    private readonly IExpert[] _experts;
    private readonly (IExpert Expert, string Name)[] _candidates;

    /// <summary>Gathers the experts.</summary>
    /// <param name="origin">What the first expert says, such as "zero-shot".</param>
    /// <param name="hasHeads">Whether heads take part: enough images have others of their class, and no class is held out.</param>
    public ExpertPool(string origin, bool hasHeads)
    {
        _experts = [.. ExpertRegistry.Experts.All.Where(expert => hasHeads || !expert.IsHead)];
        _candidates = [.. _experts.SelectMany(expert => expert.Candidates.Select(name => (expert, name)))];
        Names = [origin, .. _candidates.Skip(1).Select(candidate => candidate.Name)];
    }

    /// <summary>The place of the candidate that changes nothing.</summary>
    public const int Origin = 0;

    /// <summary>Gets the names of the candidates, in their order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Gets the number of candidates.</summary>
    public int Count => Names.Count;

    /// <summary>Gets the iterations of one <see cref="Fit"/>.</summary>
    public int Iterations => _experts.Sum(expert => expert.Iterations);

    /// <summary>Gets the weights of a blend that helped, or did no harm, on many tasks with one example a class.</summary>
    public IReadOnlyList<double> FixedDirection => [.. _candidates.Select(candidate => candidate.Expert.FixedWeight(candidate.Name))];

    /// <summary>Gets whether each candidate is a transform.</summary>
    public IReadOnlyList<bool> AreTransforms => [.. _candidates.Select(candidate => !candidate.Expert.IsHead)];

    /// <summary>Fits the experts.</summary>
    /// <param name="task">The images.</param>
    /// <returns>The candidates, in their order.</returns>
    public FittedExpert[] Fit(ExpertTask task) => [.. _experts.SelectMany(expert => expert.Fit(task))];
}
