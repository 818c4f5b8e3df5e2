using Lfa.Data;
using Lfa.Numerics;

namespace Lfa.Analysis.Benchmark;

/// <summary>Made-up problems of kinds that the real features lack.</summary>
internal static class MadeUpColumns
{
    private const int Copies = 4;
    private const double CopyNoise = 0.1; // the length of what is added to an image of unit length

    private static readonly MadeUpProblemOptions Gap = GuardTable.Gap;

    public static IEnumerable<BenchmarkColumn> All(bool withLarge) =>
    [
        Column("nothing to adapt, 4 shots", 4, seed => MadeUpProblem.Create(GuardTable.Plain with { Shots = 4 }, seed)),
        Column("a rotation, 4 shots", 4, seed => MadeUpProblem.Create(Gap with { Shots = 4 }, seed)),
        Column("a gap alone, 4 shots", 4, seed => MadeUpProblem.Create(Gap with { Shots = 4, RotatedShare = 0 }, seed)),
        Column("30 % of the labels wrong, 8 shots", 8, WithWrongLabels),
        Column("a long tail, 50 shots to 1", 50, WithLongTail),
        Column("two images a class, four near-duplicates of each", 2 * Copies, WithCopies),
        Column("two domains mixed, 8 shots", 8, OfTwoDomains),
        Column("C = 2, 8 shots", 8, seed => MadeUpProblem.Create(Gap with { Shots = 8, Classes = 2, TestImages = 500 }, seed)),
        .. withLarge ? [Column("C = 5000, 2 shots", 2, seed => MadeUpProblem.Create(Gap with { Shots = 2, Classes = 5000, Groups = 500, TestImages = 2 }, seed))] : (BenchmarkColumn[])[],
    ];

    private static BenchmarkColumn Column(string kind, int shots, Func<int, (FeatureSet, FeatureSet)> draw) => new($"made up, {kind}", shots, draw, IsMadeUp: true);

    private static (FeatureSet, FeatureSet) WithWrongLabels(int seed)
    {
        var (train, test) = MadeUpProblem.Create(Gap with { Shots = 8 }, seed);
        return (WrongLabels.Flip(train, 0.3, seed), test);
    }

    /// <summary>Keeps 50 images of the first class, 1 of the last, and of those between numbers that fall by one factor.</summary>
    private static (FeatureSet, FeatureSet) WithLongTail(int seed)
    {
        var (train, test) = MadeUpProblem.Create(Gap with { Shots = 50 }, seed);
        int[] rows = [.. Enumerable.Range(0, train.SampleCount).Where(row => row % 50 < Math.Round(Math.Pow(50, 1 - ((double)train.Labels.Span[row] / (train.ClassCount - 1)))))];
        return (train.SelectRows(rows), test);
    }

    private static (FeatureSet, FeatureSet) WithCopies(int seed)
    {
        var (train, test) = MadeUpProblem.Create(Gap with { Shots = 2 }, seed);
        var copies = train.SelectRows([.. Enumerable.Range(0, Copies * train.SampleCount).Select(row => row / Copies)]);
        var scale = CopyNoise / Math.Sqrt(train.Dimension);
        var values = copies.ImageFeatures.Values.ToArray();
        var random = new RandomStream(seed, RandomPurpose.Perturbation);
        for (var i = 0; i < values.Length; i++)
            values[i] += (float)(scale * random.NextNormal());
        return (new FeatureSet(new Matrix(values, copies.SampleCount, copies.Dimension), copies.ClassPrototypes, copies.Labels, copies.ClassNames), test);
    }

    /// <summary>Rotates every other image of a class one way, the others the other way.</summary>
    private static (FeatureSet, FeatureSet) OfTwoDomains(int seed)
    {
        var first = MadeUpProblem.Create(Gap with { Shots = 8 }, seed);
        var second = MadeUpProblem.Create(Gap with { Shots = 8, RotationAngle = -Gap.RotationAngle }, seed);
        return (Alternate(first.Train, second.Train), Alternate(first.Test, second.Test));
    }

    private static FeatureSet Alternate(FeatureSet first, FeatureSet second)
    {
        float[] values = [.. Enumerable.Range(0, first.SampleCount).SelectMany(row => (row % 2 == 0 ? first : second).ImageFeatures.Row(row).ToArray())];
        return new FeatureSet(new Matrix(values, first.SampleCount, first.Dimension), first.ClassPrototypes, first.Labels, first.ClassNames, normalize: false);
    }
}
