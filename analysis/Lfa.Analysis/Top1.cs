using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Analysis;

/// <summary>Top-1 accuracies in per cent, as the tables have them.</summary>
internal static class Top1
{
    /// <summary>Measures a transform before the prototypes of the test set.</summary>
    public static double Of(Transform transform, FeatureSet test) => Of(new AlignedScorer(transform, test.ClassPrototypes), test);

    /// <summary>Measures zero-shot classification.</summary>
    public static double OfZeroShot(FeatureSet test) => Of(Transform.Identity(test.Dimension), test);

    /// <summary>Measures a scorer.</summary>
    public static double Of(Scorer scorer, FeatureSet test) => Math.Round(100 * Evaluation.FromScorer(scorer, test).Top1Accuracy, 10); // A mean that ends in a half rounds by its value.
}
