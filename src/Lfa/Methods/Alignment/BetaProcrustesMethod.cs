using System.Text.Json;
using Lfa.Alignment;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>The orthogonal transform, shrunk to the identity, W_β = (1 − β)·W_op + β·I: see <see cref="BetaProcrustes"/>.</summary>
public sealed record BetaProcrustesMethod : IShrunkMethod, IProjectedMethod, IUpdatableMethod
{
    /// <summary>Gets the weight β of the identity, from 0 to 1, or null to choose it by cross-validation. Default: null.</summary>
    public double? Beta
    {
        get;
        init
        {
            if (value is { } beta)
                BetaProcrustes.ThrowIfNotWeight(beta);
            field = value;
        }
    }

    /// <summary>Gets how β is chosen where it is not given. Default: the published recipe.</summary>
    public BetaCrossValidationOptions CrossValidation
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(CrossValidation));
    } = new();

    /// <summary>Gets the projection across two spaces; null where images and class names share one, or to leave it to the task. Default: null.</summary>
    public SpaceProjection? Projection { get; init; }

    /// <inheritdoc/>
    public string Name => FitStages.BetaProcrustes;

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
        var sides = clock.Measure("procrustes", () => AlignedTask.Of(set, Projection, new CanonicalCorrelation(), context));
        var start = ShrunkTransform.Fit(sides, this, context, clock);
        return new MethodFit
        {
            Scorer = sides.ToScorer(start.Transform),
            ClassNames = set.ClassNames,
            Record = FitRecord.Of(this, task, context) with { Chosen = [start.Beta!] },
            Statistics = sides.Projection is null ? start.Statistics : null,
            Projection = sides.Projection,
            Stages = sides.ToStages(start.Stages),
            Details = start.Selection is null ? [] : [start.Selection],
            Durations = clock.Durations,
        };
    }

    /// <inheritdoc/>
    public UpdatedScorer Update(UpdateTask update)
    {
        ArgumentNullException.ThrowIfNull(update);
        var beta = update.Record.Find("beta") ?? throw new LfaDataException("The classifier does not tell its β; fit it again.");
        UpdatedPart[] chosen = Beta is null ? [new("β", PartOutcome.Kept, Invariant($"{beta:0.###}, cross-validated at the last whole fit"))] : [];
        return new UpdatedScorer(update.Replace(BetaProcrustes.Shrink(update.FitProcrustes(), beta)), [new("orthogonal transform", PartOutcome.Exact), .. chosen], IsWhole: true);
    }

    /// <inheritdoc/>
    public IMethod WithBeta(double? beta, BetaCrossValidationOptions crossValidation) => this with { Beta = beta, CrossValidation = crossValidation };

    /// <inheritdoc/>
    public IMethod WithProjection(SpaceProjection? projection) => this with { Projection = projection };

    /// <inheritdoc/>
    public void WriteOptions(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (Beta is { } beta)
            json.WriteNumber("beta", beta);
        OptionsJson.Write(json, CrossValidation);
        OptionsJson.WriteProjection(json, Projection);
    }

    /// <inheritdoc/>
    public IMethod ReadOptions(JsonElement json) => new BetaProcrustesMethod
    {
        Beta = json.TryGetProperty("beta", out var beta) ? beta.GetDouble() : null,
        CrossValidation = OptionsJson.ReadCrossValidation(json),
        Projection = OptionsJson.ReadProjection(json),
    };
}
