using Lfa.Alignment;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>The closed form that a refinement starts from: the orthogonal transform, shrunk to the identity where there is one.</summary>
/// <param name="Transform">The transform.</param>
/// <param name="Statistics">The sums over the images.</param>
/// <param name="Stages">The transforms on the way.</param>
/// <param name="Beta">The weight β of the identity; null where the transform was not shrunk.</param>
/// <param name="Selection">How β was chosen; null where it was not.</param>
internal sealed record ShrunkTransform(Transform Transform, ClassStatistics Statistics, IReadOnlyList<(string Name, Transform Transform)> Stages, ChosenValue? Beta, BetaSelection? Selection)
{
    /// <summary>Fits it; between two spaces without a common one it is shrunk only where β is given, and that is refused.</summary>
    public static ShrunkTransform Fit(AlignedTask sides, BetaProcrustesMethod options, FitContext context, FitClock clock, bool alwaysShrinks = true)
    {
        var statistics = ClassStatistics.FromTask(sides.Task, context.MaxDegreeOfParallelism);
        var orthogonal = clock.Measure("procrustes", () => OrthogonalProcrustes.Fit(statistics, sides.Task.ClassPrototypes, context.MaxDegreeOfParallelism));
        if (!alwaysShrinks && options.Beta is null && sides.Projection is { GivesCommonSpace: false })
            return new ShrunkTransform(orthogonal, statistics, [(FitStages.Procrustes, orthogonal)], null, null);
        if (!sides.Task.SharesSpace)
            throw new LfaDataException(Invariant($"Between {sides.Task.Dimension} and {sides.Task.TextDimension} components there is no identity for beta to weigh; leave beta out, or give a projection to a common space, such as cca."));
        var selection = options.Beta is null ? clock.Measure("select", () => BetaCrossValidation.SelectUnchecked(sides.Task, options.CrossValidation, context)) : null;
        var beta = new ChosenValue("beta", options.Beta ?? selection!.Beta, selection is null ? ValueOrigin.Given : ValueOrigin.HeldOut) { Symbol = "β", Format = "0.###" };
        var shrunk = BetaProcrustes.Shrink(orthogonal, beta.Value);
        return new ShrunkTransform(shrunk, statistics, [(FitStages.Procrustes, orthogonal), (FitStages.BetaProcrustes, shrunk)], beta, selection);
    }
}
