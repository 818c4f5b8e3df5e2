using Lfa.Data;

namespace Lfa.Analysis;

/// <summary>Known and unknown images: those of some of the classes, and those of the others.</summary>
internal static class Halves
{
    /// <summary>Takes the images and prototypes of some classes.</summary>
    public static FeatureSet Of(FeatureSet task, int[] classes)
    {
        int[] rows = [.. Enumerable.Range(0, task.SampleCount).Where(row => classes.Contains(task.Labels.Span[row]))];
        var chosen = task.SelectRows(rows);
        var labels = chosen.Labels.ToArray().Select(label => Array.IndexOf(classes, label)).ToArray();
        return new FeatureSet(chosen.ImageFeatures, task.ClassPrototypes.SelectRows(classes), labels, [.. classes.Select(c => task.ClassNames[c])], normalize: false);
    }

    /// <summary>The probability that a known image is more familiar than an unknown one.</summary>
    public static double Auroc(double[] known, double[] unknown) =>
        known.Average(one => unknown.Average(other => one > other ? 1 : one == other ? 0.5 : 0));

    /// <summary>The part of the unknown images that are taken for known where 95 per cent of the known ones are.</summary>
    public static double FalsePositives(double[] known, double[] unknown)
    {
        var least = known.Order().ElementAt((int)(0.05 * known.Length));
        return unknown.Average(other => other >= least ? 1.0 : 0);
    }
}
