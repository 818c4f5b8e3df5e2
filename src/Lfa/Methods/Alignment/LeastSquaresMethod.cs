using System.Text.Json;
using Lfa.Alignment;

namespace Lfa.Methods;

/// <summary>The transform of least squares, argmin ‖XW − PY‖²_F + λ‖W‖²_F: see <see cref="LeastSquares"/>.</summary>
public sealed record LeastSquaresMethod : IProjectedMethod, IUpdatableMethod
{
    /// <summary>Gets the penalty λ, at least 0. Default: 0.</summary>
    public double Ridge
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Ridge), value, "Ridge must be 0 or more, and finite.");
    }

    /// <summary>Gets the projection across two spaces; null where images and class names share one, or to leave it to the task. Default: null.</summary>
    public SpaceProjection? Projection { get; init; }

    /// <inheritdoc/>
    public string Name => FitStages.LeastSquares;

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
        var sides = clock.Measure("procrustes", () => AlignedTask.Of(set, Projection, new MeanDirections(), context));
        var transform = clock.Measure("procrustes", () => LeastSquares.Fit(sides.Task, Ridge, context.MaxDegreeOfParallelism));
        return new MethodFit
        {
            Scorer = sides.ToScorer(transform),
            ClassNames = set.ClassNames,
            Record = FitRecord.Of(this, task, context) with { Chosen = [new("ridge", Ridge, ValueOrigin.Given)] },
            Statistics = sides.Projection is null ? ClassStatistics.FromTask(set, context.MaxDegreeOfParallelism) : null,
            Projection = sides.Projection,
            Stages = sides.ToStages([(FitStages.LeastSquares, transform)]),
            Durations = clock.Durations,
        };
    }

    /// <inheritdoc/>
    public UpdatedScorer Update(UpdateTask update)
    {
        ArgumentNullException.ThrowIfNull(update);
        if (update.After.IsSpreadEstimated)
            throw new LfaDataException("Least squares cannot forget a class without the images: it needs XᵀX of the others alone; give the images that the classifier was fitted to, too.");
        var transform = LeastSquares.Fit(update.After, update.Prototypes, Ridge, update.MaxDegreeOfParallelism);
        return new UpdatedScorer(update.Replace(transform), [new("least squares", PartOutcome.Exact)], IsWhole: true);
    }

    /// <inheritdoc/>
    public IMethod WithProjection(SpaceProjection? projection) => this with { Projection = projection };

    /// <inheritdoc/>
    public void WriteOptions(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteNumber("ridge", Ridge);
        OptionsJson.WriteProjection(json, Projection);
    }

    /// <inheritdoc/>
    public IMethod ReadOptions(JsonElement json) => new LeastSquaresMethod { Ridge = json.GetProperty("ridge").GetDouble(), Projection = OptionsJson.ReadProjection(json) };
}
