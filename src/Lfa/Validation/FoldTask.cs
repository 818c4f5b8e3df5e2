using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Validation;

/// <summary>One fold of a task: what to fit to, and what to judge by.</summary>
internal sealed class FoldTask
{
    private readonly FeatureSet _task;
    private readonly Fold _fold;
    private readonly bool _holdsOutClasses;

    /// <summary>Makes a fold; either side is put together when it is first asked for.</summary>
    /// <param name="task">The whole task.</param>
    /// <param name="fold">The rows of both sides.</param>
    /// <param name="holdsOutClasses">Whether each side has classes of its own, counted from 0 again; else both have all of them.</param>
    /// <param name="mostHeld">How many images to judge by at most; of more, some are drawn.</param>
    /// <param name="seed">The seed of the drawing.</param>
    public FoldTask(FeatureSet task, Fold fold, bool holdsOutClasses, int mostHeld, int seed)
    {
        (_task, _fold, _holdsOutClasses) = (task, fold, holdsOutClasses);
        HeldRows = Draw(fold.Held, mostHeld, seed);
    }

    /// <summary>Gets the rows of the held-out images in the whole task.</summary>
    public int[] HeldRows { get; }

    /// <summary>Gets the images to fit to, with their classes.</summary>
    public FeatureSet Training => field ??= _holdsOutClasses ? Restrict(_fold.Training) : _task.SelectRows(_fold.Training);

    /// <summary>Gets the images to judge by, the center crop alone, with the classes that compete for them.</summary>
    public FeatureSet Held => field ??= _holdsOutClasses ? HoldClasses() : CenterCrop(_task, HeldRows);

    /// <summary>Takes the center crops of some images as a task of the same classes.</summary>
    public static FeatureSet CenterCrop(FeatureSet task, int[] rows) => task.Derive([task.ImageFeatures.SelectRows(rows)], task.ClassPrototypes, LabelsOf(task, rows));

    /// <summary>Draws some of too many rows; returns them in rising order.</summary>
    public static int[] Draw(int[] rows, int most, int seed)
    {
        if (rows.Length <= most)
            return rows;
        int[] drawn = [.. rows];
        new RandomStream(seed, RandomPurpose.Folds, index: 1).Shuffle(drawn);
        return [.. drawn.Take(most).Order()];
    }

    private FeatureSet HoldClasses()
    {
        var (classes, labels) = Classes(_task, _fold.Held);
        var places = Array.ConvertAll(HeldRows, row => labels[Array.BinarySearch(_fold.Held, row)]);
        return _task.DeriveClasses([_task.ImageFeatures.SelectRows(HeldRows)], classes, places);
    }

    private FeatureSet Restrict(int[] rows)
    {
        var (classes, labels) = Classes(_task, rows);
        return _task.DeriveClasses([.. _task.Crops.Select(crop => crop.SelectRows(rows))], classes, labels);
    }

    /// <summary>Lists the classes of some images, and the labels of these counted among them.</summary>
    private static (int[] Classes, int[] Labels) Classes(FeatureSet task, int[] rows)
    {
        var labels = LabelsOf(task, rows);
        int[] classes = [.. labels.Distinct().Order()];
        return (classes, Array.ConvertAll(labels, label => Array.BinarySearch(classes, label)));
    }

    private static int[] LabelsOf(FeatureSet task, int[] rows) => Array.ConvertAll(rows, row => task.Labels.Span[row]);
}
