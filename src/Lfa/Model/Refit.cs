using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;

namespace Lfa.Model;

/// <summary>Fits a model again, to the images that it was fitted to and new ones.</summary>
internal static class Refit
{
    public static ModelUpdate Run(LfaModel model, ClassUnion union, FeatureSet? images, UpdateOptions options, FitContext context)
    {
        if (model.Record.Options is not { } method)
            throw new LfaDataException("The classifier was fitted with a method or a loss that its file cannot tell; fit it again.");
        List<(FeatureSet Set, int[] Labels)> sets = [.. options.EarlierImages.Select((earlier, i) => (earlier, Join(union, earlier, i, options)))];
        if (images is not null)
            sets.Add((images, union.Join(images)));
        var task = UnionTask.Of(union, sets).WithEncodersWhereUnknown(model.Record.ImageEncoder, model.Record.TextEncoder);
        var fit = method.Fit(task, context with { Seed = model.Record.Seed ?? context.Seed });
        return new ModelUpdate
        {
            Model = KeepDefaults(LfaModel.FromFit(fit), model.Calibration),
            AddedSamples = images?.SampleCount ?? 0,
            Samples = task.SampleCount,
            AddedClasses = union.AddedNames,
            RemovedClasses = options.RemovedClasses,
            Parts = [new UpdatedPart("everything", PartOutcome.Exact, Note(model, union, task.SampleCount - (images?.SampleCount ?? 0)))],
            Fit = fit,
        };
    }

    private static LfaModel KeepDefaults(LfaModel fitted, Calibration? before) => fitted.Calibration is { } calibration && before is not null
        ? fitted.WithCalibration(calibration.WithDefaults(before.Coverage, before.FalseRejection))
        : fitted;

    private static int[] Join(ClassUnion union, FeatureSet earlier, int index, UpdateOptions options)
    {
        try
        {
            return union.Join(earlier, isEarlier: true);
        }
        catch (LfaDataException e)
        {
            throw new LfaDataException(Invariant($"Set {index + 1} of the earlier images: {e.Message}"), e);
        }
    }

    private static string Note(LfaModel model, ClassUnion union, int earlier)
    {
        var known = model.Statistics is { } statistics ? statistics.SampleCount - union.RemovedIndices.Sum(c => statistics.Counts.Span[c]) : earlier;
        var fitted = "fitted again with the options of the fit";
        return known == earlier ? fitted : Invariant($"{fitted}, to {earlier} earlier images; the classifier knew {known} of its classes");
    }
}
