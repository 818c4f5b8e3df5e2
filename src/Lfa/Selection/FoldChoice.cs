using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Selection;

/// <summary>Fits to the training images of a fold; returns what gives the logits of its held-out images, held × C, for a value of the parameter.</summary>
internal delegate Func<double, Matrix> FoldFit(FeatureSet training, Matrix held);

/// <summary>
/// Chooses the parameter of a classifier by the log-loss on held-out images, at the temperature that suits all of them best.
/// </summary>
/// <param name="Value">The chosen value.</param>
/// <param name="Temperature">The temperature fitted on the held-out logits of that value.</param>
/// <param name="LogLoss">The mean log-loss of the held-out images at that temperature, in nats.</param>
/// <remarks>
/// The logits of all folds are pooled, so one temperature serves them. A value must do strictly better than those before
/// it: the first candidate is the plainest one and wins ties. Only the center crop of an image takes part.
/// </remarks>
internal sealed record FoldChoice(double Value, double Temperature, double LogLoss)
{
    /// <summary>Says why there was no choice.</summary>
    public const string NoFolds = "too few images of a class for folds";

    /// <summary>Chooses among candidates.</summary>
    /// <param name="task">The labeled images.</param>
    /// <param name="candidates">The values, the plainest first; every fold sees them in this order.</param>
    /// <param name="fit">Fits to the training part of a fold; called once a fold.</param>
    /// <param name="seed">The seed of the folds.</param>
    /// <param name="patience">How many values in a row may do worse than the best before the rest is left out.</param>
    /// <param name="cancellationToken">Checked before each fold and each value.</param>
    /// <returns>The choice; null where most classes have one image only, so that no fold can judge a classifier of all classes.</returns>
    public static FoldChoice? Of(FeatureSet task, IReadOnlyList<double> candidates, FoldFit fit, int seed, CancellationToken cancellationToken, int patience = int.MaxValue)
    {
        var folds = SelectionFolds.Of(task, seed);
        if (folds.HoldsOutClasses || folds.All.Count == 0)
            return null;
        var fitted = new List<Func<double, Matrix>>();
        foreach (var fold in folds.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            fitted.Add(fit(Center(task, fold.Training), task.ImageFeatures.SelectRows(fold.Held)));
        }
        return Best(candidates, fitted, Labels(task, [.. folds.All.SelectMany(fold => fold.Held)]), task.ClassCount, patience, cancellationToken);
    }

    private static FoldChoice Best(IReadOnlyList<double> candidates, List<Func<double, Matrix>> fitted, int[] labels, int classes, int patience, CancellationToken cancellationToken)
    {
        var pooled = new float[checked(labels.Length * classes)];
        FoldChoice? best = null;
        var worse = 0;
        foreach (var value in candidates)
        {
            var end = 0;
            foreach (var logitsOf in fitted)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var logits = logitsOf(value).Values;
                logits.Span.CopyTo(pooled.AsSpan(end));
                end += logits.Length;
            }
            var choice = Judge(value, new Matrix(pooled, labels.Length, classes), labels);
            worse = best is null || choice.LogLoss < best.LogLoss ? 0 : worse + 1;
            best = worse == 0 ? choice : best;
            if (worse == patience)
                break;
        }
        return best!;
    }

    private static FoldChoice Judge(double value, Matrix logits, int[] labels)
    {
        // Values are judged at their own best; what serves other images takes some errors for granted.
        var temperature = TemperatureScaling.Fit(logits, labels);
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
            sum += Softmax.LogSumExp(logits.Row(i), temperature) - (logits[i, labels[i]] / temperature);
        return new FoldChoice(value, TemperatureScaling.Fit(logits, labels, TemperatureScaling.FewPseudoErrors), sum / labels.Length);
    }

    private static FeatureSet Center(FeatureSet task, int[] rows) =>
        task.Derive([task.ImageFeatures.SelectRows(rows)], task.ClassPrototypes, Labels(task, rows), task.ClassNames);

    private static int[] Labels(FeatureSet task, int[] rows) => Array.ConvertAll(rows, row => task.Labels.Span[row]);
}
