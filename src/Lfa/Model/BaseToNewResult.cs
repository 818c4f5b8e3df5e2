using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Model;

/// <summary>How a classifier fitted to the base classes fares on them and on new classes, each among themselves.</summary>
/// <param name="Base">The top-1 accuracy on images of the base classes, from 0 to 1.</param>
/// <param name="New">The top-1 accuracy on images of the new classes, from 0 to 1.</param>
public sealed record BaseToNewResult(double Base, double New)
{
    /// <summary>Gets the harmonic mean of both, 2 · base · new / (base + new), from 0 to 1; 0 where both are.</summary>
    public double HarmonicMean => Base + New > 0 ? 2 * Base * New / (Base + New) : 0;

    /// <summary>Measures a classifier: on the base classes as it is, on the new ones by its transform for new classes.</summary>
    /// <param name="model">The model, fitted to the base classes.</param>
    /// <param name="baseTest">The labeled images of its classes, such as the first part of <see cref="ClassSplit.BaseAndNew"/>.</param>
    /// <param name="newTest">The labeled images and the prototypes of the new classes, such as the second part.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <exception cref="LfaDataException">The images have no labels, or other classes or columns than the classifier.</exception>
    public static BaseToNewResult FromModel(LfaModel model, FeatureSet baseTest, FeatureSet newTest, int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(newTest);
        var options = new PredictionOptions { MaxDegreeOfParallelism = maxDegreeOfParallelism };
        return new BaseToNewResult(model.Evaluate(baseTest, options).Top1Accuracy, model.ForClasses(newTest.ClassPrototypes, newTest.ClassNames).Evaluate(newTest, options).Top1Accuracy);
    }
}
