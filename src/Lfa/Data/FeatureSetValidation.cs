namespace Lfa.Data;

/// <summary>Finds the first thing wrong with the parts of a <see cref="FeatureSet"/>.</summary>
internal static class FeatureSetValidation
{
    public static void Check(IReadOnlyList<Matrix> crops, Matrix classPrototypes, ReadOnlySpan<int> labels,
        IReadOnlyList<string>? classNames, IReadOnlyList<string>? fileNames)
    {
        if (crops.Count == 0)
            throw new LfaDataException("crops is empty; give the features of at least one crop.");
        CheckShapes(crops, classPrototypes);
        var (samples, classes) = (crops[0].Rows, classPrototypes.Rows);
        CheckNames(classNames, classPrototypes, fileNames, samples);
        CheckLabels(labels, samples, classes, fileNames);
        foreach (var crop in crops)
            crop.ThrowIfDegenerate("imageFeatures", fileNames);
        classPrototypes.ThrowIfDegenerate("classPrototypes", classNames);
    }

    private static void CheckShapes(IReadOnlyList<Matrix> crops, Matrix classPrototypes)
    {
        var first = crops[0];
        if (first.Rows == 0)
            throw new LfaDataException("imageFeatures has no rows; give at least one image.");
        if (classPrototypes.Rows == 0)
            throw new LfaDataException("classPrototypes has no rows; give at least one class.");
        for (var i = 1; i < crops.Count; i++)
        {
            if (crops[i].Rows != first.Rows || crops[i].Columns != first.Columns)
                throw new LfaDataException(Invariant($"crop 0 is {first.Rows} × {first.Columns} but crop {i} is {crops[i].Rows} × {crops[i].Columns}; all crops must have the same shape."));
        }
    }

    private static void CheckNames(IReadOnlyList<string>? classNames, Matrix classPrototypes, IReadOnlyList<string>? fileNames, int samples)
    {
        if (fileNames is not null && fileNames.Count != samples)
            throw new LfaDataException(Invariant($"fileNames has {fileNames.Count} entries but imageFeatures has {samples} rows; give one for each row."));
        if (classNames is null)
            return;
        if (classNames.Count != classPrototypes.Rows)
            throw new LfaDataException(Invariant($"classNames has {classNames.Count} entries but classPrototypes has {classPrototypes.Rows} rows; give one for each row."));
        CheckDuplicates(classNames, classPrototypes);
    }

    /// <summary>Throws where two classes of one name have other prototypes.</summary>
    public static void CheckDuplicates(IReadOnlyList<string> classNames, Matrix classPrototypes)
    {
        foreach (var (first, second) in Duplicates(classNames))
        {
            // Datasets do list two classes under one name (ImageNet has two missiles); then their text features agree.
            if (!classPrototypes.Row(first).SequenceEqual(classPrototypes.Row(second)))
                throw new LfaDataException(Invariant($"classNames: \"{classNames[first]}\" names the classes {first} and {second}, whose prototypes differ; give every class a name of its own."));
        }
    }

    /// <summary>Returns the pairs of classes of one name: the first of that name, and a later one.</summary>
    public static IEnumerable<(int First, int Second)> Duplicates(IReadOnlyList<string> classNames)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var c = 0; c < classNames.Count; c++)
        {
            if (!seen.TryAdd(classNames[c], c))
                yield return (seen[classNames[c]], c);
        }
    }

    private static void CheckLabels(ReadOnlySpan<int> labels, int samples, int classes, IReadOnlyList<string>? fileNames)
    {
        if (labels.Length == 0)
            return;
        if (labels.Length != samples)
            throw new LfaDataException(Invariant($"labels has {labels.Length} entries but imageFeatures has {samples} rows; give one for each row, or none."));
        var outside = labels.IndexOfAnyExceptInRange(0, classes - 1);
        if (outside < 0)
            return;
        var name = fileNames is null ? "" : $" ({fileNames[outside]})";
        throw new LfaDataException(Invariant($"labels: row {outside}{name} has the label {labels[outside]}, outside 0 to {classes - 1}; labels count the {classes} classes from 0.")) { Subject = "labels", Row = outside };
    }
}
