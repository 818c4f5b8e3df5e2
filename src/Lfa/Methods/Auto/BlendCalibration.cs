using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>The last step of the automatic choice: what held-out images tell of the probabilities.</summary>
internal static class BlendCalibration
{
    /// <summary>Calibrates zero-shot classification by all images: it is fitted to none.</summary>
    /// <param name="task">The images.</param>
    /// <param name="most">How many images take part at most.</param>
    /// <param name="heldOutClasses">Whether this stands for a classifier of which only classes could be held out.</param>
    public static Calibration OfZeroShot(AutoTask task, int most, bool heldOutClasses) =>
        Of([ScoreZeroShot(task, most)], [[task.Temperature]], heldOutClasses, task);

    /// <summary>Scores all images by zero-shot classification, which is fitted to none.</summary>
    /// <param name="task">The images.</param>
    /// <param name="most">How many images take part at most.</param>
    public static HeldOutFold ScoreZeroShot(AutoTask task, int most)
    {
        var rows = FoldTask.Draw([.. Enumerable.Range(0, task.Aligned.SampleCount)], most, task.Context.Seed);
        return ScoreZeroShot(task, rows);
    }

    /// <summary>Calibrates a blend by held-out images, each fold blended by weights from others.</summary>
    /// <param name="folds">What the experts say of held-out images.</param>
    /// <param name="weights">For each fold, the weights from the others, in units of the scores.</param>
    /// <param name="heldOutClasses">Whether whole classes were held out.</param>
    /// <param name="task">The temperature of the encoder, to compare with.</param>
    /// <param name="zeroShot">The place of zero-shot classification among the experts. Default: the first.</param>
    public static Calibration Of(HeldOutFold[] folds, double[][] weights, bool heldOutClasses, AutoTask task, int zeroShot = ExpertPool.Origin)
    {
        // Of one space the logits of zero-shot classification are cosines with the names, over the temperature.
        var nearness = task.IsProjected ? null
            : task.WeighsPrompts ? Blend([ScoreZeroShot(task, [.. folds.SelectMany(fold => fold.Images)])], [[task.Temperature]])
            : Blend(folds, [.. folds.Select(fold => ToOrigin(fold, zeroShot, task.Temperature))]);
        return Calibration.FromHeldOut(Blend(folds, weights), folds.SelectMany(fold => fold.Labels).ToArray(), heldOutClasses, task.Temperature, nearness);
    }

    // A scorer keeps the names as they are.
    private static HeldOutFold ScoreZeroShot(AutoTask task, int[] rows) =>
        HeldOutFold.Of([new FittedExpert(FitStages.ZeroShot, Transform.Identity(task.Aligned.Dimension))], FoldTask.CenterCrop(task.Unweighed, rows), rows, task.Temperature, task.Threads);

    private static double[] ToOrigin(HeldOutFold fold, int zeroShot, double scale)
    {
        var weights = new double[fold.Experts];
        weights[zeroShot] = scale;
        return weights;
    }

    internal static Matrix Blend(HeldOutFold[] folds, double[][] weights)
    {
        var classes = folds[0].Classes;
        var scores = new float[folds.Sum(fold => fold.Count) * classes];
        var row = 0;
        foreach (var (fold, foldWeights) in folds.Zip(weights))
        {
            for (var i = 0; i < fold.Count; i++)
                fold.Blend(i, foldWeights, scores.AsSpan(row++ * classes, classes));
        }
        return new Matrix(scores, row, classes);
    }
}
