using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Model;

/// <summary>How a classifier fares on images of another domain, by either of its transforms and without one.</summary>
/// <param name="ZeroShot">Zero-shot classification: no transform; null across two spaces.</param>
/// <param name="Trained">The classifier as it is.</param>
/// <param name="NewClasses">The transform for new classes and shifted domains, without a residual head; W where there is no other; null for a method that knows only the classes of its fit.</param>
public sealed record DomainAccuracies(Accuracy? ZeroShot, Accuracy Trained, Accuracy? NewClasses)
{
    /// <summary>Measures a model on images of its classes, or of some of them, which then compete among themselves.</summary>
    /// <param name="model">The model.</param>
    /// <param name="test">The labeled images; their classes are told by their names.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <exception cref="LfaDataException">The images have no labels, other columns than the model takes, or a class that it does not know.</exception>
    public static DomainAccuracies FromModel(LfaModel model, FeatureSet test, int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(test);
        var trained = model.SelectClasses(test.ClassNames);
        TestSetValidation.Check(test, trained.ClassNames, trained.Dimension);
        test.ImageFeatures.ThrowIfDegenerate("features");
        var threads = maxDegreeOfParallelism;
        var zeroShot = trained.ClassPrototypes is { } prototypes && trained.Aligned?.TextTransform is null && prototypes.Columns == trained.Dimension
            ? new AlignedScorer(Transform.Identity(trained.Dimension), prototypes) : null;
        return new DomainAccuracies(zeroShot?.Accuracy(test, threads), trained.Scorer.Accuracy(test, threads), trained.Aligned is null ? null : trained.ForShiftedDomain().Scorer.Accuracy(test, threads));
    }
}
