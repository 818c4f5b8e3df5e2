using Lfa.Alignment;
using Lfa.Classification;

namespace Lfa.Methods;

/// <summary>Classifies by the class names alone: logits X·Yᵀ / τ, τ the temperature of the encoder.</summary>
/// <remarks>Images take no part in it.</remarks>
public sealed record ZeroShotMethod : IMethod, IUpdatableMethod
{
    /// <inheritdoc/>
    public string Name => FitStages.ZeroShot;

    /// <inheritdoc/>
    public string Source => "A. Radford et al., \"Learning transferable visual models from natural language supervision\", ICML 2021";

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.TextFeatures;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var clock = new FitClock();
        var set = task.Require(this);
        set.ThrowIfConstant();
        var scorer = new AlignedScorer(Transform.Identity(set.Dimension), set.ClassPrototypes, set.Temperature);
        return new MethodFit
        {
            Scorer = scorer,
            ClassNames = set.ClassNames,
            Record = FitRecord.Of(this, task, context),
            Statistics = set.IsLabeled ? ClassStatistics.FromTask(set, context.MaxDegreeOfParallelism) : null,
            Stages = [new FitStage(FitStages.ZeroShot, scorer)],
            Durations = clock.Durations,
        };
    }

    /// <inheritdoc/>
    public UpdatedScorer Update(UpdateTask update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return new UpdatedScorer(update.Replace(update.Aligned.Transform), [], IsWhole: true);
    }
}
