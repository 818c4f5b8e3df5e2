using Lfa.Alignment;

namespace Lfa.Classification;

/// <summary>Finds the first thing in which the parts of an <see cref="AlignedScorer"/> contradict each other.</summary>
internal static class AlignedScorerValidation
{
    public static void Check(AlignedScorer scorer)
    {
        if (scorer.ClassCount == 0)
            throw new LfaDataException("classPrototypes has no rows; give at least one class.");
        CheckTo(scorer, scorer.Transform, "transform");
        if (scorer.NewClasses is { } newClasses)
            CheckNewClasses(scorer, newClasses);
        if (scorer.Residual is { } residual)
            CheckResidual(scorer, residual);
        if (scorer.TextTransform is { } texts)
            CheckTo(scorer, texts, "textTransform");
    }

    private static void CheckNewClasses(AlignedScorer scorer, NewClassScoring newClasses)
    {
        CheckTo(scorer, newClasses.Transform, "the transform for new classes");
        if (newClasses.Transform.InputDimension != scorer.Dimension)
            throw new LfaDataException(Invariant($"the transform for new classes is {newClasses.Transform.InputDimension} × {newClasses.Transform.OutputDimension} but transform is {scorer.Transform.InputDimension} × {scorer.Transform.OutputDimension}; both must have the same shape."));
        Temperatures.ThrowIfNotTemperature(newClasses.Temperature, "the temperature for new classes");
    }

    private static void CheckResidual(AlignedScorer scorer, LinearHead residual)
    {
        if (residual.ClassCount != scorer.ClassCount || residual.Dimension != scorer.Dimension)
            throw new LfaDataException(Invariant($"residual is {residual.ClassCount} × {residual.Dimension} but the classifier has {scorer.ClassCount} classes and takes {scorer.Dimension} columns; the weights must be classes × columns."));
        residual.ThrowIfNotFinite("residual");
    }

    private static void CheckTo(AlignedScorer scorer, Transform transform, string name)
    {
        if (transform.OutputDimension != scorer.ClassPrototypes.Columns)
            throw new LfaDataException(Invariant($"{name} is {transform.InputDimension} × {transform.OutputDimension} but classPrototypes is {scorer.ClassCount} × {scorer.ClassPrototypes.Columns}; both must have the same number of columns."));
    }
}
