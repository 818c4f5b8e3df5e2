using Lfa.Data;
using Lfa.Review;

namespace Lfa.Cli.Rendering;

/// <summary>What a review lists, with the names of images and classes.</summary>
/// <param name="Review">The review.</param>
/// <param name="Options">Its options.</param>
/// <param name="Seed">The seed of its folds.</param>
/// <param name="Labeled">The labeled images.</param>
/// <param name="UnlabeledCount">The number of unlabeled images, or null where there were none given.</param>
/// <param name="UnlabeledNames">Their names, if known.</param>
/// <param name="Top">The number of images to list of each kind, or null for no limit.</param>
internal sealed record ReviewListing(ReviewResult Review, ReviewOptions Options, int Seed, FeatureSet Labeled, int? UnlabeledCount, IReadOnlyList<string>? UnlabeledNames, int? Top)
{
    /// <summary>Gets all images whose label counts as wrong.</summary>
    public IReadOnlyList<LabelDoubt> Issues { get; } = [.. Review.Doubts.Where(doubt => doubt.IsIssue)];

    /// <summary>Gets the number of duplicates with different labels.</summary>
    public int Conflicts => Review.Duplicates.Count(one => one.IsConflict);

    /// <summary>Gets the number of duplicates that are equal to the bit.</summary>
    public int Exact => Review.Duplicates.Count(one => one.IsExact);

    /// <summary>Returns the first entries of a list, as many as are wanted.</summary>
    /// <param name="list">The list.</param>
    /// <param name="otherwise">How many where no limit was given.</param>
    public IEnumerable<T> Listed<T>(IReadOnlyList<T> list, int otherwise = int.MaxValue) => list.Take(Top ?? otherwise);

    /// <summary>Returns the class that an image is labeled with.</summary>
    public string LabelOf(int row) => Labeled.ClassNames[Labeled.Labels.Span[row]];

    /// <summary>Returns the name of a labeled image, or null where names are not known.</summary>
    public string? File(int row) => Labeled.FileNames?[row];

    /// <summary>Returns the name of an unlabeled image, or null where names are not known.</summary>
    public string? UnlabeledFile(int row) => UnlabeledNames?[row];
}
