using System.Numerics.Tensors;
using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Classification;

/// <summary>Scores embeddings against classes: the softmax of its logits, the scores over the temperature τ, are the probabilities of the classes.</summary>
/// <remarks>
/// A scorer is all that classifies: small, immutable, and apart from what a model keeps beside it. The weights are packed for
/// the processor once, at the first call; from then on scoring one embedding into the caller's memory allocates nothing.
/// The length of an embedding does not matter. Instances are safe for use by several threads at once.
/// </remarks>
public abstract class Scorer
{
    /// <summary>The temperature of CLIP's own probabilities: 1 over its logit scale of 100.</summary>
    public const double DefaultTemperature = 0.01;

    private const int BlockRows = 1024;
    // Whole panels of the widest kernels; few enough that two threads end together on a block.
    private const int ChunkRows = 48;

    private protected Scorer(int classCount, int dimension, double temperature)
    {
        Temperatures.ThrowIfNotTemperature(temperature, nameof(temperature));
        (ClassCount, Dimension, Temperature) = (classCount, dimension, temperature);
    }

    /// <summary>Gets the number of classes C.</summary>
    public int ClassCount { get; }

    /// <summary>Gets the number of components d of an embedding.</summary>
    public int Dimension { get; }

    /// <summary>Gets the temperature τ, above 0.</summary>
    public double Temperature { get; private set; }

    /// <summary>Gets the name of the kind of scorer in files.</summary>
    internal abstract string Kind { get; }

    /// <summary>Returns the scorer at another temperature; both share their packed weights.</summary>
    /// <param name="temperature">The temperature τ, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="temperature"/> is not above 0.</exception>
    public Scorer WithTemperature(double temperature)
    {
        Temperatures.ThrowIfNotTemperature(temperature, nameof(temperature));
        var copy = (Scorer)MemberwiseClone();
        copy.Temperature = temperature;
        return copy;
    }

    /// <summary>Returns the scorer of some of the classes, which then compete among themselves.</summary>
    /// <param name="classes">The classes, from 0 to C − 1, in their new order.</param>
    public abstract Scorer SelectClasses(ReadOnlySpan<int> classes);

    /// <summary>Computes the logits of one embedding.</summary>
    /// <param name="embedding">The embedding, d values.</param>
    /// <param name="logits">Receives the logits, C values.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Logits(ReadOnlySpan<float> embedding, Span<float> logits)
    {
        ThrowIfNotOf(embedding.Length, logits.Length);
        ScoreChunk(embedding, 1, logits);
        TensorPrimitives.Divide(logits, (float)Temperature, logits);
    }

    /// <summary>Computes the probabilities of one embedding.</summary>
    /// <param name="embedding">The embedding, d values.</param>
    /// <param name="probabilities">Receives the probabilities, C values that sum to 1.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Probabilities(ReadOnlySpan<float> embedding, Span<float> probabilities)
    {
        ThrowIfNotOf(embedding.Length, probabilities.Length);
        ScoreChunk(embedding, 1, probabilities);
        Softmax.Apply(probabilities, Temperature);
    }

    /// <summary>Computes the logits of many embeddings.</summary>
    /// <param name="features">The features X, n × d.</param>
    /// <param name="maxDegreeOfParallelism">The number of threads at most; −1 for all processors. It does not change the result. Default: −1.</param>
    /// <returns>The logits, n × C.</returns>
    /// <exception cref="LfaDataException">The features have another number of columns.</exception>
    public Matrix Logits(Matrix features, int maxDegreeOfParallelism = -1) =>
        Score(features, maxDegreeOfParallelism, static (scorer, scores) => TensorPrimitives.Divide(scores, (float)scorer.Temperature, scores));

    /// <summary>Computes the probabilities of many embeddings.</summary>
    /// <inheritdoc cref="Logits(Matrix, int)"/>
    /// <returns>The probabilities, n × C; rows sum to 1.</returns>
    public Matrix Probabilities(Matrix features, int maxDegreeOfParallelism = -1) =>
        Score(features, maxDegreeOfParallelism, static (scorer, scores) =>
        {
            for (; scores.Length > 0; scores = scores[scorer.ClassCount..])
                Softmax.Apply(scores[..scorer.ClassCount], scorer.Temperature);
        });

