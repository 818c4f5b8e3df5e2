using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>
/// Weighs the prompts of each class by its images. With the embedding t_cp of prompt p of class c, the mean t̄_p of that prompt
/// over the classes, the mean μ_c of the n_c images of the class and the mean μ̄ of those,
/// <code>
/// q_cp = cos(t_cp − t̄_p, μ_c − μ̄)
/// w_c = softmax_p(30 · q̄_p + 5 · √n_c · (q_cp − q̄_p))
/// </code>
/// where q̄_p, the mean of q_cp over the classes, says what a template is worth to all of them.
/// </summary>
/// <remarks>
/// Less the means, neither the modality gap nor what a template has in common for all classes counts, only what tells classes
/// apart. What few images say of their own class is mostly noise; a class without images has the weights of the templates.
/// </remarks>
internal static class PromptWeights
{
    // On training files alike from 15 to 60, and from 5 to 10; the less by class, the better for weak encoders.
    private const double ByTemplate = 30;
    private const double ByClass = 5;

    /// <summary>Computes the weights.</summary>
    /// <param name="prompts">The prompts of C classes, P each.</param>
    /// <param name="images">The labeled images of these classes, in the space of the prompts.</param>
    /// <returns>The weights, C × P; those of a class add up to 1.</returns>
    public static float[] Of(ClassPrompts prompts, FeatureSet images)
    {
        var counts = new int[images.ClassCount];
        foreach (var label in images.Labels.Span)
            counts[label]++;
        var cosines = Cosines(prompts, images, counts);
        var templates = cosines.OfType<double[]>().Aggregate(new double[prompts.PerClass], (sum, row) => [.. sum.Zip(row, (a, b) => a + b)]);
        TensorPrimitives.Divide(templates, counts.Count(count => count > 0), templates);
        return [.. cosines.Zip(counts).SelectMany(pair => Weights(templates, pair.First ?? templates, pair.Second))];
    }

    private static float[] Weights(double[] templates, double[] cosines, int count)
    {
        float[] logits = [.. templates.Zip(cosines, (template, cosine) => (float)((ByTemplate * template) + (ByClass * Math.Sqrt(count) * (cosine - template))))];
        Softmax.Apply(logits, temperature: 1);
        return logits;
    }

    /// <summary>Computes q_cp, C × P; null for a class without images.</summary>
    private static double[]?[] Cosines(ClassPrompts prompts, FeatureSet images, int[] counts)
    {
        var (means, templates, difference) = (CenteredMeans(images, counts), TemplateMeans(prompts), new double[images.Dimension]);
        double Cosine(int label, int prompt, double[] mean)
        {
            TensorPrimitives.ConvertTruncating(prompts.Row(label, prompt), difference);
            TensorPrimitives.Subtract(difference, templates[prompt], difference);
            // 0 where either is zero, as of a single class.
            return TensorPrimitives.Norm<double>(difference) * TensorPrimitives.Norm<double>(mean) is var norms and > 0 ? TensorPrimitives.Dot<double>(difference, mean) / norms : 0;
        }
        return [.. means.Select((mean, label) => mean is null ? null : Enumerable.Range(0, prompts.PerClass).Select(prompt => Cosine(label, prompt, mean)).ToArray())];
    }

    /// <summary>Returns the means of the classes less their mean; null for a class without images.</summary>
    private static double[]?[] CenteredMeans(FeatureSet images, int[] counts)
    {
        var sums = CrossProducts.ClassSums(images.ImageFeatures, images.Labels.Span, images.ClassCount);
        double[]?[] means = [.. counts.Select((count, label) => count == 0 ? null : sums.AsSpan(label * images.Dimension, images.Dimension).ToArray())];
        var mean = new double[images.Dimension];
        foreach (var (row, count) in means.Zip(counts).Where(pair => pair.First is not null))
        {
            TensorPrimitives.Divide(row!, count, row!);
            TensorPrimitives.Add(mean, row!, mean);
        }
        TensorPrimitives.Divide(mean, counts.Count(count => count > 0), mean);
        foreach (var row in means.OfType<double[]>())
            TensorPrimitives.Subtract(row, mean, row);
        return means;
    }

    private static double[][] TemplateMeans(ClassPrompts prompts)
    {
        var wide = new double[prompts.Features.Columns];
        double[][] means = [.. Enumerable.Range(0, prompts.PerClass).Select(_ => new double[wide.Length])];
        for (var row = 0; row < prompts.Features.Rows; row++)
        {
            TensorPrimitives.ConvertTruncating(prompts.Features.Row(row), wide);
            TensorPrimitives.Add(means[row % means.Length], wide, means[row % means.Length]);
        }
        foreach (var mean in means)
            TensorPrimitives.Divide(mean, prompts.ClassCount, mean);
        return means;
    }
}
