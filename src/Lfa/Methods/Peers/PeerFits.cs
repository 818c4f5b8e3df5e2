using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>Puts together what the fits of peers have in common.</summary>
internal static class PeerFits
{
    /// <summary>Makes the outcome of a fit to labeled images.</summary>
    /// <param name="method">The method.</param>
    /// <param name="task">The task.</param>
    /// <param name="context">The context.</param>
    /// <param name="scorer">The scorer.</param>
    /// <param name="clock">The time so far.</param>
    /// <param name="chosen">The values it works with.</param>
    /// <param name="statistics">The sums from which it can be updated. Default: none.</param>
    public static MethodFit ToFit(this IMethod method, FitTask task, FitContext context, Scorer scorer, FitClock clock, IReadOnlyList<ChosenValue> chosen, ClassStatistics? statistics = null)
    {
        var set = task.Labeled ?? task.Any;
        return new MethodFit
        {
            Scorer = scorer,
            ClassNames = set.ClassNames,
            ClassPrototypes = set.ClassPrototypes,
            Record = FitRecord.Of(method, task, context) with { Chosen = chosen },
            Statistics = statistics,
            Stages = [.. AlignedTask.ZeroShotStage(set, null), new FitStage(method.Name, scorer)],
            Durations = clock.Durations,
        };
    }

    /// <summary>Describes the value that folds chose, or the default where there were none.</summary>
    public static ChosenValue ToChosen(this ParameterChoice? choice, string name, double value) => new(name, value, choice is null ? ValueOrigin.Default : ValueOrigin.HeldOut);

    /// <summary>Describes the temperature that came with it.</summary>
    public static ChosenValue ToTemperature(this ParameterChoice? choice, double temperature) => new("temperature", temperature, choice is null ? ValueOrigin.Default : ValueOrigin.HeldOut);
}
