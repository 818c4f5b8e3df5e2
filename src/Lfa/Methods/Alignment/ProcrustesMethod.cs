using System.Text.Json;
using Lfa.Alignment;

namespace Lfa.Methods;

/// <summary>The orthogonal transform nearest to the classes: see <see cref="OrthogonalProcrustes"/>.</summary>
public sealed record ProcrustesMethod : IProjectedMethod, IUpdatableMethod
{
    /// <summary>Gets the projection across two spaces; null where images and class names share one, or to leave it to the task. Default: null.</summary>
    public SpaceProjection? Projection { get; init; }

    /// <inheritdoc/>
    public string Name => FitStages.Procrustes;

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
        var statistics = ClassStatistics.FromTask(sides.Task, context.MaxDegreeOfParallelism);
        var transform = clock.Measure("procrustes", () => OrthogonalProcrustes.Fit(statistics, sides.Task.ClassPrototypes, context.MaxDegreeOfParallelism));
        return new MethodFit
        {
            Scorer = sides.ToScorer(transform),
            ClassNames = set.ClassNames,
            Record = FitRecord.Of(this, task, context),
            Statistics = sides.Projection is null ? statistics : null,
            Projection = sides.Projection,
            Stages = sides.ToStages([(FitStages.Procrustes, transform)]),
            Durations = clock.Durations,
        };
    }

    /// <inheritdoc/>
    public UpdatedScorer Update(UpdateTask update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return new UpdatedScorer(update.Replace(update.FitProcrustes()), [new("orthogonal transform", PartOutcome.Exact)], IsWhole: true);
    }

    /// <inheritdoc/>
    public IMethod WithProjection(SpaceProjection? projection) => this with { Projection = projection };

    /// <inheritdoc/>
    public void WriteOptions(Utf8JsonWriter json) => OptionsJson.WriteProjection(json, Projection);

    /// <inheritdoc/>
    public IMethod ReadOptions(JsonElement json) => new ProcrustesMethod { Projection = OptionsJson.ReadProjection(json) };
}
