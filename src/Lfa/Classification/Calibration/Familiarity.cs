using System.Diagnostics;
using System.Numerics.Tensors;

namespace Lfa.Classification;

/// <summary>
/// How much an image looks like one of the classes: a weighted sum of three views of it. The lower, the more it looks like none.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>log max_c softmax(s / 3τ)_c of the scores s: maximum concept matching (Y. Ming et al., NeurIPS 2022), at a temperature that told
/// classes left out of training from the others best.</item>
/// <item>(max s − mean s) / deviation of s over the classes: how far the most probable class stands out.</item>
/// <item>The cosine of the image with the name of the most probable class, less the mean over all names, and less what is usual for images of
/// that class.</item>
/// </list>
/// None moves with what shifts all scores or all cosines of an image alike. <see cref="FamiliarityFit"/> finds the weights.
/// </remarks>
internal sealed class Familiarity
{
    /// <summary>The number of views.</summary>
    public const int Views = 3;

    private const double Softening = 3; // Best mean AUROC on training features; 2.5 to 6 are within 0.0015 of it.

    /// <summary>Initializes a weighted sum.</summary>
    /// <param name="weights">The weights of the views, each at least 0.</param>
    /// <param name="usualNearness">How near to its name an image of each class usually is, C values; none where the third view has no weight.</param>
    public Familiarity(double[] weights, ReadOnlyMemory<float> usualNearness)
    {
        Debug.Assert(weights.Length == Views && (weights[2] == 0 || !usualNearness.IsEmpty));
        (Weights, UsualNearness) = (weights, weights[2] == 0 ? default : usualNearness);
    }

    /// <summary>Gets the first view alone, where nothing tells the weights.</summary>
    public static Familiarity OfProbability { get; } = new([1, 0, 0], default);

    /// <summary>Gets the weights of the views, each at least 0.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>Gets how near to its name an image of each class usually is, C values; none where names do not matter.</summary>
    public ReadOnlyMemory<float> UsualNearness { get; }

    /// <summary>Gets whether the names of the classes matter.</summary>
    public bool UsesNames => !UsualNearness.IsEmpty;

    /// <summary>Computes the familiarity of an image.</summary>
    /// <param name="scores">Its scores, C values.</param>
    /// <param name="temperature">The temperature τ.</param>
    /// <param name="nearness">Its cosine with the name of the most probable class, less the mean over all names; of no matter where names are of none.</param>
    public double Of(ReadOnlySpan<float> scores, double temperature, double nearness = 0)
    {
        var sum = Weights[0] * OfScores(scores, temperature);
        if (Weights[1] > 0)
            sum += Weights[1] * Prominence(scores);
        return UsesNames ? sum + (Weights[2] * (nearness - UsualNearness.Span[TensorPrimitives.IndexOfMax(scores)])) : sum;
    }

    /// <summary>Computes the first view.</summary>
    public static double OfScores(ReadOnlySpan<float> scores, double temperature) =>
        (TensorPrimitives.Max(scores) / (Softening * temperature)) - Softmax.LogSumExp(scores, Softening * temperature);

    /// <summary>Computes the second view; 0 where all scores are equal.</summary>
    public static double Prominence(ReadOnlySpan<float> scores) =>
        TensorPrimitives.StdDev(scores) is var deviation and > 0 ? (TensorPrimitives.Max(scores) - TensorPrimitives.Average(scores)) / deviation : 0;
}
