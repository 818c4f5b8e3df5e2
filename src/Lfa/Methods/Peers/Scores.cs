using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Methods;

/// <summary>The products of features that several baselines need.</summary>
internal static class Scores
{
    /// <summary>The scale of zero-shot logits: that of CLIP, 100.</summary>
    public const float Scale = (float)(1 / Scorer.DefaultTemperature);

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

    /// <summary>Counts the images of each class.</summary>
    public static int[] Counts(FeatureSet task)
    {
        var counts = new int[task.ClassCount];
        foreach (var label in task.Labels.Span)
            counts[label]++;
        return counts;
    }

    /// <summary>Computes exp(−b(1 − x·f)) for all pairs, by rows.</summary>
    public static float[] Affinities(Matrix features, Matrix keys, double sharpness, int threads)
    {
        var affinities = Cosines(features, keys, threads);
        ParallelLoop.For(features.Rows, threads, affinities, (values, i) => KernelScorer.ToAffinities(values.AsSpan(i * keys.Rows, keys.Rows), sharpness));
        return affinities;
    }
}
