using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;

namespace Lfa.Model;

/// <summary>
/// Changes a model without starting again: more images, more classes, fewer classes.
/// </summary>
/// <remarks>
/// The closed forms need no more of the images than sums over them (<see cref="ClassStatistics"/>), which the model
/// keeps. So without the earlier images
/// <list type="number">
/// <item>the orthogonal transform, its shrinkage by the same β, least squares, and the head of Gaussian classes are what a fit
/// to all images at once gives, to rounding; zero-shot classification has only its prototypes;</item>
/// <item>what comes out of a refinement or was chosen on held-out images is kept as it is: refined transforms, β, the weights
/// of a blend, the temperature. The calibration is kept where images were added to the classes that are there, and dropped
/// where the classes change, since its scores were among other classes;</item>
/// <item>a class can be removed, but how its images, where it has several, spread about their mean is not known apart from
/// the others; so the head of Gaussian classes is an estimate then, and least squares, which needs more than that, is refused.</item>
/// </list>
/// With the earlier images at hand (<see cref="UpdateOptions.EarlierImages"/>) everything is fitted again with the options
/// of the fit: the same bits as <see cref="LfaModel.Fit"/> on all images, the earlier ones first.
/// A new class may have no example, unless everything is fitted again: then its name alone speaks for it, as in zero-shot classification.
/// </remarks>
public static class ModelUpdater
{
    /// <summary>Updates a model.</summary>
    /// <param name="model">The model; it stays as it is.</param>
    /// <param name="images">The new labeled images, n × d, and the prototypes of their classes, which are told by their names: known ones and new ones. Null where classes are only removed.</param>
    /// <param name="options">The options. Default: nothing is removed, and the earlier images are not at hand.</param>
    /// <param name="context">The threads, and where everything is fitted again the progress, the logger and the cancellation; the seed is that of the fit. Default: all processors.</param>
    /// <returns>The updated model, and what became of its parts.</returns>
    /// <exception cref="LfaDataException">There is nothing to do, the images or classes contradict the model, it does not know enough of its fit, or its method cannot do without the earlier images.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static ModelUpdate Update(LfaModel model, FeatureSet? images, UpdateOptions? options = null, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        (options, context) = (options ?? new UpdateOptions(), context ?? new FitContext());
        if (images is null && options.RemovedClasses.Count == 0 && options.EarlierImages.Count == 0)
            throw new LfaDataException("There is nothing to update; give new images, or the name of a class to remove.");
        ThrowIfNotUpdatable(model);
        var union = new ClassUnion(model, options);
        if (options.EarlierImages.Count > 0)
            return Refit.Run(model, union, images, options, context);
        if (Method(model) is not IUpdatableMethod method)
            throw new LfaDataException($"A classifier of method {model.Record.Method} can only be fitted again; give the images that it was fitted to, too.");
        if (model.Statistics is not { } statistics)
            throw new LfaDataException("The classifier does not hold the sums over its images, which were left out of its file; give the images that it was fitted to, too.");
        context.CancellationToken.ThrowIfCancellationRequested();
        return Update(model, method, union, images, options, statistics, context);
    }

    /// <summary>Adds classes of which nothing but the names is known; it takes no image, neither new nor old.</summary>
    /// <remarks>
    /// The scores of the classes that are there stay as they are. A new class is scored by the same W as these, and not by the
    /// transform for new classes: scores of two transforms do not compare. In the head of Gaussian classes it has the logit 0,
    /// as a class whose mean is that of all images.
    /// </remarks>
    /// <param name="model">The model, of a method that aligns images with class names; it stays as it is.</param>
    /// <param name="prototypes">The text features of the class names, by the encoder and the templates of the fit, a row for each; their length does not matter.</param>
    /// <param name="classNames">The names of the new classes; those that are there already must have the same prototype, and stay.</param>
    /// <returns>The model of the old classes and the new ones, and what became of its parts.</returns>
    /// <exception cref="LfaDataException">There is no new class, two of one name differ, a prototype contradicts those there are, or the method knows only the classes of its fit.</exception>
    public static ModelUpdate AddClasses(LfaModel model, Matrix prototypes, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(prototypes);
        ArgumentNullException.ThrowIfNull(classNames);
        if (classNames.Count == 0)
            throw new LfaDataException("There is no class to add; name at least one.");
        var scorer = model.RequireAligned();
        var union = new ClassUnion(model, new UpdateOptions());
        union.Add(scorer.ToPrototypes(prototypes), classNames);
        var added = union.AddedNames.Count;
        var wider = new AlignedScorer(scorer.Transform, union.Prototypes(), scorer.Temperature, scorer.Residual?.AddClasses(added), scorer.NewClasses, scorer.TextTransform);
        return new ModelUpdate
        {
            Model = new LfaModel(wider, union.Names, calibration: null, model.Record with { LibraryVersion = LibraryVersion.Current }, model.Statistics?.AddClasses(added)),
            AddedSamples = 0,
            Samples = model.Statistics?.SampleCount ?? 0,
            AddedClasses = union.AddedNames,
            RemovedClasses = [],
            Parts = [.. PartsAfterAdding(model, scorer)],
        };
    }

    private static ModelUpdate Update(LfaModel model, IUpdatableMethod method, ClassUnion union, FeatureSet? images, UpdateOptions options, ClassStatistics before, FitContext context)
    {
        var after = before.RemoveClasses(union.RemovedIndices);
        if (images is not null)
        {
            var joined = UnionTask.Of(union, [(images, union.Join(images))]);
            after = after.AddClasses(union.AddedNames.Count).Add(ClassStatistics.FromTask(joined, context.MaxDegreeOfParallelism));
        }
        var updated = method.Update(new UpdateTask
        {
            Scorer = model.Scorer,
            Record = model.Record,
            Before = before,
            After = after,
            PrototypesBefore = model.ClassPrototypes!,
            Prototypes = union.Prototypes(),
            MaxDegreeOfParallelism = context.MaxDegreeOfParallelism,
        });
        var keepsCalibration = union is { RemovedIndices: [], AddedNames: [] };
        UpdatedPart[] calibration = model.Calibration is null ? [] : [keepsCalibration ? new("calibration", PartOutcome.Kept, "from images held out in the last whole fit") : DroppedCalibration];
        var record = model.Record with { LibraryVersion = LibraryVersion.Current };
        return new ModelUpdate
        {
            Model = new LfaModel(updated.Scorer, union.Names, keepsCalibration ? model.Calibration : null, updated.IsWhole ? record with { Samples = after.SampleCount } : record, after, union.Prototypes()),
            AddedSamples = images?.SampleCount ?? 0,
            Samples = after.SampleCount,
            AddedClasses = union.AddedNames,
            RemovedClasses = options.RemovedClasses,
            Parts = [new("class prototypes", PartOutcome.Exact), .. updated.Parts, .. calibration],
        };
    }

    private static void ThrowIfNotUpdatable(LfaModel model)
    {
        var record = model.Record;
        if (record.Samples == 0 || record.Variant is not null || Method(model) is null)
            throw new LfaDataException("The classifier does not tell how it was fitted: it was made by hand, by an older library, or for other classes than those of its fit; fit it again.");
        if (record.UnlabeledSamples > 0)
            throw new LfaDataException(Invariant($"The classifier was fitted to {record.UnlabeledSamples} images without labels, and keeps no sums of labels that nobody gave; fit it again to these images, and, if there are new ones with labels, to both together."));
        if (model.Aligned is { } aligned && (aligned.TextTransform is not null || aligned.Dimension != aligned.ClassPrototypes.Columns))
            throw new LfaDataException("The classifier stands on a projection between two spaces, whose maps an update cannot change; fit it again to all images.");
    }

    // A loss that is not registered here leaves no options, but what an update keeps does not depend on it.
    private static IMethod? Method(LfaModel model) => model.Record.Options ?? (model.Record.Method is { } name ? MethodRegistry.Methods.Find(name) : null);

    private static IEnumerable<UpdatedPart> PartsAfterAdding(LfaModel model, AlignedScorer scorer)
    {
        yield return new("class prototypes", PartOutcome.Exact);
        yield return new("transform", PartOutcome.Kept, "it serves the new classes, too");
        if (scorer.Residual is not null)
            yield return new("residual head", PartOutcome.Kept, "it says nothing of the new classes");
        if (model.Calibration is not null)
            yield return DroppedCalibration;
    }

    private static UpdatedPart DroppedCalibration { get; } = new("calibration", PartOutcome.Dropped, "its held-out images competed among other classes");
}
