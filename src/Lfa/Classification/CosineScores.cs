using Lfa.Alignment;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>Computes the scores by which images are classified: the cosines between transformed features and prototypes.</summary>
internal static class CosineScores
{
    // Rows scored at a time: bounds the memory whatever the number of images.
    public const int BlockRows = 1024;

    /// <summary>Computes normalize(X · W) · Yᵀ, n × C.</summary>
    public static FeatureMatrix Of(FeatureMatrix features, Transform transform, FeatureMatrix prototypes, int threads)
    {
        var projected = transform.Apply(features, threads);
        var unit = System.Runtime.InteropServices.MemoryMarshal.AsMemory(projected.Values);
        FeatureMatrix.NormalizeRows(unit.Span, projected.Columns);
        var scores = new float[checked(features.Rows * prototypes.Rows)];
        MatrixProducts.Single().Multiply(projected.AsOperand(), prototypes.AsOperand().Transpose(), scores, threads);
        return new FeatureMatrix(scores, features.Rows, prototypes.Rows);
    }

    /// <summary>Scores the images block by block.</summary>
    public static IEnumerable<(int Start, FeatureMatrix Scores)> Blocks(FeatureMatrix features, Transform transform, FeatureMatrix prototypes, int threads)
    {
        for (var start = 0; start < features.Rows; start += BlockRows)
        {
            var block = features.Slice(start, Math.Min(BlockRows, features.Rows - start));
            yield return (start, Of(block, transform, prototypes, threads));
        }
    }

    /// <summary>Returns how many classes come before the given one, from 0; of equal scores the smaller class comes first.</summary>
    public static int Rank(ReadOnlySpan<float> scores, int label)
    {
        var (own, rank) = (scores[label], 0);
        for (var c = 0; c < scores.Length; c++)
        {
            if (scores[c] > own || (scores[c] == own && c < label))
                rank++;
        }
        return rank;
    }

    /// <summary>Measures the accuracy of a transform on labelled images.</summary>
    public static Accuracy Accuracy(FeatureSet test, Transform transform, FeatureMatrix prototypes, int threads)
    {
        var (first, five) = (0, 0);
        foreach (var (start, scores) in Blocks(test.ImageFeatures, transform, prototypes, threads))
        {
            for (var i = 0; i < scores.Rows; i++)
            {
                var rank = Rank(scores.Row(i), test.Labels.Span[start + i]);
                first += rank < 1 ? 1 : 0;
                five += rank < 5 ? 1 : 0;
            }
        }
        return new Accuracy(100.0 * first / test.SampleCount, 100.0 * five / test.SampleCount);
    }
}
