using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Methods;

/// <summary>The part of an automatic choice that the weights of prompts have (<see cref="PromptWeights"/>): class prototypes Y_w in place of the means Ȳ of the prompts.</summary>
/// <remarks>The scorer keeps Ȳ, by which classes are known and which new ones have; (Y_w − Ȳ)·Wᵀ joins its residual head.</remarks>
internal static class WeighedPrompts
{
    /// <summary>The name of that part among the experts of a blend.</summary>
    public const string Name = "weighed prompts";

    /// <summary>Computes the class prototypes Y_w, C × d.</summary>
    /// <param name="images">The labeled images with the prompts.</param>
    public static Matrix Prototypes(FeatureSet images) => images.Prompts!.ToPrototypes(PromptWeights.Of(images.Prompts, images));

    /// <summary>Adds to a choice that was made with Y_w what they score beside Ȳ.</summary>
    public static AutoOutcome AddTo(AutoOutcome outcome, AutoTask task)
    {
        var difference = new float[task.Aligned.ClassPrototypes.Values.Length];
        TensorPrimitives.Subtract(task.Aligned.ClassPrototypes.Values.Span, task.Images.ClassPrototypes.Values.Span, difference);
        var (classes, dimension, head) = (task.Images.ClassCount, task.Images.Dimension, new float[difference.Length]);
        MatrixProducts.Single().Multiply(new Matrix(difference, classes, dimension).AsOperand(), outcome.Transform.Matrix.AsOperand().Transpose(), head, task.Threads);
        var residual = new LinearHead(new Matrix(head, classes, dimension));
        return outcome with
        {
            Residual = outcome.Residual is null ? residual : outcome.Residual.Plus(residual),
            Blend = [.. outcome.Blend, new ExpertWeight(Name, 1)],
            Selection = outcome.Selection with { PromptWeights = MeanWeights(task.Images) },
        };
    }

    private static double[] MeanWeights(FeatureSet images)
    {
        var means = new double[images.Prompts!.PerClass];
        foreach (var (i, weight) in PromptWeights.Of(images.Prompts, images).Index())
            means[i % means.Length] += (double)weight / images.ClassCount;
        return means;
    }
}