    /// <summary>Throws for features that the scorer does not take.</summary>
    internal void ThrowIfNotOf(Matrix features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Columns != Dimension)
            throw new LfaDataException(Invariant($"features is {features.Rows} × {features.Columns} but the classifier takes {Dimension} columns; the features must come from the encoder it was fitted with.")) { Subject = "features" };
    }

    /// <summary>Scores images block by block, in memory that does not grow with their number.</summary>
    /// <param name="features">The image features, n × d.</param>
    /// <param name="threads">The number of threads at most.</param>
    /// <returns>The first row of each block and its scores, count × C, which are valid until the next block is asked for.</returns>
    internal IEnumerable<(int Start, Matrix Scores)> Blocks(Matrix features, int threads)
    {
        var pass = new Pass(this, Threads.Resolve(threads));
        var scores = new float[checked(Math.Min(BlockRows, features.Rows) * ClassCount)];
        for (var start = 0; start < features.Rows; start += BlockRows)
        {
            var rows = Math.Min(BlockRows, features.Rows - start);
            yield return (start, pass.Run(features.Slice(start, rows), scores.AsMemory(0, rows * ClassCount)));
        }
    }

    /// <summary>Measures the accuracy on labeled images.</summary>
    internal Accuracy Accuracy(FeatureSet test, int threads)
    {
        var (first, five) = (0, 0);
        foreach (var (start, scores) in Blocks(test.ImageFeatures, threads))
        {
            for (var i = 0; i < scores.Rows; i++)
            {
                var place = TopK.Rank(scores.Row(i)).IndexOf(test.Labels.Span[start + i]);
                first += place == 0 ? 1 : 0;
                five += place >= 0 ? 1 : 0;
            }
        }
        return new Accuracy((double)first / test.SampleCount, (double)five / test.SampleCount);
    }

    /// <summary>Computes the scores of a few embeddings, on the calling thread.</summary>
    /// <param name="features">The embeddings, rows × d by rows.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="scores">Receives the scores, rows × C by rows.</param>
    private protected abstract void ScoreChunk(ReadOnlySpan<float> features, int rows, Span<float> scores);

    /// <summary>Scores all images in memory of their own, and turns the scores of a chunk into the result while they are in the cache.</summary>
    private Matrix Score(Matrix features, int threads, Action<Scorer, Span<float>> finish)
    {
        ThrowIfNotOf(features);
        return new Pass(this, Threads.Resolve(threads), finish).Run(features, GC.AllocateUninitializedArray<float>(checked(features.Rows * ClassCount)));
    }

    private void ThrowIfNotOf(int components, int classes)
    {
        if (components != Dimension)
            throw new ArgumentException(Invariant($"embedding has {components} components but the classifier takes {Dimension}."));
        if (classes != ClassCount)
            throw new ArgumentException(Invariant($"The target has {classes} entries but there are {ClassCount} classes."));
    }

    /// <summary>Scores a block on several threads, chunk by chunk.</summary>
    private sealed class Pass(Scorer scorer, int threads, Action<Scorer, Span<float>>? finish = null)
    {
        private Matrix _features = null!;
        private Memory<float> _scores;

        public Matrix Run(Matrix features, Memory<float> scores)
        {
            (_features, _scores) = (features, scores);
            ParallelLoop.For((features.Rows + ChunkRows - 1) / ChunkRows, threads, this, static (pass, chunk) => pass.RunChunk(chunk));
            return new Matrix(scores, features.Rows, scorer.ClassCount);
        }

        private void RunChunk(int chunk)
        {
            var start = chunk * ChunkRows;
            var rows = Math.Min(ChunkRows, _features.Rows - start);
            var scores = _scores.Span.Slice(start * scorer.ClassCount, rows * scorer.ClassCount);
            scorer.ScoreChunk(_features.Values.Span.Slice(start * _features.Columns, rows * _features.Columns), rows, scores);
            finish?.Invoke(scorer, scores);
        }
    }
}
