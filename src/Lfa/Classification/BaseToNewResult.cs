using Lfa.Data;

namespace Lfa.Classification;

/// <summary>How a classifier fitted to the base classes fares on them and on new classes, each among themselves.</summary>
/// <param name="Base">The top-1 accuracy on images of the base classes, in per cent.</param>
/// <param name="New">The top-1 accuracy on images of the new classes, in per cent.</param>
public sealed record BaseToNewResult(double Base, double New)
{
    /// <summary>Gets the harmonic mean of both, 2 · base · new / (base + new), in per cent; 0 where both are.</summary>
    public double HarmonicMean => Base + New > 0 ? 2 * Base * New / (Base + New) : 0;

    /// <summary>Measures a classifier: on the base classes as it is, on the new ones by its transform for new classes.</summary>
    /// <param name="classifier">The classifier, fitted to the base classes.</param>
    /// <param name="baseTest">The labeled images of its classes, such as the first part of <see cref="ClassSplit.BaseAndNew"/>.</param>
    /// <param name="newTest">The labeled images and the prototypes of the new classes, such as the second part.</param>
    /// <param name="threads">The number of threads at most; 0 for all processors. Default: 0.</param>
    /// <exception cref="ArgumentException">The images have no labels, or other classes or columns than the classifier.</exception>
    public static BaseToNewResult Of(LfaClassifier classifier, FeatureSet baseTest, FeatureSet newTest, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(newTest);
        return new BaseToNewResult(classifier.Evaluate(baseTest, threads).Top1, classifier.ForClasses(newTest.ClassPrototypes, newTest.ClassNames).Evaluate(newTest, threads).Top1);
    }
}
