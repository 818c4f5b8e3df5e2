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

    /// <summary>Finds the classes of highest score, the highest first: five, or as many as are wanted or exist.</summary>
    public static int[] Rank(ReadOnlySpan<float> scores, int wanted = TopK.Ranked)
    {
        var classes = new int[Math.Min(Math.Max(wanted, TopK.Ranked), scores.Length)];
        TopK.Select(scores, classes);
        return classes;
    }

    /// <summary>Measures the accuracy of a transform on labelled images.</summary>
    public static Accuracy Accuracy(FeatureSet test, Transform transform, FeatureMatrix prototypes, int threads)
    {
        var (first, five) = (0, 0);
        foreach (var (start, scores) in Blocks(test.ImageFeatures, transform, prototypes, threads))
        {
            for (var i = 0; i < scores.Rows; i++)
            {
                var place = Rank(scores.Row(i)).IndexOf(test.Labels.Span[start + i]);
                first += place == 0 ? 1 : 0;
                five += place >= 0 ? 1 : 0;
            }
        }
        return new Accuracy(100.0 * first / test.SampleCount, 100.0 * five / test.SampleCount);
    }
}
