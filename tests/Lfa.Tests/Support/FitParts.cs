using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;

namespace Lfa.Tests.Support;

/// <summary>Finds the parts of a fit that many tests look at.</summary>
internal static class FitParts
{
    public static LfaModel ToModel(this MethodFit fit) => LfaModel.FromFit(fit);

    public static AlignedScorer Aligned(this MethodFit fit) => fit.Scorer.ShouldBeOfType<AlignedScorer>();

    public static AutoSelection Auto(this MethodFit fit) => fit.Detail<AutoSelection>().ShouldNotBeNull();

    /// <summary>The transform of a stage.</summary>
    public static Transform TransformOf(this MethodFit fit, string stage) => fit.Stages.Single(one => one.Name == stage).Scorer.ShouldBeOfType<AlignedScorer>().Transform;

    /// <summary>The accuracy of a stage.</summary>
    public static Accuracy Of(this IEnumerable<StageAccuracy> accuracies, string stage) => accuracies.Single(one => one.Name == stage).Accuracy;

    /// <summary>The accuracy of the last stage, that of the scorer.</summary>
    public static Accuracy Last(this IReadOnlyList<StageAccuracy> accuracies) => accuracies[^1].Accuracy;
}

/// <summary>Makes models of a transform.</summary>
internal static class AlignedModel
{
    public static LfaModel Of(Transform transform, Matrix prototypes, IReadOnlyList<string> names, double temperature = Scorer.DefaultTemperature, NewClassScoring? newClasses = null, LinearHead? residual = null,
        Transform? textTransform = null, Calibration? calibration = null, FitRecord? record = null, ClassStatistics? statistics = null) =>
        new(new AlignedScorer(transform, prototypes, temperature, residual, newClasses, textTransform), names, calibration, record, statistics);

    /// <summary>Zero-shot classification of the classes of a set.</summary>
    public static LfaModel ZeroShot(FeatureSet set) => Of(Transform.Identity(set.Dimension), set.ClassPrototypes, set.ClassNames);
}
