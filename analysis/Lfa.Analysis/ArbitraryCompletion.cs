using Lfa.Alignment;
using Lfa.Data;

namespace Lfa.Analysis;

/// <summary>Replaces the completion of an orthogonal transform on the null space of its problem by an arbitrary one.</summary>
internal static class ArbitraryCompletion
{
    /// <summary>Returns W · R, where R reflects along random directions that are orthogonal to all prototypes seen in the fit.</summary>
    /// <remarks>What W makes of a training image stays the same along every prototype, so the training classes are predicted alike.</remarks>
    public static Transform Of(Transform orthogonal, FeatureSet seen)
    {
        var (dimension, random) = (seen.Dimension, new Random(1));
        var basis = new List<double[]>();
        for (var c = 0; c < seen.ClassCount; c++)
            Orthonormalize([.. seen.ClassPrototypes.Row(c).ToArray().Select(value => (double)value)], basis);
        var values = orthogonal.Matrix.Values.ToArray();
        while (basis.Count < dimension)
        {
            // Reflections along directions of random length in the complement: together a random orthogonal map of it.
            var direction = new double[dimension];
            for (var j = 0; j < dimension; j++)
                direction[j] = random.NextDouble() - 0.5;
            var before = basis.Count;
            Orthonormalize(direction, basis);
            if (basis.Count > before)
                ReflectAlongMix(values, dimension, basis, seen.ClassCount, random);
        }
        return new Transform(new Matrix(values, dimension, dimension));
    }

    private static void Orthonormalize(double[] vector, List<double[]> basis)
    {
        for (var pass = 0; pass < 2; pass++)
        {
            foreach (var direction in basis)
            {
                var dot = vector.Zip(direction, (a, b) => a * b).Sum();
                for (var j = 0; j < vector.Length; j++)
                    vector[j] -= dot * direction[j];
            }
        }
        var norm = Math.Sqrt(vector.Sum(value => value * value));
        if (norm > 1e-8)
            basis.Add([.. vector.Select(value => value / norm)]);
    }

    private static void ReflectAlongMix(float[] values, int dimension, List<double[]> basis, int firstFree, Random random)
    {
        var mix = new double[dimension];
        foreach (var direction in basis.Skip(firstFree))
        {
            var weight = random.NextDouble() - 0.5;
            for (var j = 0; j < dimension; j++)
                mix[j] += weight * direction[j];
        }
        var squared = mix.Sum(value => value * value);
        for (var i = 0; i < dimension; i++)
        {
            var row = values.AsSpan(i * dimension, dimension);
            var dot = 0.0;
            for (var j = 0; j < dimension; j++)
                dot += row[j] * mix[j];
            for (var j = 0; j < dimension; j++)
                row[j] -= (float)(2 * dot / squared * mix[j]);
        }
    }
}
