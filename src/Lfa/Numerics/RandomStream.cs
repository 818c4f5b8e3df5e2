using System.Numerics;

namespace Lfa.Numerics;

/// <summary>What a stream of random numbers is for: each purpose has streams of its own, so that none shifts another.</summary>
internal enum RandomPurpose
{
    FewShotSampling,
    Folds,
    BatchRows,
    Crop,
    Perturbation,
    MadeUpProblem,
    CacheBatches,
    Projection,
}

/// <summary>
/// Generates random numbers that depend on the seed alone, whatever the runtime's version.
/// </summary>
/// <remarks>
/// xoshiro256** (D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4), 2021), its
/// state filled by splitmix64. Normal deviates by the ziggurat (G. Marsaglia, W. W. Tsang, J. Stat. Software 5(8), 2000,
/// in the form of J. A. Doornik, "An improved ziggurat method to generate normal random samples", 2005).
/// </remarks>
internal struct RandomStream
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>Starts the stream of a purpose; streams with another seed, purpose or index are unrelated.</summary>
    public RandomStream(int seed, RandomPurpose purpose, int index = 0, int subindex = 0)
    {
        var state = Mix(Mix(Mix((uint)seed) + (ulong)purpose) + (((ulong)(uint)index << 32) | (uint)subindex));
        _s0 = Mix(state += 0x9E3779B97F4A7C15);
        _s1 = Mix(state += 0x9E3779B97F4A7C15);
        _s2 = Mix(state += 0x9E3779B97F4A7C15);
        _s3 = Mix(state + 0x9E3779B97F4A7C15);
    }

    /// <summary>Returns 64 random bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Returns a number of [0, 1).</summary>
    public double NextUnit() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Returns an integer from 0 to <paramref name="bound"/> − 1.</summary>
    public int NextInteger(int bound) => (int)Math.BigMul(NextBits(), (ulong)bound, out _);

    /// <summary>Returns a deviate of the standard normal distribution.</summary>
    public double NextNormal()
    {
        while (true)
        {
            var bits = NextBits();
            var layer = (int)(bits & (Ziggurat.Layers - 1));
            var u = (((bits >> 11) * (1.0 / (1UL << 53))) * 2) - 1;
            var x = u * Ziggurat.Edge[layer];
            if (Math.Abs(u) < Ziggurat.Ratio[layer])
                return x;
            if (layer == 0)
                return NextTail(u < 0);
            var upper = Math.Exp(-0.5 * ((Ziggurat.Edge[layer] * Ziggurat.Edge[layer]) - (x * x)));
            var lower = Math.Exp(-0.5 * ((Ziggurat.Edge[layer + 1] * Ziggurat.Edge[layer + 1]) - (x * x)));
            if (lower + (NextUnit() * (upper - lower)) < 1)
                return x;
        }
    }

    /// <summary>Puts the entries of <paramref name="values"/> in random order.</summary>
    public void Shuffle(Span<int> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = NextInteger(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    private double NextTail(bool negative)
    {
        double x, y;
        do
        {
            x = Math.Log(1 - NextUnit()) / Ziggurat.TailStart;
            y = Math.Log(1 - NextUnit());
        }
        while (-2 * y < x * x);
        return negative ? x - Ziggurat.TailStart : Ziggurat.TailStart - x;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private static class Ziggurat
    {
        public const int Layers = 128;
        public const double TailStart = 3.442619855899;
        private const double LayerArea = 9.91256303526217e-3;

        public static readonly double[] Edge = Edges();
        public static readonly double[] Ratio = [.. Enumerable.Range(0, Layers).Select(i => Edge[i + 1] / Edge[i])];

        private static double[] Edges()
        {
            var edges = new double[Layers + 1];
            var density = Math.Exp(-0.5 * TailStart * TailStart);
            (edges[0], edges[1]) = (LayerArea / density, TailStart);
            for (var i = 2; i < Layers; i++)
            {
                edges[i] = Math.Sqrt(-2 * Math.Log((LayerArea / edges[i - 1]) + density));
                density = Math.Exp(-0.5 * edges[i] * edges[i]);
            }
            return edges;
        }
    }
}
