using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Review;

/// <summary>
/// Reviews labeled images: which labels are likely wrong, which images are there twice, and which unlabeled ones to label next.
/// </summary>
/// <remarks>
/// Lengths of features play no part, only their directions. Memory grows with the number of images, never with its square.
/// <para>
/// Labels: confident learning (C. G. Northcutt, L. Jiang, I. L. Chuang, "Confident learning: estimating uncertainty in
/// dataset labels", JAIR 70, 2021, section 3.1). With p out-of-fold probabilities and t_c the mean of p_c over the images of
/// class c, the score of an image labeled ℓ is
/// <code>max_{c ≠ ℓ} log (p_c / t_c) − log (p_ℓ / t_ℓ)</code>
/// Differs from the published implementation (cleanlab):
/// <list type="number">
/// <item>The model is a closed form: zero-shot logits and those of Gaussians of shared covariance, their weight and
/// temperature chosen by log-loss on held-out images; an image that no fold can hold out is judged by zero-shot classification.</item>
/// <item>p_c is compared with t_c by the ratio, and counts from twenty to one (4 (C − 1) with fewer than six classes). Published is p_c ≥ t_c: it counts every fourth
/// image of ImageNet, where the model often errs, and misses one wrong label in six of Caltech101, where t_c is nearly 1.</item>
/// <item>Images are ranked by that ratio. The probability of the given class finds confusions of alike classes worse, the
/// difference of two probabilities finds errors at random worse.</item>
/// <item>The mean over all images counts as one image more of each class.</item>
/// </list>
/// Images to label next: uncertainty sampling by the margin (B. Settles, "Active learning literature survey", University of
/// Wisconsin, 2009, section 3.1) times the distance from all that is labeled or picked, one by one (the greedy k-center
/// of O. Sener, S. Savarese, "Active learning for convolutional neural networks: a core-set approach", ICLR 2018, section 4.2).
/// </para>
/// </remarks>
public static class FeatureReview
{
    /// <summary>Reviews labeled images, and unlabeled ones beside them.</summary>
    /// <param name="labeled">The labeled images, n × d, and the class prototypes; at least one image of each class.</param>
    /// <param name="unlabeled">The features of unlabeled images, or of those to test with, m × d; null for none. Default: none.</param>
    /// <param name="options">The options. Default: those of <see cref="ReviewOptions"/>.</param>
    /// <param name="context">The seed of the folds, the threads, and the cancellation, checked before each fold and each block of cosines. Default: seed 1, all processors.</param>
    /// <returns>The four lists; the same for the same seed, on any number of threads.</returns>
    /// <exception cref="LfaDataException">The images have no labels, a class has no example, or the unlabeled features have other columns or a row that is zero or not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static ReviewResult Run(FeatureSet labeled, Matrix? unlabeled = null, ReviewOptions? options = null, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(labeled);
        labeled.ThrowIfNotTrainable();
        labeled.ThrowIfTwoSpaces("a review");
        if (unlabeled is not null && unlabeled.Columns != labeled.Dimension)
            throw new LfaDataException(Invariant($"The unlabeled features are {unlabeled.Rows} × {unlabeled.Columns} but the labeled ones are {labeled.SampleCount} × {labeled.Dimension}; both must come from the same encoder."));
        (options, context) = (options ?? new ReviewOptions(), context ?? new FitContext());
        var (threads, cancellationToken) = (Threads.Resolve(context.MaxDegreeOfParallelism), context.CancellationToken);
        var task = labeled.Derive([labeled.ImageFeatures.ToUnitRows()], labeled.ClassPrototypes.ToUnitRows(), labeled.Labels);
        var others = unlabeled?.ToUnitRows();

        var model = ReviewModel.Fit(task, context);
        var doubts = ConfidentLearning.Rank(task, model, cancellationToken);
        var duplicates = DuplicateSearch.Within(task, options.DuplicateCosine, threads, cancellationToken);
        if (others is null)
            return new ReviewResult(doubts, duplicates, [], [], model.GaussianWeight, model.Temperature);
        var nearest = DuplicateSearch.Nearest(others, task.ImageFeatures, threads, cancellationToken);
        var overlaps = DuplicateSearch.Between(others, task.ImageFeatures, nearest, options.DuplicateCosine);
        var candidates = new LabelingOrder(others, model.Classifier, [.. nearest.Select(one => one.Cosine)], threads)
            .Pick(options.ToLabel, options.DuplicateCosine, cancellationToken);
        return new ReviewResult(doubts, duplicates, overlaps, candidates, model.GaussianWeight, model.Temperature);
    }
}
