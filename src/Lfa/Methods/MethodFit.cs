using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>The outcome of a fit: the scorer, what was chosen on the way and why, and the stages it went through.</summary>
public sealed record MethodFit
{
    /// <summary>Gets the scorer; null for a method that classifies the images of its task together.</summary>
    public Scorer? Scorer { get; init; }

    /// <summary>Gets the logits of the images to be classified, m × C, where the method classifies them together; else null.</summary>
    public Matrix? Logits { get; init; }

    /// <summary>Gets the names of the C classes.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Gets the text features of the class names, C × d, where the scorer does not keep them; else null.</summary>
    public Matrix? ClassPrototypes { get; init; }

    /// <summary>Gets what a model file keeps of the fit.</summary>
    public required FitRecord Record { get; init; }

    /// <summary>Gets what held-out images tell of the probabilities; null where none were held out.</summary>
    public Calibration? Calibration { get; init; }

    /// <summary>Gets the sums over the images, from which an update works without them; null where they serve none.</summary>
    public ClassStatistics? Statistics { get; init; }

    /// <summary>Gets the scorers on the way and that of the fit, the first one zero-shot classification where there is such. Default: none, that of the fit alone.</summary>
    public IReadOnlyList<FitStage> Stages { get; init; } = [];

    /// <summary>Gets the projection that brought images and class names of two spaces together; null where they share a space.</summary>
    public SpaceProjection? Projection { get; init; }

    /// <summary>Gets what was tried, each kind of choice in a record of its own: see <see cref="Detail{T}"/>.</summary>
    public IReadOnlyList<object> Details { get; init; } = [];

    /// <summary>Gets the mean loss of the batch of each iteration of a refinement, of several rounds the last.</summary>
    public IReadOnlyList<double> Losses { get; init; } = [];

    /// <summary>Gets the time that each part took.</summary>
    public IReadOnlyList<FitDuration> Durations { get; init; } = [];

    /// <summary>Finds what was tried, of one kind.</summary>
    /// <typeparam name="T">The kind, such as <see cref="AutoSelection"/>.</typeparam>
    /// <returns>The record; null where there is none.</returns>
    public T? Detail<T>()
        where T : class => Details.OfType<T>().FirstOrDefault();

    /// <summary>Gets what was chosen, for a person to read, such as "β 0.708"; null where nothing was.</summary>
    public string? Summary => Detail<AutoSelection>()?.ToString() ?? Record.Chosen.FirstOrDefault(value => value.Origin is not ValueOrigin.Given)?.ToString();

    /// <summary>Measures every stage side by side, and the outcome.</summary>
    /// <param name="test">The labeled images, of the same classes.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. Default: −1.</param>
    /// <returns>The accuracy of each stage.</returns>
    /// <exception cref="LfaDataException">The images have no labels, or other classes or columns than the fit.</exception>
    public IReadOnlyList<StageAccuracy> Evaluate(FeatureSet test, int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(test);
        var stages = Stages.Count > 0 || Scorer is null ? Stages : [new FitStage(Record.Method ?? "fit", Scorer)];
        foreach (var stage in stages.Take(1))
            TestSetValidation.Check(test, ClassNames, stage.Scorer.Dimension);
        return [.. stages.Select(stage => new StageAccuracy(stage.Name, stage.Scorer.Accuracy(test, maxDegreeOfParallelism)))];
    }
}

/// <summary>A scorer on the way of a fit.</summary>
/// <param name="Name">What it is, such as "procrustes".</param>
/// <param name="Scorer">The scorer.</param>
public sealed record FitStage(string Name, Scorer Scorer);

/// <summary>The accuracy of a stage.</summary>
/// <param name="Name">The stage, such as "procrustes".</param>
/// <param name="Accuracy">Its accuracy.</param>
public sealed record StageAccuracy(string Name, Accuracy Accuracy);

/// <summary>The time that a part of a fit took.</summary>
/// <param name="Name">The part, such as "refine".</param>
/// <param name="Time">The time.</param>
public sealed record FitDuration(string Name, TimeSpan Time);
