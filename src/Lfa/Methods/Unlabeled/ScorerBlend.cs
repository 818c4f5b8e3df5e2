using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>Blends classifiers of the same class prototypes by weights on their logits, and sees each as an expert.</summary>
internal static class ScorerBlend
{
    /// <summary>Takes a classifier as an expert: a head that gives its logits.</summary>
    /// <param name="name">The name of the expert.</param>
    /// <param name="scorer">The classifier.</param>
    /// <param name="task">The images it was fitted to.</param>
    public static FittedExpert ToExpert(string name, AlignedScorer scorer, AutoTask task) =>
        new(name, new LinearHead(scorer.AdaptedPrototypes(), scorer.Residual?.Biases ?? default).Times(Scale(scorer, task)));

    /// <summary>Blends classifiers to one of scores of weight 1, whose transform and residual head are theirs, blended; the first tells how new classes are scored.</summary>
    /// <param name="scorers">The classifiers.</param>
    /// <param name="weights">Their weights on the logits of <see cref="ToExpert"/>; one at least is above 0.</param>
    /// <param name="task">The images.</param>
    public static AlignedScorer Of(AlignedScorer[] scorers, double[] weights, AutoTask task)
    {
        double[] factors = [.. scorers.Zip(weights, (scorer, weight) => weight * Scale(scorer, task))];
        double[] parts = [.. factors.Select(factor => factor / factors.Sum())];
        var (values, residual) = (new float[scorers[0].Transform.Matrix.Values.Length], (LinearHead?)null);
        foreach (var (scorer, part) in scorers.Zip(parts).Where(pair => pair.Second > 0))
        {
            TensorPrimitives.MultiplyAdd(scorer.Transform.Matrix.Values.Span, (float)part, values, values);
            if (scorer.Residual?.Times(part) is { } head)
                residual = residual?.Plus(head) ?? head;
        }
        var transform = new Transform(new Matrix(values, scorers[0].Dimension, scorers[0].Transform.OutputDimension));
        var temperature = 1 / (factors.Sum() * (residual is null ? BlendedExperts.MeanLength(transform, task) : 1));
        var newClasses = scorers[0].NewClasses ?? new NewClassScoring(scorers[0].Transform, scorers[0].Temperature);
        return new AlignedScorer(transform, scorers[0].ClassPrototypes, temperature, residual, newClasses);
    }

    /// <summary>The factor from linear scores to logits; without a residual head x·W is scaled to unit length, here on average.</summary>
    private static double Scale(AlignedScorer scorer, AutoTask task) => 1 / (scorer.Temperature * (scorer.Residual is null ? BlendedExperts.MeanLength(scorer.Transform, task) : 1));
}
