using System.Numerics.Tensors;
using Lfa.Alignment;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>
/// Computes the scores by which images are classified, normalize(X·W)·Yᵀ: the cosines between transformed features and
/// prototypes; or those of one linear head, normalize(X)·Hᵀ + b.
/// </summary>
/// <remarks>Blocks of rows go through the same buffers, so memory does not grow with the number of images.</remarks>
internal sealed class CosineScorer
{
    private const int BlockRows = 1024;
    private const int ChunkRows = 96;

    private readonly MatrixProduct<float>? _byTransform;
    private readonly MatrixProduct<float> _byPrototypesTransposed = MatrixProducts.Single();
    private readonly int _dimension;
    private readonly int _classes;
    private readonly int _threads;
    private readonly ReadOnlyMemory<float> _biases;
    private float[] _projected = [];
    private float[] _scores = [];
    private Matrix _block = null!;

    public CosineScorer(Transform transform, Matrix prototypes, int threads)
    {
        (_dimension, _classes, _threads) = (prototypes.Columns, prototypes.Rows, threads);
        _byTransform = MatrixProducts.Single();
        _byTransform.Pack(transform.Matrix.AsOperand(), threads);
        _byPrototypesTransposed.Pack(prototypes.AsOperand().Transpose(), threads);
    }

    public CosineScorer(LinearClassifier head, int threads)
    {
        (_dimension, _classes, _threads, _biases) = (head.Dimension, head.ClassCount, threads, head.Biases);
        _byPrototypesTransposed.Pack(head.Weights.AsOperand().Transpose(), threads);
    }

    /// <summary>Scores images block by block.</summary>
    /// <param name="features">The image features, n × d.</param>
    /// <returns>The first row of each block and its scores, count × C, which are valid until the next block is asked for.</returns>
    public IEnumerable<(int Start, Matrix Scores)> Blocks(Matrix features)
    {
        for (var start = 0; start < features.Rows; start += BlockRows)
            yield return (start, Score(features.Slice(start, Math.Min(BlockRows, features.Rows - start))));
    }

    /// <summary>Finds the classes of highest score, the highest first: five, or as many as are wanted or exist.</summary>
    public static int[] Rank(ReadOnlySpan<float> scores, int wanted = TopK.Ranked)
    {
        var classes = new int[Math.Min(Math.Max(wanted, TopK.Ranked), scores.Length)];
        TopK.Select(scores, classes);
        return classes;
    }

    /// <summary>Measures the accuracy on labeled images.</summary>
    public Accuracy Accuracy(FeatureSet test)
    {
        var (first, five) = (0, 0);
        foreach (var (start, scores) in Blocks(test.ImageFeatures))
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

    private Matrix Score(Matrix block)
    {
        if (_scores.Length < block.Rows * _classes)
            (_projected, _scores) = (new float[block.Rows * _dimension], new float[checked(block.Rows * _classes)]);
        _block = block;
        ParallelLoop.For((block.Rows + ChunkRows - 1) / ChunkRows, _threads, this, static (scorer, chunk) => scorer.ScoreChunk(chunk));
        return new Matrix(_scores.AsMemory(0, block.Rows * _classes), block.Rows, _classes);
    }

    private void ScoreChunk(int chunk)
    {
        var start = chunk * ChunkRows;
        var features = _block.Slice(start, Math.Min(ChunkRows, _block.Rows - start));
        var projected = _projected.AsSpan(start * _dimension, features.Rows * _dimension);
        if (_byTransform is null)
            features.Values.Span.CopyTo(projected);
        else
            _byTransform.MultiplyPacked(features.Values.Span, features.Rows, projected);
        Matrix.NormalizeRows(projected, _dimension);
        var scores = _scores.AsSpan(start * _classes, features.Rows * _classes);
        _byPrototypesTransposed.MultiplyPacked(projected, features.Rows, scores);
        for (; _biases.Length > 0 && scores.Length > 0; scores = scores[_classes..])
            TensorPrimitives.Add(scores[.._classes], _biases.Span, scores);
    }
}
