using Lfa.Alignment;
using Lfa.Data;

namespace Lfa.Classification;

/// <summary>How a classifier fares on images of another domain, by either of its transforms and without one.</summary>
/// <param name="ZeroShot">Zero-shot classification: no transform; null across a bridge.</param>
/// <param name="Trained">The classifier as it is.</param>
/// <param name="NewClasses">The transform for new classes and shifted domains, without a residual head; W where there is no other.</param>
public sealed record DomainAccuracies(Accuracy? ZeroShot, Accuracy Trained, Accuracy NewClasses)
{
    /// <summary>Measures a classifier on images of its classes, or of some of them, which then compete among themselves.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="test">The labeled images; their classes are told by their names.</param>
    /// <param name="threads">The number of threads at most; 0 for all processors. Default: 0.</param>
    /// <exception cref="ArgumentException">The images have no labels, other columns than the classifier takes, or a class that it does not know.</exception>
    public static DomainAccuracies Of(LfaClassifier classifier, FeatureSet test, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(test);
        var trained = classifier.SelectClasses(test.ClassNames);
        trained.ThrowIfNotSameTask(test);
        var zeroShot = trained.TextTransform is not null || trained.Transform.InputDimension != trained.Transform.OutputDimension ? null
            : new LfaClassifier(Transform.Identity(trained.Dimension), trained.ClassPrototypes, trained.ClassNames).Accuracy(test, threads);
        return new DomainAccuracies(zeroShot, trained.Accuracy(test, threads), trained.ForShiftedDomain().Accuracy(test, threads));
    }
}
