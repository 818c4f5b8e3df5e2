using Lfa.Classification;
using Lfa.Data;
using Lfa.Refinement;

namespace Lfa.Updating;

/// <summary>Fits a classifier again, to the images that it was fitted to and new ones.</summary>
internal static class Refit
{
    public static LfaUpdate Run(LfaClassifier classifier, FitRecipe recipe, ClassUnion union, FeatureSet? images, UpdateOptions options,
        IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        if (!recipe.IsRepeatable)
            throw new InvalidOperationException("The classifier was fitted with a loss that its file cannot tell; fit it again.");
        List<(FeatureSet Set, int[] Labels)> sets = [.. options.EarlierImages.Select((earlier, i) => (earlier, Join(union, earlier, i, options)))];
        if (images is not null)
            sets.Add((images, union.Join(images, isEarlier: false)));
        var task = UnionTask.Of(union, sets);
        var fit = LfaTrainer.Fit(task, recipe.Options with { Threads = options.Threads }, progress, cancellationToken);
        return new LfaUpdate
        {
            Classifier = KeepDefaults(fit.Classifier, classifier.Confidence),
            AddedSamples = images?.SampleCount ?? 0,
            Samples = task.SampleCount,
            AddedClasses = union.AddedNames,
            RemovedClasses = options.RemovedClasses,
            Parts = [new UpdatedPart("everything", PartOutcome.Exact, Note(classifier, union, task.SampleCount - (images?.SampleCount ?? 0)))],
            Fit = fit,
        };
    }

    private static LfaClassifier KeepDefaults(LfaClassifier fitted, Confidence? before) => fitted.Confidence is { } confidence && before is not null
        ? fitted.WithConfidence(confidence.WithDefaults(before.Coverage, before.FalseRejection))
        : fitted;

    private static int[] Join(ClassUnion union, FeatureSet earlier, int index, UpdateOptions options)
    {
        try
        {
            return union.Join(earlier, isEarlier: true);
        }
        catch (Exception e) when (e is ArgumentException or LfaDataException)
        {
            throw new ArgumentException(Invariant($"Set {index + 1} of the earlier images: {e.Message}"), nameof(options), e);
        }
    }

    private static string Note(LfaClassifier classifier, ClassUnion union, int earlier)
    {
        var known = classifier.Statistics is { } statistics ? statistics.SampleCount - union.RemovedIndices.Sum(c => statistics.Counts.Span[c]) : earlier;
        var fitted = "fitted again with the options of the fit";
        return known == earlier ? fitted : Invariant($"{fitted}, to {earlier} earlier images; the classifier knew {known} of its classes");
    }
}
