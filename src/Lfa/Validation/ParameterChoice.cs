using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Validation;

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
internal sealed record ParameterChoice(double Value, double Temperature, double LogLoss)
{
    /// <summary>Chooses among candidates.</summary>
    /// <param name="task">The labeled images.</param>
    /// <param name="candidates">The values, the plainest first; every fold sees them in this order.</param>
    /// <param name="fit">Fits to the training part of a fold; called once a fold.</param>
    /// <param name="context">The seed of the folds, and the cancellation, checked before each fold and each value.</param>
    /// <param name="patience">How many values in a row may do worse than the best before the rest is left out.</param>
    /// <returns>The choice; null where most classes have one image only, so that no fold can judge a classifier of all classes.</returns>
    public static ParameterChoice? Of(FeatureSet task, IReadOnlyList<double> candidates, FoldFit fit, FitContext context, int patience = int.MaxValue)
    {
        var folds = SelectionFolds.Of(task, context.Seed);
        if (folds.HoldsOutClasses || folds.All.Count == 0)
            return null;
        var center = task.Crops.Count == 1 ? task : FoldTask.CenterCrop(task, [.. Enumerable.Range(0, task.SampleCount)]);
        var fitted = CrossFitting.Run(center, folds, context, fold => (LogitsOf: fit(fold.Training, fold.Held.ImageFeatures), fold.Held.Labels));
        int[] labels = [.. fitted.SelectMany(fold => fold.Labels.ToArray())];
        return Best(candidates, [.. fitted.Select(fold => fold.LogitsOf)], labels, task.ClassCount, patience, context.CancellationToken);
    }

    private static ParameterChoice Best(IReadOnlyList<double> candidates, Func<double, Matrix>[] fitted, int[] labels, int classes, int patience, CancellationToken cancellationToken)
    {
        var pooled = new float[checked(labels.Length * classes)];
        ParameterChoice? best = null;
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

    private static ParameterChoice Judge(double value, Matrix logits, int[] labels)
    {
        // Values are judged at their own best; what serves other images takes some errors for granted.
        var temperature = TemperatureScaling.Fit(logits, labels);
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
            sum += Softmax.LogSumExp(logits.Row(i), temperature) - (logits[i, labels[i]] / temperature);
        return new ParameterChoice(value, TemperatureScaling.Fit(logits, labels, TemperatureScaling.FewPseudoErrors), sum / labels.Length);
    }
}
