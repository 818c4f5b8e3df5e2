using Lfa.Alignment;
using Lfa.Data;
using Lfa.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Support;

/// <summary>Makes up matrices and tasks, the same ones for the same seed.</summary>
internal static class MadeUp
{
    /// <summary>Standard normal deviates.</summary>
    public static double[] Doubles(int count, int seed)
    {
        var random = new RandomStream(seed, RandomPurpose.MadeUpProblem);
        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = random.NextNormal();
        return values;
    }

    public static float[] Floats(int count, int seed) => Array.ConvertAll(Doubles(count, seed), value => (float)value);

    public static SquareMatrix Square(int size, int seed) => new(Doubles(size * size, seed), size);

    public static Matrix Features(int rows, int columns, int seed) => new(Floats(rows * columns, seed), rows, columns);

    /// <summary>A matrix of the given rank: a product of two normal ones.</summary>
    public static Matrix<double> LowRank(int rows, int columns, int rank, int seed) =>
        Oracle.Matrix(Doubles(rows * rank, seed), rows, rank) * Oracle.Matrix(Doubles(rank * columns, seed + 1), rank, columns);

    /// <summary>A random orthogonal matrix; the smaller the spread, the nearer to the identity.</summary>
    public static Transform Rotation(int size, int seed, double spread = 10)
    {
        var matrix = Oracle.Matrix(Doubles(size * size, seed), size, size) * (spread / Math.Sqrt(size));
        return new Transform(Oracle.ToFeatures(Oracle.Polar(matrix + Matrix<double>.Build.DenseIdentity(size))));
    }

    /// <summary>The labels 0, 1, …, C − 1, 0, 1, …</summary>
    public static int[] Labels(int count, int classes) => [.. Enumerable.Range(0, count).Select(i => i % classes)];

    /// <summary>Images around the prototypes of their classes, moved by a rotation, so that x · rotation lies near y.</summary>
    public static FeatureSet Task(int classes, int dimension, int shots, int seed, double spread = 1, Transform? rotation = null)
    {
        var prototypes = Features(classes, dimension, seed).NormalizeRows();
        var samples = classes * shots;
        var labels = Labels(samples, classes);
        var noise = Floats(samples * dimension, seed + 1);
        var images = prototypes.SelectRows(labels).Values.ToArray();
        for (var i = 0; i < images.Length; i++)
            images[i] += (float)(spread / Math.Sqrt(dimension)) * noise[i];
        var features = new Matrix(images, samples, dimension);
        if (rotation is not null)
            features = new Transform(Transpose(rotation.Matrix)).Apply(features);
        return new FeatureSet(features, prototypes, labels);
    }

    /// <summary>Training and test images of one such task: draws of their own, no image in both.</summary>
    public static (FeatureSet Train, FeatureSet Test) TrainAndTest(int classes, int dimension, int shots, int testShots, int seed, double spread = 1, Transform? rotation = null)
    {
        var all = Task(classes, dimension, shots + testShots, seed, spread, rotation); // The labels go round the classes, so that any C · k rows hold k images of each.
        var train = classes * shots;
        return (all.SelectRows([.. Enumerable.Range(0, train)]), all.SelectRows([.. Enumerable.Range(train, classes * testShots)]));
    }

    public static Matrix Transpose(Matrix matrix)
    {
        var values = new float[matrix.Values.Length];
        for (var i = 0; i < matrix.Rows; i++)
        {
            for (var j = 0; j < matrix.Columns; j++)
                values[(j * matrix.Rows) + i] = matrix[i, j];
        }
        return new Matrix(values, matrix.Columns, matrix.Rows);
    }
}
