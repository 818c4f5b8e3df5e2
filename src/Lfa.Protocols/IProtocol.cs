using Lfa.Classification;
using Lfa.Data;
using Lfa.Encoders.Datasets;

namespace Lfa.Protocols;

/// <summary>Defines a kind of experiment: its methods, and how one of them is fitted and measured.</summary>
/// <remarks>An implementation holds no state; cells run on several threads at once.</remarks>
public interface IProtocol
{
    /// <summary>Gets the name on the command line, such as "few-shot".</summary>
    string Name { get; }

    /// <summary>Gets what the experiment shows, in a few words.</summary>
    string About { get; }

    /// <summary>Gets the names of the methods, in the order of the tables.</summary>
    IReadOnlyList<string> Methods { get; }

    /// <summary>Gets how many images of each class the fits get as published.</summary>
    IReadOnlyList<Shots> PublishedShots { get; }

    /// <summary>Gets whether a dataset names other domains to measure on.</summary>
    bool HasTargets { get; }

    /// <summary>Returns the published iterations of the refinement.</summary>
    /// <param name="known">The dataset, or null for one that is not known by name.</param>
    int PublishedIterations(DatasetDescription? known);

    /// <summary>Says with which options a method runs: all that determines its outcome beside images, seed and version.</summary>
    /// <param name="method">The method.</param>
    /// <param name="iterations">The iterations of the refinement.</param>
    string DescribeOptions(string method, int iterations);

    /// <summary>Returns what fits may see of the images that were drawn. Default: all.</summary>
    /// <param name="drawn">The images.</param>
    /// <exception cref="LfaDataException">There is nothing to fit to.</exception>
    FeatureSet SelectTraining(FeatureSet drawn) => drawn;

    /// <summary>Fits a method and measures it.</summary>
    /// <param name="input">What to fit, and to measure on.</param>
    /// <param name="cancellationToken">Checked as the method does.</param>
    /// <returns>The outcome; where the method refuses the task, with the reason and without measurements.</returns>
    /// <exception cref="LfaDataException">No method can be fitted to these images, or none measured on them.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested.</exception>
    CellOutcome Run(CellInput input, CancellationToken cancellationToken);
}

/// <summary>What a cell runs on.</summary>
public sealed record CellInput
{
    /// <summary>Gets the method.</summary>
    public required string Method { get; init; }

    /// <summary>Gets the images to fit to: drawn, and those of them that fits may see.</summary>
    public required FeatureSet Train { get; init; }

    /// <summary>Gets the images to measure on.</summary>
    public required FeatureSet Test { get; init; }

    /// <summary>Gets the images of other domains to measure on, by their names.</summary>
    public IReadOnlyList<(string Name, FeatureSet Set)> Targets { get; init; } = [];

    /// <summary>Gets the seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Gets the iterations of the refinement.</summary>
    public required int Iterations { get; init; }

    /// <summary>Gets the number of threads at most.</summary>
    public required int MaxDegreeOfParallelism { get; init; }

    /// <summary>Makes the context of the fit.</summary>
    /// <param name="cancellationToken">Stops the fit.</param>
    public FitContext ToContext(CancellationToken cancellationToken) => new() { Seed = Seed, MaxDegreeOfParallelism = MaxDegreeOfParallelism, CancellationToken = cancellationToken };
}

/// <summary>What a cell gave.</summary>
public sealed record CellOutcome
{
    /// <summary>Gets the figures, one for each part that was measured; empty where the method refused the task.</summary>
    public IReadOnlyList<Measurement> Measurements { get; init; } = [];

    /// <summary>Gets whether the method looked at all test images, without their labels, before it classified any.</summary>
    public bool UsesTestImages { get; init; }

    /// <summary>Gets what was chosen, in words; null where nothing was.</summary>
    public string? Chosen { get; init; }

    /// <summary>Gets why the method refused the task; null where it did not.</summary>
    public string? Refusal { get; init; }

    /// <summary>Gets the time of the fit in seconds, the choice of parameters included.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets the largest managed heap of the process during the fit, in bytes above that before it.</summary>
    public long PeakBytes { get; init; }
}

/// <summary>The figures of one part of what a cell measures.</summary>
/// <param name="Part">What was measured, such as "test", "base" or the name of a domain.</param>
/// <param name="Images">The number of images.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Top1Accuracy">The part of the images whose class comes first, from 0 to 1.</param>
/// <param name="Top5Accuracy">The part of the images whose class is among the first five, from 0 to 1; null for a mean of parts.</param>
/// <param name="LogLoss">The mean of −log p of the true class, in nats; null for a mean of parts.</param>
/// <param name="Ece">The expected calibration error, from 0 to 1; null for a mean of parts.</param>
public sealed record Measurement(string Part, int Images, int Classes, double Top1Accuracy, double? Top5Accuracy = null, double? LogLoss = null, double? Ece = null)
{
    /// <summary>Returns the figures of an evaluation.</summary>
    /// <param name="part">What was measured.</param>
    /// <param name="evaluation">The evaluation.</param>
    public static Measurement FromEvaluation(string part, Evaluation evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        return new Measurement(part, evaluation.Samples, evaluation.Classes, evaluation.Top1Accuracy, evaluation.Top5Accuracy, evaluation.LogLoss, evaluation.Ece);
    }
}
