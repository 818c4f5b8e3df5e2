using Lfa.Numerics;

namespace Lfa.Data;

/// <summary>
/// Makes a few-shot problem with the geometry of CLIP features, from nothing but a seed: for demonstrations and tests.
/// </summary>
/// <remarks>
/// Text and image features lie in two cones around axes a and b, with a·b small: the modality gap. With u(v) = v/‖v‖, g and e
/// random unit vectors of a group and of a class, and γ the share of the group, class c means
/// <code>m_c = u(√γ · g_{c mod G} + √(1 − γ) · e_c)</code>
/// and has the prototype, with κ the concentration of the text cone,
/// <code>y_c = u(κ · a + √(1 − κ²) · m_c)</code>
/// An image of class c is, with κ′ the concentration of the image cone and ν the share of the noise,
/// <code>x = u(κ′ · b + √(1 − κ′²) · (√(1 − ν) · R m_c + √ν · n))</code>
/// Here R, the domain, rotates disjoint pairs of components by one angle and leaves the other components alone (Givens
/// rotations), and n is Gaussian noise of mean square 1 whose variances fall as j^−δ from the first component to the last.
/// So an orthogonal transform can undo R, and a refined one can also turn away from the noise. Everything costs O(n · d).
/// </remarks>
public static class MadeUpProblem
{
    /// <summary>Makes a problem; the same options and seed give the same bits.</summary>
    /// <param name="options">The options. Default: 50 classes, 256 components, 16 training images a class.</param>
    /// <param name="seed">The seed. Default: 1.</param>
    /// <returns>The training set and the test set, of the same classes, rows of unit length, in the order of the classes.</returns>
    public static (FeatureSet Train, FeatureSet Test) Create(MadeUpProblemOptions? options = null, int seed = 1)
    {
        var world = new World(options ?? new MadeUpProblemOptions(), seed);
        return (world.Draw(world.Options.Shots, Stage.Train), world.Draw(world.Options.TestImages, Stage.Test));
    }

    /// <summary>What a stream of random numbers makes.</summary>
    private enum Stage
    {
        Axes,
        Groups,
        Classes,
        Rotation,
        Train,
        Test,
    }

    /// <summary>What both sets share: the cones, the classes and the domain.</summary>
    private sealed class World
    {
        private readonly int _seed;
        private readonly double[] _imageAxis;
        private readonly double[][] _imageClasses;
        private readonly double[] _noiseScales;
        private readonly Matrix _prototypes;
        private readonly string[] _classNames;

        public World(MadeUpProblemOptions options, int seed)
        {
            (Options, _seed) = (options, seed);
            var textAxis = Direction(Stage.Axes, 0);
            _imageAxis = Unit(Blend(options.AxisCosine, textAxis, Direction(Stage.Axes, 1)));
            var meanings = Meanings();
            _prototypes = Stack([.. meanings.Select(meaning => Unit(Blend(options.TextConcentration, textAxis, meaning)))]);
            _imageClasses = Rotate(meanings);
            _noiseScales = NoiseScales();
            _classNames = [.. Enumerable.Range(0, options.Classes).Select(c => Invariant($"thing {c:00} of kind {c % options.Groups}"))];
        }

        public MadeUpProblemOptions Options { get; }

        /// <summary>Draws images of every class.</summary>
        public FeatureSet Draw(int perClass, Stage stage)
        {
            var rows = new double[Options.Classes * perClass][];
            var labels = new int[rows.Length];
            var names = new string[rows.Length];
            for (var i = 0; i < rows.Length; i++)
            {
                labels[i] = i / perClass;
                names[i] = Invariant($"{(stage == Stage.Train ? "train" : "test")}/thing_{labels[i]:00}_{i % perClass:00}.jpg");
                rows[i] = Unit(Blend(Options.ImageConcentration, _imageAxis, Blend(Math.Sqrt(1 - Options.NoiseShare), _imageClasses[labels[i]], Noise(stage, i))));
            }
            return new FeatureSet(Stack(rows), _prototypes, labels, _classNames, names, normalize: false);
        }

        private double[][] Meanings()
        {
            var share = Math.Sqrt(Options.GroupShare);
            return [.. Enumerable.Range(0, Options.Classes).Select(c => Unit(Blend(share, Direction(Stage.Groups, c % Options.Groups), Direction(Stage.Classes, c))))];
        }

        private double[][] Rotate(double[][] vectors)
        {
            var order = Enumerable.Range(0, Options.Dimension).ToArray();
            new RandomStream(_seed, RandomPurpose.MadeUpProblem, (int)Stage.Rotation).Shuffle(order);
            var pairs = (int)(Options.RotatedShare * Options.Dimension / 2);
            var (sine, cosine) = Math.SinCos(Options.RotationAngle);
            var rotated = vectors.Select(vector => vector.ToArray()).ToArray();
            foreach (var vector in rotated)
            {
                foreach (var pair in order.AsSpan(0, 2 * pairs).ToArray().Chunk(2))
                    (vector[pair[0]], vector[pair[1]]) = ((cosine * vector[pair[0]]) - (sine * vector[pair[1]]), (sine * vector[pair[0]]) + (cosine * vector[pair[1]]));
            }
            return rotated;
        }

        private double[] NoiseScales()
        {
            var variances = Enumerable.Range(1, Options.Dimension).Select(j => Math.Pow(j, -Options.NoiseDecay)).ToArray();
            var sum = variances.Sum();
            return [.. variances.Select(variance => Math.Sqrt(variance / sum))];
        }

        private double[] Noise(Stage stage, int image)
        {
            var random = new RandomStream(_seed, RandomPurpose.MadeUpProblem, (int)stage, image);
            return [.. _noiseScales.Select(scale => scale * random.NextNormal())];
        }

        private double[] Direction(Stage stage, int index)
        {
            var random = new RandomStream(_seed, RandomPurpose.MadeUpProblem, (int)stage, index);
            var vector = new double[Options.Dimension];
            for (var j = 0; j < vector.Length; j++)
                vector[j] = random.NextNormal();
            return Unit(vector);
        }
    }

    /// <summary>Computes share · first + √(1 − share²) · second.</summary>
    private static double[] Blend(double share, double[] first, double[] second)
    {
        var rest = Math.Sqrt(1 - (share * share));
        return [.. first.Zip(second, (a, b) => (share * a) + (rest * b))];
    }

    private static double[] Unit(double[] vector)
    {
        var norm = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / norm)];
    }

    private static Matrix Stack(double[][] rows) =>
        new(rows.SelectMany(row => row.Select(value => (float)value)).ToArray(), rows.Length, rows[0].Length);
}
