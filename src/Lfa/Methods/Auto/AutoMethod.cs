using System.Text.Json;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>
/// Whatever the examples themselves show to be best: a blend of <see cref="ExpertRegistry"/>, or zero-shot classification where nothing
/// beats it beyond noise. With one example a class, how far it goes follows from what zero-shot leaves.
/// </summary>
/// <remarks>Across two spaces both sides go through <see cref="CanonicalCorrelation"/>, its penalty chosen by held-out images, and mapped features stand for zero-shot classification.</remarks>
public sealed record AutoMethod : IProjectedMethod, IUpdatableMethod
{
    // The plainest first, which wins ties; the log-loss has one valley.
    private static readonly double[] Penalties = [10, 3, 1, 0.3, 0.1, 0.03];

    /// <summary>Gets the projection across two spaces, whose penalty the examples choose; null where images and class names share one, or to leave it to the task. Default: null.</summary>
    public CanonicalCorrelation? Projection { get; init; }

    /// <inheritdoc/>
    public string Name => FitStages.Auto;

    /// <inheritdoc/>
    public string Source => LfaMethod.Publication;

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.Labels;

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var clock = new FitClock();
        var set = task.Require(this);
        return Projection is null && set.SharesSpace ? FitInOneSpace(set, task, context, clock) : FitAcrossSpaces(set, task, context, clock);
    }

    /// <inheritdoc/>
    public UpdatedScorer Update(UpdateTask update)
    {
        ArgumentNullException.ThrowIfNull(update);
        if (update.Record.Blend.Count == 0)
            throw new LfaDataException("The classifier does not tell the weights of its blend; fit it again.");
        return BlendUpdate.Run(update);
    }

    /// <inheritdoc/>
    /// <remarks>Canonical correlation is its projection, of as many components as it chooses.</remarks>
    public IMethod? WithProjection(SpaceProjection? projection) =>
        projection is null or CanonicalCorrelation { Components: null } ? this with { Projection = projection as CanonicalCorrelation } : null;

    /// <inheritdoc/>
    public void WriteOptions(Utf8JsonWriter json) => OptionsJson.WriteProjection(json, Projection);

    /// <inheritdoc/>
    public IMethod ReadOptions(JsonElement json) => new AutoMethod { Projection = OptionsJson.ReadProjection(json) as CanonicalCorrelation };

    private MethodFit FitInOneSpace(FeatureSet set, FitTask task, FitContext context, FitClock clock)
    {
        var sides = AlignedTask.Of(set, null, new CanonicalCorrelation(), context);
        var outcome = clock.Measure("select", new AutoChoice(new AutoTask(set, context)).Run);
        return ToFit(sides, outcome, FitRecord.Of(this, task, context), clock) with { Statistics = ClassStatistics.FromTask(set, context.MaxDegreeOfParallelism) };
    }

    private MethodFit FitAcrossSpaces(FeatureSet set, FitTask task, FitContext context, FitClock clock)
    {
        var asked = Projection ?? new CanonicalCorrelation();
        if (Projection is null)
            FitLog.BridgesSpaces(context.Logger, set, asked);
        var projection = asked with { Penalty = clock.Measure("procrustes", () => ChoosePenalty(set, asked, context)) };
        var sides = clock.Measure("procrustes", () => AlignedTask.Of(set, projection, projection.Fit(set, context), context));
        var auto = new AutoTask(set, context, fitMaps: part => projection.Fit(part, context), origin: Invariant($"{projection.Name} projection of penalty {projection.Penalty}"));
        var outcome = clock.Measure("select", new AutoChoice(auto).Run);
        return ToFit(sides, outcome, FitRecord.Of(this, task, context) with { Chosen = [new("penalty", projection.Penalty, ValueOrigin.HeldOut) { Symbol = "ρ" }] }, clock);
    }

    /// <summary>Makes the outcome of a fit of what the automatic choice came to.</summary>
    internal static MethodFit ToFit(AlignedTask sides, AutoOutcome outcome, FitRecord record, FitClock clock)
    {
        var scorer = sides.ToScorer(outcome.Transform, outcome.Calibration?.Temperature ?? outcome.Temperature, outcome.NewClasses, outcome.Residual);
        return new MethodFit
        {
            Scorer = scorer,
            ClassNames = sides.Task.ClassNames,
            Record = record with { Blend = outcome.Blend },
            Calibration = outcome.Calibration,
            Projection = sides.Projection,
            Stages = [.. sides.ToStages([]), new FitStage(FitStages.Auto, scorer)],
            Details = [outcome.Selection],
            Durations = clock.Durations,
        };
    }

    /// <summary>Chooses the penalty of canonical correlation by the log-loss of held-out images; the default where no image of a class can be held out.</summary>
    private static double ChoosePenalty(FeatureSet set, CanonicalCorrelation projection, FitContext context)
    {
        Matrix Logits(FeatureSet training, Matrix held, double penalty)
        {
            var maps = (projection with { Penalty = penalty }).Fit(training, context);
            return new AlignedScorer(maps.Images!, maps.Apply(training).ClassPrototypes).Logits(held, context.MaxDegreeOfParallelism);
        }
        var choice = ParameterChoice.Of(set, Penalties, (training, held) => penalty => Logits(training, held, penalty), context, patience: 2);
        return choice?.Value ?? CanonicalCorrelation.DefaultPenalty;
    }
}
