namespace Lfa.Data;

/// <summary>Checks that labelled images can measure a classifier: that they are of its classes and its encoder.</summary>
internal static class TestSetValidation
{
    /// <summary>Throws for images without labels, of another dimension, or of other classes.</summary>
    public static void Check(FeatureSet test, IReadOnlyList<string> classNames, int dimension)
    {
        if (!test.IsLabelled)
            throw new ArgumentException("The test images have no labels; evaluation needs one for each image.");
        if (test.Dimension != dimension)
            throw new ArgumentException(Invariant($"The test features are {test.SampleCount} × {test.Dimension} but the classifier takes {dimension} columns; the features must come from the encoder it was fitted with."));
        if (test.ClassCount != classNames.Count)
            throw new ArgumentException(Invariant($"The test set has {test.ClassCount} classes but the classifier has {classNames.Count}; both must have the same classes."));
        if (FindDifference(test.ClassNames, classNames) is { } c)
            throw new ArgumentException(Invariant($"Class {c} is \"{test.ClassNames[c]}\" in the test set but \"{classNames[c]}\" in the classifier; both must have the same classes in the same order."));
    }

    /// <summary>Finds the first class whose names differ; null where the classes are the same in the same order.</summary>
    public static int? FindDifference(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        var count = Math.Min(first.Count, second.Count);
        for (var c = 0; c < count; c++)
        {
            if (Differ(first[c], second[c], c))
                return c;
        }
        return first.Count == second.Count ? null : count;
    }

    // A file without names counts its classes; then there is nothing to compare.
    private static bool Differ(string first, string second, int index) =>
        first != second && first != FeatureSet.DefaultClassName(index) && second != FeatureSet.DefaultClassName(index);
}
