using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Baselines;

/// <summary>The products of features that several baselines need.</summary>
internal static class Scores
{
    /// <summary>The scale of zero-shot logits: that of CLIP, 100.</summary>
    public const float Scale = (float)(1 / LfaClassifier.DefaultTemperature);

    /// <summary>Computes A·Bᵀ for matrices of rows of one dimension: cosines, where the rows have unit length.</summary>
    public static float[] Cosines(Matrix a, Matrix b, int threads)
    {
        var cosines = new float[checked(a.Rows * b.Rows)];
        MatrixProducts.Single().Multiply(a.AsOperand(), b.AsOperand().Transpose(), cosines, threads);
        return cosines;
    }

    /// <summary>Computes the zero-shot logits 100·X·Yᵀ, n × C.</summary>
    public static float[] ZeroShot(Matrix features, Matrix prototypes, int threads)
    {
        var logits = Cosines(features, prototypes, threads);
        TensorPrimitives.Multiply(logits, Scale, logits);
        return logits;
    }

    /// <summary>Computes the softmax of logits of any size, which may be done in place.</summary>
    public static void ToProbabilities(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max(logits), probabilities);
        TensorPrimitives.Exp(probabilities, probabilities);
        TensorPrimitives.Divide(probabilities, TensorPrimitives.Sum<float>(probabilities), probabilities);
    }

    /// <summary>Counts the images of each class.</summary>
    public static int[] Counts(FeatureSet task)
    {
        var counts = new int[task.ClassCount];
        foreach (var label in task.Labels.Span)
            counts[label]++;
        return counts;
    }

    /// <summary>Throws for features that a classifier cannot take.</summary>
    public static void ThrowIfNotOf(Matrix features, int dimension)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Columns != dimension)
            throw new ArgumentException(Invariant($"features is {features.Rows} × {features.Columns} but the classifier takes {dimension} columns; the features must come from the encoder it was fitted with."));
    }
}
