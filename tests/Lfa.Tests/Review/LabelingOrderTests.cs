using Lfa.Data;
using Lfa.Review;
using Lfa.Tests.Support;

namespace Lfa.Tests.Review;

public class LabelingOrderTests
{
    private const int Dimension = 32;

    private static readonly FeatureSet Labeled = MadeUp.Task(4, Dimension, shots: 5, seed: 1, spread: 0.3);

    [Fact]
    public void Run_BetweenClasses_IsProposedBeforeWhatIsCertain()
    {
        // Five images near a prototype, and one halfway between two.
        var review = FeatureReview.Run(Labeled, Stack([.. Enumerable.Range(0, 5).Select(i => Near(i % 4, seed: 10 + i)), Between(0, 1)]));
        review.ToLabel[0].Row.ShouldBe(5);
        review.ToLabel[0].Class.ShouldBeInRange(0, 1);
        review.ToLabel[0].Uncertainty.ShouldBeGreaterThan(review.ToLabel[1].Uncertainty);
    }

    [Fact]
    public void Run_AlikeUncertainImages_AreNotProposedInARow()
    {
        // Three images between classes 0 and 1, all but equal, and one between 2 and 3.
        float[] first = Between(0, 1), other = Between(2, 3);
        var review = FeatureReview.Run(Labeled, Stack(first, Jitter(first, seed: 20), Jitter(first, seed: 21), other), new ReviewOptions { ToLabel = 2 });
        review.ToLabel.Select(one => one.Row < 3).ShouldBe([true, false], ignoreOrder: true);
    }

    [Fact]
    public void Run_Scores_AreUncertaintyTimesDistanceFromAllBefore()
    {
        var others = MadeUp.Features(40, Dimension, seed: 30).NormalizeRows();
        var picked = FeatureReview.Run(Labeled, others, new ReviewOptions { ToLabel = 6 }).ToLabel;
        picked.Count.ShouldBe(6);
        var known = Enumerable.Range(0, Labeled.SampleCount).Select(row => Labeled.ImageFeatures.Row(row).ToArray()).ToList();
        foreach (var one in picked)
        {
            var image = others.Row(one.Row).ToArray();
            one.Distance.ShouldBe(1 - known.Max(row => row.Zip(image, (a, b) => (double)a * b).Sum()), 1e-5);
            one.Score.ShouldBe(one.Uncertainty * one.Distance, 1e-6);
            one.Probability.ShouldBeInRange(0.25, 1);
            known.Add(image);
        }
        picked.Select(one => one.Score).ShouldBe(picked.Select(one => one.Score).OrderDescending());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 7)]
    [InlineData(50, 12)]
    public void Run_Count_IsWhatIsAskedForOrThereIs(int asked, int expected)
    {
        var picked = FeatureReview.Run(Labeled, MadeUp.Features(12, Dimension, seed: 31), new ReviewOptions { ToLabel = asked }).ToLabel;
        picked.Select(one => one.Row).Distinct().Count().ShouldBe(expected);
    }

    [Fact]
    public void Run_NoUnlabeledImages_ProposesNone()
    {
        FeatureReview.Run(Labeled).ToLabel.ShouldBeEmpty();
        FeatureReview.Run(Labeled, new Matrix(default, 0, Dimension)).ToLabel.ShouldBeEmpty();
    }

    private static float[] Near(int c, int seed) => Jitter(Labeled.ClassPrototypes.Row(c).ToArray(), seed);

    private static float[] Between(int a, int b) => [.. Labeled.ClassPrototypes.Row(a).ToArray().Zip(Labeled.ClassPrototypes.Row(b).ToArray(), (x, y) => x + y)];

    // Enough not to be a duplicate: a cosine of about 0.96.
    private static float[] Jitter(float[] row, int seed) => [.. row.Zip(MadeUp.Floats(Dimension, seed), (value, noise) => value + (0.05f * noise))];

    private static Matrix Stack(params float[][] rows) => new(rows.SelectMany(row => row).ToArray(), rows.Length, Dimension);
}
