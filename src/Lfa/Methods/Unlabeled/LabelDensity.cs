using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>
/// Judges labels by how likely they make the images: log Σ_c π_c · N(x; μ_c, σ²·I), with the shares π and means μ of the labeled images
/// but x.
/// </summary>
/// <remarks>
/// Labels that cut a cluster of images in two, or join two, make images less likely, whether or not zero-shot classification agrees
/// with them. An image of all images' mean is added to each class, so that one without another image has a mean, too. σ² is what
/// images deviate from the mean of the others of their label, a mean over images and components. Constants are left out.
/// </remarks>
internal static class LabelDensity
{
    // Enough images to know a mean, in a tenth of a second.
    private const int MostScores = 1 << 20;
    private const double StandardErrors = 2;
    // Images that are copies of each other deviate by rounding only.
    private const double SmallestVariance = 1e-9;

    /// <summary>Tells whether labels make the images likelier than others do, beyond noise.</summary>
    /// <param name="images">The image features, n × d, rows of unit length.</param>
    /// <param name="labels">The labels, n values.</param>
    /// <param name="others">The labels to compare with, n values.</param>
    /// <param name="classes">The number of classes C.</param>
    /// <param name="context">The seed by which images are drawn where there are many, and the threads.</param>
    public static bool IsHigher(Matrix images, ReadOnlySpan<int> labels, ReadOnlySpan<int> others, int classes, FitContext context)
    {
        var rows = FoldTask.Draw([.. Enumerable.Range(0, images.Rows)], Math.Max(2, MostScores / classes), context.Seed);
        double[] gains = [.. Of(images, labels, classes, rows, context).Zip(Of(images, others, classes, rows, context), (own, other) => own - other)];
        var mean = gains.Average();
        return mean > StandardErrors * Math.Sqrt(gains.Sum(gain => (gain - mean) * (gain - mean)) / (gains.Length - 1) / gains.Length);
    }

    /// <summary>Computes the logarithm of the density of some images.</summary>
    internal static double[] Of(Matrix images, ReadOnlySpan<int> labels, int classes, int[] rows, FitContext context)
    {
        var (means, counts) = Means(images, labels, classes);
        var (drawn, own) = (images.SelectRows(rows), labels.ToArray());
        double[] lengths = [.. Enumerable.Range(0, classes).Select(c => (double)TensorPrimitives.SumOfSquares(means.Row(c)))];
        var scores = new LinearHead(means).Apply(drawn, context.MaxDegreeOfParallelism);
        double Distance(int i, int c) => 1 - (2 * scores[i, c]) + lengths[c];
        // Without the image the mean of its class is as much farther as it pulls at it.
        double OwnDistance(int i) => Distance(i, own[rows[i]]) * Square((counts[own[rows[i]]] + 1.0) / counts[own[rows[i]]]);
        var variance = Math.Max(SmallestVariance, Enumerable.Range(0, rows.Length).Average(OwnDistance) / images.Columns);
        return [.. Enumerable.Range(0, rows.Length).Select(i =>
        {
            var logits = new double[classes];
            for (var c = 0; c < classes; c++)
            {
                var isOwn = c == own[rows[i]];
                logits[c] = Math.Log(counts[c] + (isOwn ? 0 : 1)) - ((isOwn ? OwnDistance(i) : Distance(i, c)) / (2 * variance));
            }
            var largest = TensorPrimitives.Max<double>(logits);
            return largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest))) - (images.Columns / 2.0 * Math.Log(variance));
        })];
    }

    private static (Matrix Means, int[] Counts) Means(Matrix images, ReadOnlySpan<int> labels, int classes)
    {
        var (sums, counts, all) = (new float[classes * images.Columns], new int[classes], new float[images.Columns]);
        for (var i = 0; i < images.Rows; i++)
        {
            counts[labels[i]]++;
            TensorPrimitives.MultiplyAdd(images.Row(i), 1f / images.Rows, all, all);
            var sum = sums.AsSpan(labels[i] * images.Columns, images.Columns);
            TensorPrimitives.Add(sum, images.Row(i), sum);
        }
        for (var c = 0; c < classes; c++)
        {
            var sum = sums.AsSpan(c * images.Columns, images.Columns);
            TensorPrimitives.Add(sum, all, sum);
            TensorPrimitives.Divide(sum, counts[c] + 1f, sum);
        }
        return (new Matrix(sums, classes, images.Columns), counts);
    }

    private static double Square(double value) => value * value;
}
