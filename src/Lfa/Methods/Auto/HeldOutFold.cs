using System.Numerics.Tensors;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>What every expert, fitted without some images, says of them: the logits of one fold.</summary>
/// <remarks>The logits of an image lie together, experts × classes, since everything asked of them goes image by image.</remarks>
internal sealed class HeldOutFold
{
    private readonly float[] _logits;

    private HeldOutFold(float[] logits, int experts, int classes, int[] labels, int[] images) =>
        (_logits, Experts, Classes, Labels, Images) = (logits, experts, classes, labels, images);

    /// <summary>Gets the number of experts.</summary>
    public int Experts { get; }

    /// <summary>Gets the number of classes that compete for these images.</summary>
    public int Classes { get; }

    /// <summary>Gets the class of each held-out image among them.</summary>
    public int[] Labels { get; }

    /// <summary>Gets the row of each held-out image in the whole task.</summary>
    public int[] Images { get; }

    /// <summary>Gets the experts, where they are needed beyond their scores; else null.</summary>
    public FittedExpert[]? Fitted { get; private init; }

    /// <summary>Gets the size of each expert's head; 0 for a transform.</summary>
    public double[] HeadSizes { get; private init; } = [];

    /// <summary>Gets the number of held-out images.</summary>
    public int Count => Labels.Length;

    /// <summary>Scores held-out images by all experts.</summary>
    /// <param name="experts">The experts, fitted to other images.</param>
    /// <param name="held">The held-out images and the classes that compete for them.</param>
    /// <param name="rows">The rows of the images in the whole task.</param>
    /// <param name="temperature">The temperature of the transforms' logits.</param>
    /// <param name="threads">The number of threads at most.</param>
    /// <param name="images">The images as they are, for heads. Default: those of <paramref name="held"/>.</param>
    /// <param name="keepsExperts">Whether the experts are needed beyond their scores. Default: false.</param>
    public static HeldOutFold Of(FittedExpert[] experts, FeatureSet held, int[] rows, double temperature, int threads, Matrix? images = null, bool keepsExperts = false)
    {
        var (classes, stride) = (held.ClassCount, experts.Length * held.ClassCount);
        var logits = new float[checked(held.SampleCount * stride)];
        for (var e = 0; e < experts.Length; e++)
        {
            var scores = experts[e].Score(held, images ?? held.ImageFeatures, temperature, threads);
            for (var i = 0; i < held.SampleCount; i++)
            {
                // A part common to all classes changes no probability, but its square would drown the curvature.
                var row = logits.AsSpan((i * stride) + (e * classes), classes);
                TensorPrimitives.Subtract(scores.Row(i), TensorPrimitives.Sum(scores.Row(i)) / classes, row);
            }
        }
        return new HeldOutFold(logits, experts.Length, classes, held.Labels.ToArray(), rows) { Fitted = keepsExperts ? experts : null, HeadSizes = [.. experts.Select(expert => expert.Head?.Size ?? 0)] };
    }

    /// <summary>Gets the logits of one image, experts × classes.</summary>
    public ReadOnlySpan<float> Of(int image) => _logits.AsSpan(image * Experts * Classes, Experts * Classes);

    /// <summary>Blends the logits of one image.</summary>
    /// <param name="image">The image in the fold, from 0.</param>
    /// <param name="weights">The weights of the experts.</param>
    /// <param name="blend">Receives the blend, a value a class.</param>
    public void Blend(int image, ReadOnlySpan<double> weights, Span<float> blend)
    {
        var logits = Of(image);
        blend.Clear();
        for (var e = 0; e < weights.Length; e++)
        {
            if (weights[e] != 0)
                TensorPrimitives.MultiplyAdd(logits.Slice(e * Classes, Classes), (float)weights[e], blend, blend);
        }
    }

    /// <summary>Returns how far the logits of an expert lie apart: their mean deviation over the classes of an image.</summary>
    public double Spread(int expert)
    {
        var sum = 0.0;
        for (var i = 0; i < Count; i++)
            sum += TensorPrimitives.StdDev(Of(i).Slice(expert * Classes, Classes));
        return sum / Count;
    }
}
