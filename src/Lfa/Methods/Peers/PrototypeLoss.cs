using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;

namespace Lfa.Methods;

/// <summary>
/// Computes the mean cross-entropy of the logits 100 · cos(x, v_c) for prototypes v of any length, and its gradient in them.
/// </summary>
internal sealed class PrototypeLoss(FeatureSet task, int threads)
{
    private readonly CrossEntropy _loss = new(task.ImageFeatures, task.Labels, task.ClassCount, Scores.Scale, threads);
    private readonly float[] _unit = new float[task.ClassPrototypes.Values.Length];

    /// <summary>Computes the loss.</summary>
    /// <param name="prototypes">The prototypes v, C × d.</param>
    /// <param name="gradient">Receives the gradient in them, C × d.</param>
    public double Evaluate(ReadOnlySpan<float> prototypes, Memory<float> gradient)
    {
        prototypes.CopyTo(_unit);
        Matrix.NormalizeRows(_unit, task.Dimension);
        var loss = _loss.Evaluate(_unit, gradient);
        for (var start = 0; start < _unit.Length; start += task.Dimension)
        {
            // From the gradient g in v / ‖v‖ to the one in v: (g − (g·v̂) v̂) / ‖v‖.
            var unit = _unit.AsSpan(start, task.Dimension);
            var g = gradient.Span.Slice(start, task.Dimension);
            TensorPrimitives.MultiplyAdd(unit, -TensorPrimitives.Dot<float>(g, unit), g, g);
            TensorPrimitives.Divide(g, TensorPrimitives.Norm(prototypes.Slice(start, task.Dimension)), g);
        }
        return loss;
    }

    /// <summary>Makes the scorer of logits 100 · cos(x, v_c).</summary>
    public static LinearScorer ToScorer(float[] prototypes, FeatureSet task)
    {
        var weights = (float[])prototypes.Clone();
        Matrix.NormalizeRows(weights, task.Dimension);
        TensorPrimitives.Multiply(weights, Scores.Scale, weights);
        return new LinearScorer(new LinearHead(new Matrix(weights, task.ClassCount, task.Dimension)));
    }
}
