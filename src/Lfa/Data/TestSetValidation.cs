namespace Lfa.Data;

/// <summary>Checks that labeled images can measure a classifier, or join others: that they are of its classes and its encoder.</summary>
internal static class TestSetValidation
{
    /// <summary>Throws for images without labels, of another dimension, of other classes, or all with the same features.</summary>
    public static void Check(FeatureSet test, IReadOnlyList<string> classNames, int dimension)
    {
        if (!test.IsLabeled)
            throw new LfaDataException("The test images have no labels; evaluation needs one for each image.");
        ThrowIfOther(test, "test", classNames, dimension, "classifier");
        test.ThrowIfConstant();
    }

    /// <summary>Throws for a set of another dimension or other classes.</summary>
    /// <param name="set">The set.</param>
    /// <param name="name">What it is called, such as "test".</param>
    /// <param name="classNames">The classes wanted.</param>
    /// <param name="dimension">The dimension wanted.</param>
    /// <param name="wanting">What wants them, such as "classifier".</param>
    public static void ThrowIfOther(FeatureSet set, string name, IReadOnlyList<string> classNames, int dimension, string wanting)
    {
        if (set.Dimension != dimension)
            throw new LfaDataException(Invariant($"The {name} features are {set.SampleCount} × {set.Dimension} but the {wanting} takes {dimension} columns; the features must come from the encoder it was fitted with."));
        if (set.ClassCount != classNames.Count)
            throw new LfaDataException(Invariant($"The {name} set has {set.ClassCount} classes but the {wanting} has {classNames.Count}; both must have the same classes."));
        if (FindDifference(set.ClassNames, classNames) is { } c)
            throw new LfaDataException(Invariant($"Class {c} is \"{set.ClassNames[c]}\" in the {name} set but \"{classNames[c]}\" in the {wanting}; both must have the same classes in the same order."));
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
