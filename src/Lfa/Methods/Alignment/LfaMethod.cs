using System.Text.Json;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Refinement;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>
/// Linear Feature Alignment: an orthogonal transform in closed form, shrunk to the identity by a cross-validated β, then refined
/// for a few iterations by a re-ranking loss.
/// </summary>
/// <remarks>
/// Y. Ouali, A. Bulat, B. Martinez, G. Tzimiropoulos, "Black box few-shot adaptation for vision-language models", ICCV 2023.
/// The steps are <see cref="OrthogonalProcrustes"/>, <see cref="BetaCrossValidation"/> with <see cref="BetaProcrustes"/>, and
/// <see cref="TransformRefinement"/>; each can be used alone. Where images and class names come from encoders that never met,
/// both sides first go through the maps of a <see cref="SpaceProjection"/>, which fold into the scorer.
/// </remarks>
public sealed record LfaMethod : IIterativeMethod, IShrunkMethod, IProjectedMethod, IUpdatableMethod
{
    internal const string Publication = "Y. Ouali, A. Bulat, B. Martinez, G. Tzimiropoulos, \"Black box few-shot adaptation for vision-language models\", ICCV 2023";

    /// <summary>Gets the weight β of the identity, from 0 to 1, or null to choose it by cross-validation. Default: null.</summary>
    public double? Beta
    {
        get;
        init => field = new BetaProcrustesMethod { Beta = value }.Beta;
    }

    /// <summary>Gets how β is chosen where it is not given. Default: the published recipe.</summary>
    public BetaCrossValidationOptions CrossValidation
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(CrossValidation));
    } = new();

    /// <summary>Gets the options of the refinement. Default: the published ones.</summary>
    public RefinementOptions Refinement
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Refinement));
    } = new();

    /// <summary>Gets the projection across two spaces; null where images and class names share one, or to leave it to the task. Default: null.</summary>
    public SpaceProjection? Projection { get; init; }

    /// <inheritdoc/>
    public string Name => FitStages.Lfa;

    /// <inheritdoc/>
    public string Source => Publication;

    /// <inheritdoc/>
    public MethodNeeds Needs => MethodNeeds.Labels;

    /// <inheritdoc/>
    public IMethod WithIterations(int iterations) => WithRefinement(Refinement with { Iterations = iterations });

    /// <inheritdoc/>
    public IMethod WithRefinement(RefinementOptions refinement) => this with { Refinement = refinement };

    /// <inheritdoc/>
    public IMethod WithBeta(double? beta, BetaCrossValidationOptions crossValidation) => this with { Beta = beta, CrossValidation = crossValidation };

    /// <inheritdoc/>
    public IMethod WithProjection(SpaceProjection? projection) => this with { Projection = projection };

    /// <summary>Gets the options of the closed form.</summary>
    internal BetaProcrustesMethod ClosedForm => new() { Beta = Beta, CrossValidation = CrossValidation };

    /// <inheritdoc/>
    public MethodFit Fit(FitTask task, FitContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        context ??= new FitContext();
        var clock = new FitClock();
        var set = task.Require(this);
        var sides = clock.Measure("procrustes", () => AlignedTask.Of(set, Projection, new CanonicalCorrelation(), context));
        var start = ShrunkTransform.Fit(sides, ClosedForm, context, clock, alwaysShrinks: false);
        var refined = clock.Measure("refine", () => TransformRefinement.RunUnchecked(sides.Task, start.Transform, Refinement, context));
        return new MethodFit
        {
            Scorer = sides.ToScorer(refined.Transform, newClasses: new NewClassScoring(refined.MovingAverage, sides.Temperature)),
            ClassNames = set.ClassNames,
            Record = FitRecord.Of(this, task, context) with { Iterations = refined.Losses.Count, Chosen = start.Beta is null ? [] : [start.Beta] },
            Statistics = sides.Projection is null ? start.Statistics : null,
            Projection = sides.Projection,
            Stages = sides.ToStages([.. start.Stages, (FitStages.Lfa, refined.Transform), (FitStages.MovingAverage, refined.MovingAverage)]),
            Details = start.Selection is null ? [] : [start.Selection],
            Losses = refined.Losses,
            Durations = clock.Durations,
        };
    }

    /// <inheritdoc/>
    public UpdatedScorer Update(UpdateTask update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return new UpdatedScorer(update.Replace(update.Aligned.Transform), [UpdatedPart.Refined("refined transform and its moving average", update.Record)], IsWhole: false);
    }

    /// <inheritdoc/>
    public void WriteOptions(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        ClosedForm.WriteOptions(json);
        OptionsJson.Write(json, Refinement);
        OptionsJson.WriteProjection(json, Projection);
    }

    /// <inheritdoc/>
    public IMethod ReadOptions(JsonElement json)
    {
        var closedForm = (BetaProcrustesMethod)ClosedForm.ReadOptions(json);
        return new LfaMethod { Beta = closedForm.Beta, CrossValidation = closedForm.CrossValidation, Refinement = OptionsJson.ReadRefinement(json), Projection = closedForm.Projection };
    }
}
