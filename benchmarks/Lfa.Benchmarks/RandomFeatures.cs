using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Model;
using Lfa.Numerics;

namespace Lfa.Benchmarks;

/// <summary>Features of the shapes that matter; their values do not affect the time.</summary>
internal static class RandomFeatures
{
    /// <summary>Makes images around the prototypes of their classes.</summary>
    public static FeatureSet Task(int samples, int dimension, int classes)
    {
        var prototypes = Normal(classes, dimension, 1);
        var images = Normal(samples, dimension, 2);
        var values = images.Values.ToArray();
        var labels = new int[samples];
        for (var i = 0; i < samples; i++)
        {
            labels[i] = i % classes;
            for (var j = 0; j < dimension; j++)
                values[(i * dimension) + j] += prototypes[labels[i], j];
        }
        return new FeatureSet(new Matrix(values, samples, dimension), prototypes, labels);
    }

    /// <summary>Makes a classifier by a transform before class prototypes.</summary>
    public static LfaModel Model(int dimension, int classes) => new(
        new AlignedScorer(new Transform(Normal(dimension, dimension, 1)), Normal(classes, dimension, 2).NormalizeRows()),
        [.. Enumerable.Range(0, classes).Select(c => $"class {c}")]);

    public static Matrix Normal(int rows, int columns, int seed)
    {
        var random = new RandomStream(seed, RandomPurpose.MadeUpProblem);
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)random.NextNormal();
        return new Matrix(values, rows, columns);
    }
}
