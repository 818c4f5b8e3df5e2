using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>Defines a method whose classifier can be changed without the images of its fit, from sums over them: more images, more or fewer classes.</summary>
public interface IUpdatableMethod : IMethod
{
    /// <summary>Computes the scorer anew.</summary>
    /// <param name="update">The classifier before, and the sums over the images and the classes after.</param>
    /// <returns>The scorer, and what became of its parts.</returns>
    /// <exception cref="LfaDataException">The sums do not suffice.</exception>
    UpdatedScorer Update(UpdateTask update);
}

/// <summary>What an update works on.</summary>
public sealed record UpdateTask
{
    /// <summary>Gets the scorer before.</summary>
    public required Scorer Scorer { get; init; }

    /// <summary>Gets how it was fitted.</summary>
    public required FitRecord Record { get; init; }

    /// <summary>Gets the sums over the images before.</summary>
    public required ClassStatistics Before { get; init; }

    /// <summary>Gets the sums over the images after.</summary>
    public required ClassStatistics After { get; init; }

    /// <summary>Gets the class prototypes before, C × d.</summary>
    public required Matrix PrototypesBefore { get; init; }

    /// <summary>Gets the class prototypes after, C′ × d.</summary>
    public required Matrix Prototypes { get; init; }

    /// <summary>Gets the number of threads at most; −1 for all processors. Default: −1.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Gets the scorer before as one of a transform.</summary>
    internal AlignedScorer Aligned => (AlignedScorer)Scorer;

    /// <summary>Makes the scorer after, of a transform and perhaps a residual head; its temperature and new classes are those before.</summary>
    internal AlignedScorer Replace(Transform transform, LinearHead? residual = null) =>
        new(transform, Prototypes, Scorer.Temperature, residual, Aligned.NewClasses, Aligned.TextTransform);

    /// <summary>Fits the orthogonal transform to the sums after.</summary>
    internal Transform FitProcrustes() => OrthogonalProcrustes.Fit(After, Prototypes, MaxDegreeOfParallelism);
}

/// <summary>What an update gave.</summary>
/// <param name="Scorer">The scorer.</param>
/// <param name="Parts">What became of its parts beside the class prototypes.</param>
/// <param name="IsWhole">Whether nothing of the images before stays behind, so that the update is a whole fit.</param>
public sealed record UpdatedScorer(Scorer Scorer, IReadOnlyList<UpdatedPart> Parts, bool IsWhole);

/// <summary>What became of a part of a classifier.</summary>
/// <param name="Name">The part, such as "orthogonal transform".</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Note">Why, or what follows from it, in a few words; null where there is nothing to say.</param>
public sealed record UpdatedPart(string Name, PartOutcome Outcome, string? Note = null)
{
    /// <summary>Describes a part that only its own fit could change.</summary>
    internal static UpdatedPart Refined(string name, FitRecord record) => new(name, PartOutcome.Kept, Invariant($"fitted to the {record.Samples} images of the last whole fit"));
}

/// <summary>What can become of a part of a classifier in an update.</summary>
public enum PartOutcome
{
    /// <summary>It is what a fit to all images at once gives, to rounding.</summary>
    Exact,

    /// <summary>It was computed anew, from sums of which a part had to be estimated.</summary>
    Estimated,

    /// <summary>It is as it was: only a fit to all images could change it.</summary>
    Kept,

    /// <summary>It does not hold any more and was left out.</summary>
    Dropped,
}
