using Lfa.Alignment;
using Lfa.Bridging;
using Lfa.Data;
using Lfa.Refinement;
using Lfa.Selection;

namespace Lfa;

/// <summary>
/// Fits a classifier to a few labeled images and class names: Linear Feature Alignment.
/// </summary>
/// <remarks>
/// Y. Ouali, A. Bulat, B. Martinez, G. Tzimiropoulos, "Black box few-shot adaptation for vision-language models", ICCV 2023.
/// The steps are an orthogonal transform in closed form (<see cref="OrthogonalProcrustes"/>), its shrinkage to the identity
/// by a cross-validated β (<see cref="BetaCrossValidation"/>, <see cref="BetaProcrustes"/>), and a short refinement
/// (<see cref="TransformRefinement"/>). Each can be used alone. Where images and class names come from encoders that never met,
/// both sides first go through the maps of a bridge (<see cref="Bridge"/>), which fold into the classifier.
/// </remarks>
public static class LfaTrainer
{
    /// <summary>Fits a classifier.</summary>
    /// <param name="task">The labeled images, n × d, and the class prototypes, C × d; at least one image of each class.</param>
    /// <param name="options">The options. Default: whatever the examples show to be best, <see cref="FitMethod.Auto"/>.</param>
    /// <param name="progress">Told after each iteration of the refinement, on the calling thread. Default: nobody.</param>
    /// <param name="cancellationToken">Checked before each split and each iteration.</param>
    /// <returns>The classifier, with what was chosen on the way and why.</returns>
    /// <exception cref="ArgumentException">The images have no labels, or a class has no example.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static LfaFit Fit(FeatureSet task, LfaOptions? options = null, IProgress<RefinementProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        options ??= new LfaOptions();
        task.ThrowIfNotTrainable();
        return new FitRun(task, options, progress, cancellationToken).Execute();
    }

    /// <summary>Fits a classifier to images without labels, by pseudo-labels that an optimal transport of the images to the classes gives.</summary>
    /// <remarks>
    /// Ouali et al., ICCV 2023 (unsupervised LFA). With <see cref="FitMethod.Lfa"/> as published: the pseudo-labels choose β, then each of
    /// several rounds moves the images adapted so far to the classes and refines the transform on the labels that come out.
    /// With <see cref="FitMethod.Auto"/> the pseudo-labels take the place of labels in the automatic choice, from half of the
    /// images to the other half: zero-shot classification is left only where they speak for it. Where some images have labels, a
    /// fit to these alone adapts the images before they are moved. The probabilities are as sure, on average over the images, as
    /// zero-shot classification is at the temperature of the encoder: without labels nobody can tell how often they are right. So
    /// the classifier has no confidence, and no sums that <see cref="LfaUpdater"/> could work with.
    /// </remarks>
    /// <param name="images">The images, n × d, and the class prototypes, C × d; labels, if there are any, are not looked at.</param>
    /// <param name="labeled">Images with labels, of the same classes, that join them; not every class needs one, and prototypes of their own are not looked at. Default: none.</param>
    /// <param name="options">The options; the method must be <see cref="FitMethod.Auto"/> or <see cref="FitMethod.Lfa"/>. Default: <see cref="FitMethod.Auto"/>.</param>
    /// <param name="progress">Told after each iteration of a refinement, on the calling thread. Default: nobody.</param>
    /// <param name="cancellationToken">Checked before each pass over the images, each split and each iteration.</param>
    /// <returns>The classifier, with what was chosen on the way and why: see <see cref="LfaFit.Unsupervised"/>.</returns>
    /// <exception cref="ArgumentException">The sets contradict each other, the method is another one, or no image reaches the confidence asked for.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    public static LfaFit FitUnlabeled(FeatureSet images, FeatureSet? labeled = null, LfaOptions? options = null,
        IProgress<RefinementProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        options ??= new LfaOptions();
        return new FitRun(new UnlabeledTask(images, labeled, options, cancellationToken), options, progress, cancellationToken).Execute();
    }
}
