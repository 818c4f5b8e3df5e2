using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Methods;

/// <summary>An expert, fitted to examples.</summary>
public sealed class FittedExpert
{
    /// <summary>Initializes an expert that is a transform W, whose logits are x·W·Yᵀ over the temperature of the encoder.</summary>
    /// <param name="name">The name of the candidate.</param>
    /// <param name="transform">The transform.</param>
    public FittedExpert(string name, Transform transform) => (Name, Transform) = (name, transform ?? throw new ArgumentNullException(nameof(transform)));

    /// <summary>Initializes an expert that is a head, whose logits are x·Hᵀ + b.</summary>
    /// <param name="name">The name of the candidate.</param>
    /// <param name="head">The head.</param>
    public FittedExpert(string name, LinearHead head) => (Name, Head) = (name, head ?? throw new ArgumentNullException(nameof(head)));

    /// <summary>Gets the name of the candidate.</summary>
    public string Name { get; }

    /// <summary>Gets the transform; null for a head.</summary>
    public Transform? Transform { get; }

    /// <summary>Gets the head; null for a transform.</summary>
    public LinearHead? Head { get; }

    /// <summary>Computes the logits of images.</summary>
    /// <param name="aligned">The images and the classes that compete for them, in one space.</param>
    /// <param name="images">The images as they are, for a head.</param>
    /// <param name="temperature">The temperature of the encoder.</param>
    /// <param name="threads">The number of threads at most.</param>
    internal Matrix Score(FeatureSet aligned, Matrix images, double temperature, int threads)
    {
        if (Head is not null)
            return Head.Apply(images, threads);
        var projected = Transform!.Apply(aligned.ImageFeatures, threads);
        var scores = new float[aligned.SampleCount * aligned.ClassCount];
        MatrixProducts.Single().Multiply(projected.AsOperand(), aligned.ClassPrototypes.AsOperand().Transpose(), scores, threads);
        TensorPrimitives.Divide(scores, (float)temperature, scores);
        return new Matrix(scores, aligned.SampleCount, aligned.ClassCount);
    }
}
