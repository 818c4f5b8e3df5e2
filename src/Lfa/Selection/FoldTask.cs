using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Selection;

/// <summary>A fold as two tasks: what to fit to, and what to score.</summary>
/// <param name="Training">The images to fit to, with the classes that have one among them.</param>
/// <param name="Held">The images to score, the center crop alone, with the classes that compete for them.</param>
/// <param name="Images">The rows of the held-out images in the whole task.</param>
internal sealed record FoldTask(FeatureSet Training, FeatureSet Held, int[] Images)
{
    /// <summary>Makes the fold of held-out images of classes that have others: all classes on both sides.</summary>
    /// <param name="task">The whole task.</param>
    /// <param name="fold">The rows of both sides.</param>
    /// <param name="most">How many images to score at most; of more, some are drawn.</param>
    /// <param name="seed">The seed of the drawing.</param>
    public static FoldTask OfImages(FeatureSet task, Fold fold, int most, int seed)
    {
        var held = Draw(fold.Held, most, seed);
        return new FoldTask(task.SelectRows(fold.Training), CenterCrop(task, held), held);
    }

    /// <summary>Takes the center crops of some images as a task of the same classes.</summary>
    public static FeatureSet CenterCrop(FeatureSet task, int[] rows) => CenterCrop(task, rows, task.ClassPrototypes, Labels(task, rows));

    /// <summary>Draws some of too many rows; returns them in rising order.</summary>
    public static int[] Draw(int[] rows, int most, int seed)
    {
        if (rows.Length <= most)
            return rows;
        int[] drawn = [.. rows];
        new RandomStream(seed, RandomPurpose.Folds, index: 1).Shuffle(drawn);
        return [.. drawn.Take(most).Order()];
    }

    /// <summary>Makes the fold of held-out classes: each side has its own classes, counted from 0 again.</summary>
    /// <inheritdoc cref="OfImages"/>
    public static FoldTask OfClasses(FeatureSet task, Fold fold, int most, int seed)
    {
        var (classes, labels) = Classes(task, fold.Held);
        var held = Draw(fold.Held, most, seed);
        var places = Array.ConvertAll(held, row => labels[Array.BinarySearch(fold.Held, row)]);
        return new FoldTask(Restrict(task, fold.Training), CenterCrop(task, held, task.ClassPrototypes.SelectRows(classes), places), held);
    }

    private static FeatureSet Restrict(FeatureSet task, int[] rows)
    {
        var (classes, labels) = Classes(task, rows);
        return task.Derive([.. task.Crops.Select(crop => crop.SelectRows(rows))], task.ClassPrototypes.SelectRows(classes), labels);
    }

    private static FeatureSet CenterCrop(FeatureSet task, int[] rows, Matrix prototypes, int[] labels) =>
        task.Derive([task.ImageFeatures.SelectRows(rows)], prototypes, labels);

    /// <summary>Lists the classes of some images, and the labels of these counted among them.</summary>
    private static (int[] Classes, int[] Labels) Classes(FeatureSet task, int[] rows)
    {
        var labels = Labels(task, rows);
        int[] classes = [.. labels.Distinct().Order()];
        return (classes, Array.ConvertAll(labels, label => Array.BinarySearch(classes, label)));
    }

    private static int[] Labels(FeatureSet task, int[] rows) => Array.ConvertAll(rows, row => task.Labels.Span[row]);
}
