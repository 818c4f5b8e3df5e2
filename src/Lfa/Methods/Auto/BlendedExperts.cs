using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Methods;

/// <summary>Experts, fitted to all images and blended: the transforms to one, the heads to a residual head beside it.</summary>
internal sealed class BlendedExperts
{
    private BlendedExperts(Transform transform, LinearHead? residual, double temperature, IReadOnlyList<ExpertWeight> weights) =>
        (Transform, Residual, Temperature, Weights) = (transform, residual, temperature, weights);

    /// <summary>Gets the blend of the transforms, whose weights are scaled to add up to 1.</summary>
    public Transform Transform { get; }

    /// <summary>Gets the blend of the heads in units of the scores; null where none has a weight.</summary>
    public LinearHead? Residual { get; }

    /// <summary>Gets the temperature at which the scores are the blended logits, on average.</summary>
    public double Temperature { get; }

    /// <summary>Gets the experts that have a weight.</summary>
    public IReadOnlyList<ExpertWeight> Weights { get; }

    /// <summary>Blends the candidates.</summary>
    /// <param name="experts">The candidates, fitted to all images.</param>
    /// <param name="weights">Their weights on logits at the temperature of the encoder.</param>
    /// <param name="task">The images, and the temperature.</param>
    public static BlendedExperts Of(FittedExpert[] experts, double[] weights, AutoTask task)
    {
        var scale = TransformWeight(experts, weights);
        var temperature = task.Temperature / scale;
        var blend = experts.Zip(weights, (expert, weight) => new ExpertWeight(expert.Name, expert.Head is null ? weight / scale : weight * temperature)).ToArray();
        LinearHead? residual = null;
        foreach (var (expert, part) in experts.Zip(blend).Where(pair => pair.First.Head is not null && pair.Second.Weight > 0))
            residual = residual is null ? expert.Head!.Times(part.Weight) : residual.Plus(expert.Head!.Times(part.Weight));
        var transform = ToTransform(experts, weights, task.Aligned.Dimension);
        return new BlendedExperts(transform, residual, residual is null && !task.WeighsPrompts ? temperature / MeanLength(transform, task) : temperature, [.. blend.Where(part => part.Weight > 0)]);
    }

    /// <summary>Blends the transforms among the candidates, whose weights are scaled to add up to 1.</summary>
    public static Transform ToTransform(FittedExpert[] experts, double[] weights, int dimension)
    {
        var (values, scale) = (new float[dimension * dimension], TransformWeight(experts, weights));
        foreach (var (expert, weight) in experts.Zip(weights))
        {
            if (expert.Transform is { } part)
                TensorPrimitives.MultiplyAdd(part.Matrix.Values.Span, (float)(weight / scale), values, values);
        }
        return new Transform(new Matrix(values, dimension, dimension));
    }

    /// <summary>Blends the candidates to one head, in units of the scores.</summary>
    public static LinearHead ToHead(FittedExpert[] experts, double[] weights, AutoTask task)
    {
        // (x·W)·Yᵀ = x·(Y·Wᵀ)ᵀ.
        var transform = ToTransform(experts, weights, task.Aligned.Dimension).Matrix;
        var prototypes = new float[task.Aligned.ClassCount * transform.Rows];
        MatrixProducts.Single().Multiply(task.Aligned.ClassPrototypes.AsOperand(), transform.AsOperand().Transpose(), prototypes, task.Threads);
        var head = new LinearHead(new Matrix(prototypes, task.Aligned.ClassCount, transform.Rows)).Times(TransformWeight(experts, weights));
        return experts.Zip(weights).Where(pair => pair.First.Head is not null && pair.Second > 0).Aggregate(head, (sum, pair) => sum.Plus(pair.First.Head!.Times(pair.Second * task.Temperature)));
    }

    /// <summary>Without a residual head the classifier scales x·W to unit length: its logits then are those of the blend on average.</summary>
    public static double MeanLength(Transform transform, AutoTask task)
    {
        var projected = transform.Apply(task.Aligned.ImageFeatures, task.Threads);
        return Enumerable.Range(0, projected.Rows).Average(i => (double)TensorPrimitives.Norm(projected.Row(i)));
    }

    private static double TransformWeight(FittedExpert[] experts, double[] weights) => experts.Zip(weights).Where(pair => pair.First.Transform is not null).Sum(pair => pair.Second);
}
