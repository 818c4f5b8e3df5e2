using Lfa.Data;

namespace Lfa.Validation;

/// <summary>One part of the examples held out of the rest.</summary>
/// <param name="Training">The rows to fit to, in rising order.</param>
/// <param name="Held">The rows to choose by, in rising order.</param>
internal sealed record Fold(int[] Training, int[] Held);

/// <summary>
/// The folds by which everything is chosen that the examples must tell: stratified over the examples of a class, or,
/// where few classes have more than one, over whole classes.
/// </summary>
/// <remarks>
/// In folds over examples the examples of classes that have no other stay in training, so that every class is trained
/// in every fold. In folds over classes the held-out images are of classes without a training example, in two halves:
/// what is learned on half of the classes must help the other half. Images that are nearly the same (<see cref="NearDuplicates"/>)
/// count as one example and lie in the same fold.
/// </remarks>
internal sealed class SelectionFolds
{
    /// <summary>The number of folds over examples at most.</summary>
    public const int Most = 5;

    /// <summary>The fewest folds of which each can be judged by what others chose.</summary>
    public const int Fewest = 2;

    // A half with a single class has nothing to tell apart.
    private const int LeastClasses = 4;

    /// <summary>Initializes folds that are given.</summary>
    /// <param name="holdsOutClasses">Whether whole classes are held out.</param>
    /// <param name="folds">The folds.</param>
    public SelectionFolds(bool holdsOutClasses, IReadOnlyList<Fold> folds) => (HoldsOutClasses, All) = (holdsOutClasses, folds);

    /// <summary>Gets whether whole classes are held out.</summary>
    public bool HoldsOutClasses { get; }

    /// <summary>Gets the folds; none where there are too few examples or classes to hold any out.</summary>
    public IReadOnlyList<Fold> All { get; }

    /// <summary>Splits the examples of a task; the same seed gives the same folds.</summary>
    /// <param name="task">The labeled images; classes without any take no part.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="most">The number of folds over examples at most.</param>
    public static SelectionFolds Of(FeatureSet task, int seed, int most = Most)
    {
        // The same image twice is one example: else its copy in training would tell the label of the one held out.
        var first = NearDuplicates.FirstOf(task);
        var members = new List<int>[task.ClassCount];
        for (var c = 0; c < members.Length; c++)
            members[c] = [];
        for (var row = 0; row < first.Length; row++)
        {
            if (first[row] == row)
                members[task.Labels.Span[row]].Add(row);
        }
        var present = members.Count(rows => rows.Count > 0);
        if (2 * members.Count(rows => rows.Count > 1) >= present && present > 1)
            return new SelectionFolds(false, OverExamples(members, first, seed, most));
        return OfClasses(task, seed);
    }

    /// <summary>Splits the classes of a task in two halves; the same seed gives the same halves.</summary>
    public static SelectionFolds OfClasses(FeatureSet task, int seed)
    {
        var present = task.Labels.ToArray().Distinct().Count();
        return new SelectionFolds(true, present < LeastClasses ? [] : OverClasses(task.Labels.Span, seed));
    }

    private static Fold[] OverExamples(List<int>[] members, int[] first, int seed, int most)
    {
        var eligible = members.Where(rows => rows.Count > 1).ToArray();
        int[] labels = [.. eligible.SelectMany((rows, c) => Enumerable.Repeat(c, rows.Count))];
        var folds = Math.Clamp(members.Max(rows => rows.Count), Fewest, most);
        var spread = Folds.Stratify(labels, folds, seed);
        var assignment = new int[first.Length];
        Array.Fill(assignment, -1); // Held out by no fold.
        foreach (var (row, fold) in eligible.SelectMany(rows => rows).Zip(spread))
            assignment[row] = fold;
        for (var row = 0; row < first.Length; row++)
            assignment[row] = assignment[first[row]];
        return Build(assignment, folds);
    }

    private static Fold[] OverClasses(ReadOnlySpan<int> labels, int seed)
    {
        const int folds = 2;
        int[] present = [.. labels.ToArray().Distinct().Order()];
        var classFold = Folds.Stratify(new int[present.Length], folds, seed);
        var assignment = new int[labels.Length];
        for (var i = 0; i < labels.Length; i++)
            assignment[i] = classFold[Array.BinarySearch(present, labels[i])];
        return Build(assignment, folds);
    }

    private static Fold[] Build(int[] assignment, int folds)
    {
        var rows = Enumerable.Range(0, assignment.Length);
        return [.. Enumerable.Range(0, folds)
            .Select(fold => new Fold([.. rows.Where(row => assignment[row] != fold)], [.. rows.Where(row => assignment[row] == fold)]))
            .Where(fold => fold.Held.Length > 0)];
    }
}
