using System.Numerics.Tensors;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Baselines;

/// <summary>
/// Classifies by class prototypes and a cache of keys with classes: logits 100·x·Yᵀ + α Σ_j exp(−b(1 − x·f_j)) e_{ℓ_j}.
/// </summary>
internal sealed class CacheClassifier(Matrix prototypes, Matrix keys, ReadOnlyMemory<int> labels, double weight, double sharpness) : IClassifier
{
    private const int BlockRows = 512;

    public int ClassCount => prototypes.Rows;

    public int Dimension => prototypes.Columns;

    public Matrix Logits(Matrix features, int threads = 0)
    {
        Scores.ThrowIfNotOf(features, Dimension);
        threads = Threads.Resolve(threads);
        var logits = Scores.ZeroShot(features, prototypes, threads);
        for (var start = 0; start < features.Rows; start += BlockRows)
        {
            var block = features.Slice(start, Math.Min(BlockRows, features.Rows - start));
            var affinities = Affinities(block, keys, sharpness, threads);
            AddVotes(affinities, labels, weight, logits.AsMemory(start * ClassCount, block.Rows * ClassCount), threads);
        }
        return new Matrix(logits, features.Rows, ClassCount);
    }

    /// <summary>Computes exp(−b(1 − x·f)) for all pairs, by rows.</summary>
    public static float[] Affinities(Matrix features, Matrix keys, double sharpness, int threads)
    {
        var affinities = Scores.Cosines(features, keys, threads);
        ParallelLoop.For(features.Rows, threads, new Rows(affinities, keys.Rows, (float)sharpness), static (rows, i) => rows.Exponentiate(i));
        return affinities;
    }

    /// <summary>Adds the affinities of the keys of each class, times a weight, to the logits.</summary>
    public static void AddVotes(float[] affinities, ReadOnlyMemory<int> labels, double weight, Memory<float> logits, int threads)
    {
        var rows = affinities.Length / labels.Length;
        ParallelLoop.For(rows, threads, new Votes(affinities, labels, (float)weight, logits, logits.Length / rows), static (votes, i) => votes.Add(i));
    }

    private sealed record Rows(float[] Values, int Columns, float Sharpness)
    {
        public void Exponentiate(int row)
        {
            var values = Values.AsSpan(row * Columns, Columns);
            TensorPrimitives.Subtract(values, 1, values);
            TensorPrimitives.Multiply(values, Sharpness, values);
            TensorPrimitives.Exp(values, values);
        }
    }

    private sealed record Votes(float[] Affinities, ReadOnlyMemory<int> Labels, float Weight, Memory<float> Logits, int Classes)
    {
        public void Add(int row)
        {
            var labels = Labels.Span;
            var affinities = Affinities.AsSpan(row * labels.Length, labels.Length);
            var logits = Logits.Span.Slice(row * Classes, Classes);
            for (var j = 0; j < labels.Length; j++)
                logits[labels[j]] += Weight * affinities[j];
        }
    }
}
