using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Refinement;
using Lfa.Selection;
using Lfa.Updating;

namespace Lfa;

/// <summary>
/// Changes a classifier without starting again: more images, more classes, fewer classes.
/// </summary>
/// <remarks>
/// The closed forms need no more of the images than sums over them (<see cref="ClassStatistics"/>), which the classifier
/// keeps. So without the earlier images
/// <list type="number">
/// <item>the orthogonal transform, its shrinkage by the same β, least squares, and the head of Gaussian classes are what a fit
/// to all images at once gives, to rounding; zero-shot classification has only its prototypes;</item>
/// <item>what comes out of a refinement or was chosen on held-out images is kept as it is: refined transforms, β, the weights
/// of a blend, the temperature. The confidence is kept where images were added to the classes that are there, and dropped
/// where the classes change, since its scores were among other classes;</item>
/// <item>a class can be removed, but how its images, where it has several, spread about their mean is not known apart from
/// the others; so the head of Gaussian classes is an estimate then, and least squares, which needs more than that, is refused.</item>
/// </list>
/// With the earlier images at hand (<see cref="UpdateOptions.EarlierImages"/>) everything is fitted again with the options
/// of the fit: the same bits as <see cref="LfaTrainer.Fit"/> on all images, the earlier ones first.
/// A new class may have no example, unless everything is fitted again: then its name alone speaks for it, as in zero-shot classification.
/// </remarks>
public static class LfaUpdater
{
    /// <summary>Updates a classifier.</summary>
    /// <param name="classifier">The classifier; it stays as it is.</param>
    /// <param name="images">The new labeled images, n × d, and the prototypes of their classes, which are told by their names: known ones and new ones. Null where classes are only removed.</param>
    /// <param name="options">The options. Default: nothing is removed, and the earlier images are not at hand.</param>
    /// <param name="progress">Told after each iteration of a refinement, on the calling thread. Default: nobody.</param>
    /// <param name="cancellationToken">Checked where a fit checks it.</param>
    /// <returns>The updated classifier, and what became of its parts.</returns>
    /// <exception cref="ArgumentException">There is nothing to do, or the images or classes contradict the classifier.</exception>
    /// <exception cref="InvalidOperationException">The classifier does not know enough of its fit, or its method cannot forget a class without the earlier images.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static LfaUpdate Update(LfaClassifier classifier, FeatureSet? images, UpdateOptions? options = null,
        IProgress<RefinementProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        options ??= new UpdateOptions();
        if (images is null && options.RemovedClasses.Count == 0 && options.EarlierImages.Count == 0)
            throw new ArgumentException("There is nothing to update; give new images, or the name of a class to remove.");
        if (classifier.Recipe is not { } recipe)
            throw new InvalidOperationException("The classifier does not tell how it was fitted: it was made by hand, by an older library, or for other classes than those of its fit; fit it again.");
        if (recipe.Unlabeled > 0)
            throw new InvalidOperationException(Invariant($"The classifier was fitted to {recipe.Unlabeled} images without labels, and keeps no sums of labels that nobody gave; fit it again to these images, and, if there are new ones with labels, to both together."));
        if (classifier.TextTransform is not null || recipe.Options.Bridge is not null)
            throw new InvalidOperationException("The classifier stands on a bridge between two encoders, whose maps an update cannot change; fit it again to all images.");
        var union = new ClassUnion(classifier, options);
        if (options.EarlierImages.Count > 0)
            return Refit.Run(classifier, recipe, union, images, options, progress, cancellationToken);
        if (classifier.Statistics is not { } statistics)
            throw new InvalidOperationException("The classifier does not hold the sums over its images, which were left out of its file; give the images that it was fitted to, too.");
        cancellationToken.ThrowIfCancellationRequested();
        var after = statistics.RemoveClasses(union.RemovedIndices);
        if (images is not null)
        {
            var joined = UnionTask.Of(union, [(images, union.Join(images, isEarlier: false))]);
            after = after.AddClasses(union.AddedNames.Count).Add(ClassStatistics.Of(joined, options.Threads));
        }
        return new Run(classifier, recipe, after, union, options).ToUpdate(images?.SampleCount ?? 0);
    }

    /// <summary>Adds classes of which nothing but the names is known; it takes no image, neither new nor old.</summary>
    /// <remarks>
    /// The scores of the classes that are there stay as they are. A new class is scored by the same W as these, and not by the
    /// transform for new classes: scores of two transforms do not compare. In the head of Gaussian classes it has the logit 0,
    /// as a class whose mean is that of all images.
    /// </remarks>
    /// <param name="classifier">The classifier, of any method; it stays as it is.</param>
    /// <param name="prototypes">The text features of the class names, by the encoder and the templates of the fit, a row for each; their length does not matter.</param>
    /// <param name="classNames">The names of the new classes; those that are there already must have the same prototype, and stay.</param>
    /// <returns>The classifier of the old classes and the new ones, and what became of its parts.</returns>
    /// <exception cref="ArgumentException">There is no new class, two of one name differ, or a prototype contradicts those there are.</exception>
    public static LfaUpdate AddClasses(LfaClassifier classifier, Matrix prototypes, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(prototypes);
        ArgumentNullException.ThrowIfNull(classNames);
        if (classNames.Count == 0)
            throw new ArgumentException("There is no class to add; name at least one.");
        var union = new ClassUnion(classifier, new UpdateOptions());
        union.Add(classifier.PrototypesOf(prototypes), classNames);
        return new LfaUpdate
        {
            Classifier = new LfaClassifier(classifier.Transform, union.Prototypes(), union.Names, classifier.Temperature, classifier.NewClasses,
                classifier.Provenance with { LibraryVersion = LibraryVersion.Current }, classifier.Residual?.AddClasses(union.AddedNames.Count), confidence: null,
                classifier.Statistics?.AddClasses(union.AddedNames.Count), classifier.Recipe, classifier.TextTransform),
            AddedSamples = 0,
            Samples = classifier.Statistics?.SampleCount ?? 0,
            AddedClasses = union.AddedNames,
            RemovedClasses = [],
            Parts = [.. PartsAfterAdding(classifier)],
        };
    }

    private static IEnumerable<UpdatedPart> PartsAfterAdding(LfaClassifier classifier)
    {
        yield return new("class prototypes", PartOutcome.Exact);
        yield return new("transform", PartOutcome.Kept, "it serves the new classes, too");
        if (classifier.Residual is not null)
            yield return new("residual head", PartOutcome.Kept, "it says nothing of the new classes");
        if (classifier.Confidence is not null)
            yield return DroppedConfidence;
    }

    private static UpdatedPart DroppedConfidence { get; } = new("confidence", PartOutcome.Dropped, "its held-out images competed among other classes");

    /// <summary>One update from sums under way.</summary>
    private sealed class Run(LfaClassifier classifier, FitRecipe recipe, ClassStatistics statistics, ClassUnion union, UpdateOptions options)
    {
        private readonly List<UpdatedPart> _parts = [new("class prototypes", PartOutcome.Exact)];
        private readonly Matrix _prototypes = union.Prototypes();

        public LfaUpdate ToUpdate(int addedSamples)
        {
            var (transform, residual) = (FitTransform(), FitResidual());
            if (recipe.Options.Method is FitMethod.Auto && classifier.NewClasses is not null)
                _parts.Add(Refined("transform for new classes"));
            var confidence = KeepConfidence();
            // Nothing of the other methods stays behind, so that an update is a whole fit.
            var isWhole = recipe.Options.Method is not (FitMethod.Auto or FitMethod.Lfa);
            return new LfaUpdate
            {
                Classifier = new LfaClassifier(transform, _prototypes, union.Names, classifier.Temperature, classifier.NewClasses,
                    classifier.Provenance with { LibraryVersion = LibraryVersion.Current }, residual, confidence, statistics, isWhole ? recipe with { Samples = statistics.SampleCount } : recipe),
                AddedSamples = addedSamples,
                Samples = statistics.SampleCount,
                AddedClasses = union.AddedNames,
                RemovedClasses = options.RemovedClasses,
                Parts = _parts,
            };
        }

        private Transform FitTransform()
        {
            switch (recipe.Options.Method)
            {
                case FitMethod.Procrustes:
                    return FitProcrustes();
                case FitMethod.BetaProcrustes:
                    var beta = classifier.Provenance.Beta ?? throw new InvalidOperationException("The classifier does not tell its β; fit it again.");
                    var shrunk = BetaProcrustes.Shrink(FitProcrustes(), beta);
                    if (recipe.Options.Beta is null)
                        _parts.Add(new("β", PartOutcome.Kept, Invariant($"{beta:0.###}, cross-validated at the last whole fit")));
                    return shrunk;
                case FitMethod.LeastSquares:
                    if (statistics.IsSpreadEstimated)
                        throw new InvalidOperationException("Least squares cannot forget a class without the images: it needs XᵀX of the others alone; give the images that the classifier was fitted to, too.");
                    _parts.Add(new("least squares", PartOutcome.Exact));
                    return LeastSquares.Fit(statistics, _prototypes, recipe.Options.Ridge, options.Threads);
                case FitMethod.Lfa:
                    _parts.Add(Refined("refined transform and its moving average"));
                    return classifier.Transform;
                case FitMethod.Auto:
                    return Blend(recipe.Blend ?? throw new InvalidOperationException("The classifier does not tell the weights of its blend; fit it again."));
                default:
                    return classifier.Transform;
            }
        }

        private Transform FitProcrustes()
        {
            _parts.Add(new("orthogonal transform", PartOutcome.Exact));
            return OrthogonalProcrustes.Fit(statistics, _prototypes, options.Threads);
        }

        /// <summary>Puts the new orthogonal transform into a blend: W + procrustes · (W_op after − W_op before).</summary>
        private Transform Blend(BlendWeights blend)
        {
            var transform = classifier.Transform;
            if (blend.Procrustes > 0)
            {
                var (old, @new) = (OrthogonalProcrustes.Fit(classifier.Statistics!, classifier.ClassPrototypes, options.Threads).Matrix.Values, FitProcrustes().Matrix.Values);
                var values = transform.Matrix.Values.ToArray();
                TensorPrimitives.MultiplyAdd(@new.Span, (float)blend.Procrustes, values, values);
                TensorPrimitives.MultiplyAdd(old.Span, -(float)blend.Procrustes, values, values);
                transform = new Transform(new Matrix(values, transform.InputDimension, transform.OutputDimension));
            }
            if (blend.Refined > 0)
                _parts.Add(Refined("refined transforms"));
            _parts.Add(new("weights of the blend, temperature", PartOutcome.Kept, "chosen at the last whole fit"));
            return transform;
        }

        private LinearClassifier? FitResidual()
        {
            if (recipe.Options.Method is not FitMethod.Auto || recipe.Blend is not { Gaussian: > 0 } blend)
                return null;
            _parts.Add(statistics.IsSpreadEstimated
                ? new("head of Gaussian classes", PartOutcome.Estimated, "the removed classes are taken to have spread like the others")
                : new("head of Gaussian classes", PartOutcome.Exact));
            return ExpertPool.Gaussian(statistics, Numerics.Threads.Resolve(options.Threads)).Times(blend.Gaussian);
        }

        private UpdatedPart Refined(string name) => new(name, PartOutcome.Kept, Invariant($"fitted to the {recipe.Samples} images of the last whole fit"));

        private Confidence? KeepConfidence()
        {
            if (classifier.Confidence is not { } confidence)
                return null;
            var keeps = union is { RemovedIndices: [], AddedNames: [] };
            _parts.Add(keeps
                ? new("confidence", PartOutcome.Kept, "from images held out in the last whole fit")
                : DroppedConfidence);
            return keeps ? confidence : null;
        }
    }
}
