using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Validation;

namespace Lfa.Methods;

/// <summary>
/// Finds the temperature of a classifier that saw no label: the one at which it is as sure, on average over images, as zero-shot
/// classification is at the temperature of the encoder.
/// </summary>
/// <remarks>How sure is the mean entropy of the probabilities, which rises with the temperature.</remarks>
internal static class EntropyMatching
{
    /// <summary>The scores of enough images to know a mean, in a tenth of a second.</summary>
    public const int MostScores = 1 << 20;

    private const double WidestFactor = 100;
    private const double Precision = 1e-4;

    /// <summary>Finds the temperature.</summary>
    /// <param name="scorer">The scorer; its own temperature does not matter.</param>
    /// <param name="images">The images, and the temperature of the encoder.</param>
    /// <param name="context">The seed by which images are drawn where there are many, and the threads.</param>
    public static double Fit(AlignedScorer scorer, FeatureSet images, FitContext context) =>
        Fit(drawn => scorer.WithTemperature(1).Logits(images.ImageFeatures.SelectRows(drawn), context.MaxDegreeOfParallelism), images, context);

    /// <summary>Finds the temperature.</summary>
    /// <param name="score">Returns the scores of some of the images, by their rows.</param>
    /// <param name="images">The images, and the temperature of the encoder.</param>
    /// <param name="context">The seed by which images are drawn where there are many, and the threads.</param>
    public static double Fit(Func<int[], Matrix> score, FeatureSet images, FitContext context)
    {
        var (drawn, temperature) = (FoldTask.Draw([.. Enumerable.Range(0, images.SampleCount)], Math.Max(1, MostScores / images.ClassCount), context.Seed), images.Temperature);
        var wanted = Entropy(new LinearHead(images.ClassPrototypes).Apply(images.ImageFeatures.SelectRows(drawn), context.MaxDegreeOfParallelism), temperature);
        var scores = score(drawn);
        var (low, high) = (Math.Log(temperature / WidestFactor), Math.Log(temperature * WidestFactor));
        if (!(Entropy(scores, Math.Exp(low)) < Entropy(scores, Math.Exp(high))))
            return temperature; // One class, or classes that are alike: no temperature changes a probability.
        while (high - low > Precision)
        {
            var middle = (low + high) / 2;
            (low, high) = Entropy(scores, Math.Exp(middle)) < wanted ? (middle, high) : (low, middle);
        }
        return Math.Exp((low + high) / 2);
    }

    /// <summary>Computes the mean over the rows of log Σ e^l − Σ p·l for the logits l = s / τ.</summary>
    private static double Entropy(Matrix scores, double temperature)
    {
        var (logits, weights, sum) = (new float[scores.Columns], new float[scores.Columns], 0.0);
        for (var i = 0; i < scores.Rows; i++)
        {
            TensorPrimitives.Subtract(scores.Row(i), TensorPrimitives.Max(scores.Row(i)), logits);
            TensorPrimitives.Multiply(logits, (float)(1 / temperature), logits);
            TensorPrimitives.Exp(logits, weights);
            var total = TensorPrimitives.Sum<float>(weights);
            sum += Math.Log(total) - (TensorPrimitives.Dot<float>(weights, logits) / total);
        }
        return sum / scores.Rows;
    }
}
