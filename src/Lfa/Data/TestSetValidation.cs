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
        for (var c = 0; c < classNames.Count; c++)
        {
            if (Differ(test.ClassNames[c], classNames[c], c))
                throw new ArgumentException(Invariant($"Class {c} is \"{test.ClassNames[c]}\" in the test set but \"{classNames[c]}\" in the classifier; both must have the same classes in the same order."));
        }
    }

    // A file without names counts its classes; then there is nothing to compare.
    private static bool Differ(string first, string second, int index) =>
        first != second && first != FeatureSet.DefaultClassName(index) && second != FeatureSet.DefaultClassName(index);
}
