using Lfa.Methods;

namespace Lfa.Model;

/// <summary>The outcome of an update: the model, what has changed, and what became of each of its parts.</summary>
public sealed record ModelUpdate
{
    /// <summary>Gets the updated model.</summary>
    public required LfaModel Model { get; init; }

    /// <summary>Gets the number of images that joined.</summary>
    public required int AddedSamples { get; init; }

    /// <summary>Gets the number of images that the classifier now knows of, in all.</summary>
    public required int Samples { get; init; }

    /// <summary>Gets the names of the classes that joined, after those that were there.</summary>
    public required IReadOnlyList<string> AddedClasses { get; init; }

    /// <summary>Gets the names of the classes that were removed.</summary>
    public required IReadOnlyList<string> RemovedClasses { get; init; }

    /// <summary>Gets what became of the parts of the classifier.</summary>
    public required IReadOnlyList<UpdatedPart> Parts { get; init; }

    /// <summary>Gets the fit to all images; null where the earlier ones were not at hand.</summary>
    public MethodFit? Fit { get; init; }

    /// <summary>Gets whether the classifier is the one that a fit to all images at once gives, with the same choices.</summary>
    public bool IsExact => Parts.All(part => part.Outcome is PartOutcome.Exact);
}
