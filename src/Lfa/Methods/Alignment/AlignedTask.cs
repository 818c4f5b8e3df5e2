using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>A labeled task as a transform sees it: as it is, or with both sides as a projection maps them.</summary>
internal sealed class AlignedTask
{
    private readonly FeatureSet _source;
    private readonly SideMaps _maps;

    private AlignedTask(FeatureSet source, SpaceProjection? projection, SideMaps maps, FitContext context)
    {
        (_source, Projection, _maps) = (source, projection, maps);
        Task = projection is null ? source : maps.Apply(source, context.MaxDegreeOfParallelism);
    }

    /// <summary>Gets the projection; null where images and class names share a space.</summary>
    public SpaceProjection? Projection { get; }

    /// <summary>Gets the task to fit to.</summary>
    public FeatureSet Task { get; }

    /// <summary>Gets the temperature of the encoder.</summary>
    public double Temperature => _source.Temperature;

    /// <summary>Maps a task where it needs it.</summary>
    /// <param name="task">The labeled images and the class prototypes.</param>
    /// <param name="projection">The projection that is asked for, or null to leave it to the task.</param>
    /// <param name="byDefault">The projection where none is asked for and the task is of two spaces.</param>
    /// <param name="context">The seed, the threads, and the logger, which receives a warning where no projection was asked for.</param>
    public static AlignedTask Of(FeatureSet task, SpaceProjection? projection, SpaceProjection byDefault, FitContext context)
    {
        if (projection is null && !task.SharesSpace)
        {
            projection = byDefault;
            FitLog.BridgesSpaces(context.Logger, task, projection);
        }
        return new AlignedTask(task, projection, projection?.Fit(task, context) ?? new SideMaps(null, null), context);
    }

    /// <summary>Maps a task by maps that are fitted already.</summary>
    public static AlignedTask Of(FeatureSet task, SpaceProjection projection, SideMaps maps, FitContext context) => new(task, projection, maps, context);

    /// <summary>Makes the scorer of a transform of the task.</summary>
    /// <param name="transform">The transform W of <see cref="Task"/>.</param>
    /// <param name="temperature">The temperature τ. Default: that of the encoder.</param>
    /// <param name="newClasses">How new classes are scored, its transform one of <see cref="Task"/>. Default: as the others.</param>
    /// <param name="residual">The residual head. Default: none.</param>
    public AlignedScorer ToScorer(Transform transform, double? temperature = null, NewClassScoring? newClasses = null, LinearHead? residual = null) =>
        new(_maps.Unfold(transform), Task.ClassPrototypes, temperature ?? Temperature, residual, newClasses is null ? null : newClasses with { Transform = _maps.Unfold(newClasses.Transform) }, _maps.Texts);

    /// <summary>Makes the stages of a fit: zero-shot classification where there is such, then the transforms.</summary>
    public IReadOnlyList<FitStage> ToStages(IEnumerable<(string Name, Transform Transform)> transforms)
    {
        var stages = transforms.Select(stage => new FitStage(stage.Name, ToScorer(stage.Transform)));
        return [.. ZeroShotStage(_source, Projection), .. stages];
    }

    /// <summary>Makes the stage of zero-shot classification; none across two spaces.</summary>
    public static IEnumerable<FitStage> ZeroShotStage(FeatureSet task, SpaceProjection? projection) => projection is null && task.SharesSpace
        ? [new FitStage(FitStages.ZeroShot, new AlignedScorer(Transform.Identity(task.Dimension), task.ClassPrototypes, task.Temperature))]
        : [];
}
