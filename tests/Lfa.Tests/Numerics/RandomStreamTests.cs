using Lfa.Numerics;

namespace Lfa.Tests.Numerics;

public class RandomStreamTests
{
    private const int Draws = 200_000;

    [Fact]
    public void Next_OfAKnownSeed_NeverChanges() // The values come from a transcription in another language.
    {
        var random = new RandomStream(1, RandomPurpose.Folds);
        (random.NextBits(), random.NextBits(), random.NextUnit(), random.NextInteger(1000)).ShouldBe((7345014475436473080UL, 4556904538872968328UL, 0.7585162843654444, 271));
        var normal = new RandomStream(-7, RandomPurpose.Perturbation, 3, 4);
        (normal.NextNormal(), normal.NextNormal()).ShouldBe((0.0606984134312995, 0.003963813703597986));
    }

    [Fact]
    public void NextUnit_HasTheMomentsOfTheUniformDistribution()
    {
        var random = new RandomStream(2, RandomPurpose.MadeUpProblem);
        var values = Enumerable.Range(0, Draws).Select(_ => random.NextUnit()).ToArray();
        values.ShouldAllBe(value => value >= 0 && value < 1);
        values.Average().ShouldBe(0.5, 5 * Math.Sqrt(1 / 12.0 / Draws)); // Five standard errors, here and below.
        values.Average(value => value * value).ShouldBe(1 / 3.0, 5 * Math.Sqrt(4 / 45.0 / Draws));
    }

    [Fact]
    public void NextNormal_HasTheMomentsAndTailsOfTheNormalDistribution()
    {
        var random = new RandomStream(3, RandomPurpose.MadeUpProblem);
        var values = Enumerable.Range(0, Draws).Select(_ => random.NextNormal()).ToArray();
        values.Average().ShouldBe(0, 5 / Math.Sqrt(Draws));
        values.Average(value => value * value).ShouldBe(1, 5 * Math.Sqrt(2.0 / Draws));
        values.Average(value => value * value * value).ShouldBe(0, 5 * Math.Sqrt(15.0 / Draws));
        values.Average(value => Math.Pow(value, 4)).ShouldBe(3, 5 * Math.Sqrt(96.0 / Draws));
        // The parts below −3, −1, 1 and above the start of the ziggurat's tail.
        foreach (var (threshold, probability) in new[] { (-3, 0.0013498980), (-1, 0.1586552539), (1, 0.8413447461), (3.442619855899, 0.9997120507) })
            ((double)values.Count(value => value < threshold)).ShouldBe(probability * Draws, 5 * Math.Sqrt(probability * (1 - probability) * Draws), Invariant($"below {threshold}"));
    }

    [Fact]
    public void NextInteger_IsUniformOverItsRange()
    {
        var random = new RandomStream(4, RandomPurpose.MadeUpProblem);
        var counts = new int[7];
        for (var i = 0; i < Draws; i++)
            counts[random.NextInteger(7)]++;
        foreach (var count in counts)
            ((double)count).ShouldBe(Draws / 7.0, 5 * Math.Sqrt(Draws * 6 / 49.0));
        random.NextInteger(1).ShouldBe(0);
    }

    [Fact]
    public void Constructor_OtherSeedPurposeOrIndex_GivesAnotherStream()
    {
        RandomStream[] streams = [
            new(1, RandomPurpose.Folds), new(2, RandomPurpose.Folds), new(-1, RandomPurpose.Folds), new(1, RandomPurpose.BatchRows),
            new(1, RandomPurpose.Folds, 1), new(1, RandomPurpose.Folds, 0, 1), new(1, RandomPurpose.Folds, 1, 1), new(1, RandomPurpose.Folds, -1)];
        var first = new HashSet<ulong>();
        for (var i = 0; i < streams.Length; i++)
            first.Add(streams[i].NextBits()).ShouldBeTrue(Invariant($"stream {i}"));

        // Neighboring streams are not correlated.
        var products = Enumerable.Range(0, Draws / 10).Select(index =>
            (new RandomStream(1, RandomPurpose.Perturbation, index).NextUnit() - 0.5) * (new RandomStream(1, RandomPurpose.Perturbation, index + 1).NextUnit() - 0.5));
        products.Average().ShouldBe(0, 5 / 12.0 / Math.Sqrt(Draws / 10));
    }

    [Fact]
    public void Shuffle_GivesEveryPermutationAlike()
    {
        var random = new RandomStream(5, RandomPurpose.MadeUpProblem);
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 24_000; i++)
        {
            int[] values = [1, 2, 3, 4];
            random.Shuffle(values);
            var permutation = string.Concat(values);
            counts[permutation] = counts.GetValueOrDefault(permutation) + 1;
        }
        counts.Keys.ShouldAllBe(permutation => string.Concat(permutation.Order()) == "1234");
        counts.Count.ShouldBe(24);
        foreach (var count in counts.Values)
            ((double)count).ShouldBe(1000, 5 * Math.Sqrt(1000));
    }
}
