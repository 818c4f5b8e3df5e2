using Lfa.Classification;
using Lfa.Data;
using Lfa.Validation;

namespace Lfa.Analysis;

/// <summary>The logits of images by classifiers that were fitted without them, pooled over folds.</summary>
/// <param name="Logits">The logits, a row for each image that a fold holds out, in the order of the task.</param>
/// <param name="Labels">The classes of those images.</param>
/// <param name="Rows">Their rows in the task, in rising order.</param>
internal sealed record HeldOut(Matrix Logits, int[] Labels, int[] Rows)
{
    /// <summary>Fits to the training part of each fold and classifies the part held out.</summary>
    /// <param name="task">The labeled images.</param>
    /// <param name="folds">The folds, at least one; none holds out a row of another.</param>
    /// <param name="fit">Fits a scorer of all C classes to the images of a training part; where the folds hold out classes, some have none.</param>
    public static HeldOut Collect(FeatureSet task, SelectionFolds folds, Func<FeatureSet, Scorer> fit)
    {
        int[] rows = [.. folds.All.SelectMany(fold => fold.Held).Order()];
        var logits = new float[checked(rows.Length * task.ClassCount)];
        foreach (var fold in folds.All)
        {
            var held = fit(task.SelectRows(fold.Training)).Logits(task.ImageFeatures.SelectRows(fold.Held));
            for (var i = 0; i < held.Rows; i++)
                held.Row(i).CopyTo(logits.AsSpan(Array.BinarySearch(rows, fold.Held[i]) * task.ClassCount));
        }
        return new HeldOut(new Matrix(logits, rows.Length, task.ClassCount), Array.ConvertAll(rows, row => task.Labels.Span[row]), rows);
    }
}
