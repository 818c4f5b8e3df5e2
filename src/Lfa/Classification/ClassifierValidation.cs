using System.Numerics.Tensors;
using Lfa.Alignment;

namespace Lfa.Classification;

/// <summary>Finds the first thing in which the parts of a <see cref="LfaClassifier"/> contradict each other.</summary>
internal static class ClassifierValidation
{
    public static void Check(LfaClassifier classifier)
    {
        var classes = classifier.ClassPrototypes.Rows;
        if (classes == 0)
            throw new ArgumentException("classPrototypes has no rows; give at least one class.");
        CheckTo(classifier, classifier.Transform, "transform");
        if (classifier.NewClasses is { } newClasses)
            CheckNewClasses(classifier, newClasses);
        if (classifier.Residual is { } residual)
            CheckResidual(classifier, residual);
        if (classifier.Statistics is { } statistics && (statistics.ClassCount != classes || statistics.Dimension != classifier.Dimension))
            throw new ArgumentException(Invariant($"statistics is of {statistics.ClassCount} classes and {statistics.Dimension} components but the classifier has {classes} classes and takes {classifier.Dimension} columns; both must be the same."));
        if (classifier.TextTransform is { } texts)
            CheckTo(classifier, texts, "textTransform");
        if (classifier.ClassNames.Count != classes)
            throw new ArgumentException(Invariant($"classNames has {classifier.ClassNames.Count} entries but classPrototypes has {classes} rows; give one for each row."));
        LfaClassifier.ThrowIfNotTemperature(classifier.Temperature, "temperature");
        if (classifier.Confidence is { } confidence)
            CheckConfidence(classifier, confidence);
    }

    private static void CheckConfidence(LfaClassifier classifier, Confidence confidence)
    {
        if (confidence.Temperature != classifier.Temperature)
            throw new ArgumentException(Invariant($"confidence was learned at the temperature {confidence.Temperature} but temperature is {classifier.Temperature}; both must be the same."));
        if (confidence.Difficulties.Length > 0 && confidence.Difficulties.Length != classifier.ClassCount)
            throw new ArgumentException(Invariant($"confidence knows the difficulties of {confidence.Difficulties.Length} classes but classPrototypes has {classifier.ClassCount} rows; both must be of the same classes."));
    }

    private static void CheckNewClasses(LfaClassifier classifier, NewClassScoring newClasses)
    {
        CheckTo(classifier, newClasses.Transform, "the transform for new classes");
        if (newClasses.Transform.InputDimension != classifier.Dimension)
            throw new ArgumentException(Invariant($"the transform for new classes is {newClasses.Transform.InputDimension} × {newClasses.Transform.OutputDimension} but transform is {classifier.Transform.InputDimension} × {classifier.Transform.OutputDimension}; both must have the same shape."));
        LfaClassifier.ThrowIfNotTemperature(newClasses.Temperature, "the temperature for new classes");
    }

    private static void CheckResidual(LfaClassifier classifier, LinearClassifier residual)
    {
        if (residual.ClassCount != classifier.ClassCount || residual.Dimension != classifier.Dimension)
            throw new ArgumentException(Invariant($"residual is {residual.ClassCount} × {residual.Dimension} but the classifier has {classifier.ClassCount} classes and takes {classifier.Dimension} columns; the weights must be classes × columns."));
        residual.Weights.ThrowIfNotFinite("residual");
        if (residual.Biases.Length > 0 && !TensorPrimitives.IsFiniteAll(residual.Biases.Span))
            throw new ArgumentException("residual has a bias that is a NaN or an infinity; fit it again.");
    }

    private static void CheckTo(LfaClassifier classifier, Transform transform, string name)
    {
        if (transform.OutputDimension != classifier.ClassPrototypes.Columns)
            throw new ArgumentException(Invariant($"{name} is {transform.InputDimension} × {transform.OutputDimension} but classPrototypes is {classifier.ClassCount} × {classifier.ClassPrototypes.Columns}; both must have the same number of columns."));
    }
}
