using Lfa.Alignment;
using Lfa.Bridging;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;
using Lfa.Selection;

namespace Lfa;

/// <summary>The outcome of a fit: the classifier, how it came about, and the transform of every stage on the way.</summary>
public sealed record LfaFit
{
    /// <summary>Gets the fitted classifier.</summary>
    public required LfaClassifier Classifier { get; init; }

    /// <summary>Gets the method.</summary>
    public required FitMethod Method { get; init; }

    /// <summary>Gets the bridge between encoders that never met; null where images and class names share a space.</summary>
    public Bridge? Bridge { get; init; }

    /// <summary>Gets the weight β of the identity, given or chosen; null for methods without one.</summary>
    public double? Beta { get; init; }

    /// <summary>Gets how β was chosen; null where it was given, or for methods without one.</summary>
    public BetaSelection? BetaSelection { get; init; }

    /// <summary>Gets what the automatic choice tried and chose; null for the other methods.</summary>
    public AutoSelection? Auto { get; init; }

    /// <summary>Gets how images without labels took part; null where all had one.</summary>
    public UnsupervisedSelection? Unsupervised { get; init; }

    /// <summary>Gets what was chosen on the way, in words; null where nothing was.</summary>
    public string? Chosen => Auto?.Chosen ?? (BetaSelection is { } selection ? Invariant($"β {selection.Beta:0.###}") : null);

    /// <summary>Gets the number of iterations of the refinement, of several rounds without labels each; 0 for methods without one.</summary>
    public int Iterations { get; init; }

    /// <summary>Gets the mean loss of the batch of each iteration, of several rounds without labels the last.</summary>
    public IReadOnlyList<double> Losses { get; init; } = [];

    /// <summary>Gets the seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Gets the time that each part took, in seconds.</summary>
    public required FitSeconds Seconds { get; init; }

    /// <summary>Gets the transform of each stage.</summary>
    public required FitStages Stages { get; init; }

    /// <summary>Measures every stage side by side.</summary>
    /// <param name="test">The labeled images, of the same classes.</param>
    /// <param name="threads">The number of threads at most; 0 for all processors. Default: 0.</param>
    /// <returns>The accuracy of zero-shot classification and of each stage.</returns>
    /// <exception cref="ArgumentException">The images have no labels, or other classes or columns than the training set.</exception>
    public StageAccuracies Evaluate(FeatureSet test, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(test);
        threads = Threads.Resolve(threads);
        Classifier.ThrowIfNotSameTask(test);
        Accuracy? Measure(Transform? transform) =>
            transform is null ? null : new CosineScorer(transform, Classifier.ClassPrototypes, threads).Accuracy(test);
        var identity = Bridge is null ? Transform.Identity(Classifier.Transform.InputDimension) : null;
        return new StageAccuracies(Measure(identity) ?? Accuracy.None, Measure(Stages.LeastSquares), Measure(Stages.Procrustes),
            Measure(Stages.BetaProcrustes), Measure(Stages.Lfa), Measure(Stages.MovingAverage),
            Method is FitMethod.Auto && Unsupervised is null ? Classifier.Accuracy(test, threads) : null,
            Unsupervised is null ? null : Classifier.Accuracy(test, threads));
    }
}

/// <summary>The time that the parts of a fit took, in seconds.</summary>
/// <param name="Load">Reading the features; 0 where they were in memory.</param>
/// <param name="Procrustes">The closed form: the orthogonal transform, or that of least squares.</param>
/// <param name="Select">The choice of β.</param>
/// <param name="Refine">The refinement.</param>
/// <param name="Total">All of these.</param>
/// <param name="Transport">Moving images without labels to classes.</param>
public sealed record FitSeconds(double Load, double Procrustes, double Select, double Refine, double Total, double Transport = 0)
{
    /// <summary>Returns these times with that of reading the features, which the total then includes.</summary>
    /// <param name="load">The time of reading the features, in seconds.</param>
    public FitSeconds WithLoad(double load) => this with { Load = load, Total = Total - Load + load };
}

/// <summary>The transforms of the stages of a fit, each d × d, or d_image × d_text between two spaces; null for those that the method does not pass through.</summary>
/// <param name="LeastSquares">The transform of least squares.</param>
/// <param name="Procrustes">The orthogonal transform.</param>
/// <param name="BetaProcrustes">The orthogonal transform, shrunk to the identity.</param>
/// <param name="Lfa">The refined transform.</param>
/// <param name="MovingAverage">The moving average along the refinement.</param>
public sealed record FitStages(Transform? LeastSquares, Transform? Procrustes, Transform? BetaProcrustes, Transform? Lfa, Transform? MovingAverage);

/// <summary>The accuracies of the stages of a fit; null for those that the method does not pass through.</summary>
/// <param name="ZeroShot">Zero-shot classification: no transform; NaN across a bridge.</param>
/// <param name="LeastSquares">The transform of least squares.</param>
/// <param name="Procrustes">The orthogonal transform.</param>
/// <param name="BetaProcrustes">The orthogonal transform, shrunk to the identity.</param>
/// <param name="Lfa">The refined transform.</param>
/// <param name="MovingAverage">The moving average along the refinement.</param>
/// <param name="Auto">What the automatic choice came to.</param>
/// <param name="Unsupervised">What a fit with images without labels came to.</param>
public sealed record StageAccuracies(Accuracy ZeroShot, Accuracy? LeastSquares, Accuracy? Procrustes, Accuracy? BetaProcrustes, Accuracy? Lfa, Accuracy? MovingAverage, Accuracy? Auto = null, Accuracy? Unsupervised = null);
