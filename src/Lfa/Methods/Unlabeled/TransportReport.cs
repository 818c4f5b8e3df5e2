using Lfa.Transport;

namespace Lfa.Methods;

/// <summary>How images without labels took part in a fit.</summary>
public sealed record TransportReport
{
    /// <summary>Gets the number of images without labels.</summary>
    public required int Images { get; init; }

    /// <summary>Gets the number of images with labels that joined them; 0 without any.</summary>
    public required int LabeledImages { get; init; }

    /// <summary>Gets the class prior: uniform, estimated or given.</summary>
    public required ClassPrior ClassPrior { get; init; }

    /// <summary>Gets each round of transport, the first one on the images as they are.</summary>
    public required IReadOnlyList<TransportRound> Rounds { get; init; }

    /// <summary>Gets whether all classes had their shares in every round; if not, the labels favor some classes, and a larger ε is needed.</summary>
    public bool Converged => Rounds.All(round => round.Converged);

    /// <summary>Gets the number of classes that no image without a label was given to in the last round.</summary>
    public required int ClassesWithoutImages { get; init; }

    /// <summary>
    /// Gets whether nothing speaks against equal shares where these are assumed; true for others. They do not fit if the labels of estimated shares make the images likelier by two
    /// standard errors, and their own labels cost, above the nearest classes, more than a tenth of what labels drawn by probabilities do, in the last round.
    /// </summary>
    public bool EqualSharesFit { get; init; } = true;
}

/// <summary>The outcome of one round of transport.</summary>
/// <param name="Iterations">The number of passes over the images.</param>
/// <param name="MarginalError">The largest part by which a class misses its share.</param>
/// <param name="Converged">Whether all classes have their shares to within the tolerance.</param>
/// <param name="Uniformity">How much of the shares is the same for all classes, from 0 (what zero-shot classification finds) to 1 (uniform); null where they were given.</param>
/// <param name="Agreement">The part of the images whose label is that of the round before, in the first round that of the nearest class name; from 0 to 1.</param>
/// <param name="Kept">The part of the images that reach the confidence asked for, from 0 to 1.</param>
public sealed record TransportRound(int Iterations, double MarginalError, bool Converged, double? Uniformity, double Agreement, double Kept);
