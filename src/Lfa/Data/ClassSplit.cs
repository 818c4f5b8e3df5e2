namespace Lfa.Data;

/// <summary>Splits the classes of a task into those seen in training and those new at test time.</summary>
public static class ClassSplit
{
    /// <summary>Splits a task by its labels: the first half, rounded up, are the base classes, the rest the new ones.</summary>
    /// <param name="task">The labeled images of at least two classes.</param>
    /// <returns>The task of the base classes and that of the new classes, their labels counted from 0 again.</returns>
    /// <exception cref="LfaDataException">The images have no labels, there is one class only, or a half has no image.</exception>
    public static (FeatureSet Base, FeatureSet New) BaseAndNew(FeatureSet task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!task.IsLabeled)
            throw new LfaDataException("The images have no labels; a split of classes needs one for each image.");
        if (task.ClassCount < 2)
            throw new LfaDataException("The task has one class only; a split of classes needs two at least.");
        var half = (task.ClassCount + 1) / 2;
        return (TakeClasses(task, 0, half), TakeClasses(task, half, task.ClassCount - half));
    }

    private static FeatureSet TakeClasses(FeatureSet task, int first, int count)
    {
        var rows = new List<int>();
        var labels = new List<int>();
        for (var i = 0; i < task.SampleCount; i++)
        {
            var label = task.Labels.Span[i] - first;
            if (label < 0 || label >= count)
                continue;
            rows.Add(i);
            labels.Add(label);
        }
        var names = task.ClassNames.Skip(first).Take(count).ToArray();
        if (rows.Count == 0)
            throw new LfaDataException(Invariant($"The classes {first} to {first + count - 1} (\"{names[0]}\" to \"{names[^1]}\") have no image; both halves need some."));
        var chosen = task.SelectRows([.. rows]);
        return chosen.DeriveClasses(chosen.Crops, [.. Enumerable.Range(first, count)], labels.ToArray(), names, chosen.FileNames);
    }
}
