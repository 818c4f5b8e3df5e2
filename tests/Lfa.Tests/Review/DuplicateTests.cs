using Lfa.Data;
using Lfa.Review;
using Lfa.Tests.Support;

namespace Lfa.Tests.Review;

public class DuplicateTests
{
    private const int Dimension = 48;

    [Fact]
    public void Run_RandomImages_HaveNoDuplicates()
    {
        // More than two blocks of cosines.
        var review = FeatureReview.Run(Random(2100, classes: 7, seed: 1), MadeUp.Features(1100, Dimension, seed: 2));
        review.Duplicates.ShouldBeEmpty();
        review.Overlaps.ShouldBeEmpty();
    }

    [Fact]
    public void Run_PlantedDuplicates_AreFoundExactly()
    {
        // Copies lie within a block of cosines, across blocks, and are exact or nearly so; labels are i mod 7.
        (int Row, int Earlier, float Noise)[] planted = [(14, 7, 0), (1030, 1023, 0), (2000, 11, 0.002f), (2099, 5, 0.002f), (1500, 1493, 0.002f)];
        var task = Plant(Random(2100, classes: 7, seed: 3), planted);
        var duplicates = FeatureReview.Run(task).Duplicates;
        duplicates.Select(one => (one.Row, one.Earlier)).ShouldBe(planted.Select(one => (one.Row, one.Earlier)), ignoreOrder: true);
        foreach (var one in duplicates)
        {
            var noise = planted.Single(other => other.Row == one.Row).Noise;
            one.IsExact.ShouldBe(noise == 0);
            one.IsConflict.ShouldBe((one.Row - one.Earlier) % 7 != 0);
            one.Cosine.ShouldBeInRange(noise == 0 ? 1 : 0.99, 1);
        }
        duplicates.Select(one => one.IsConflict).ShouldBe([true, true, false, false, false]);
        duplicates.Skip(2).Select(one => one.IsExact).ShouldBe([true, true, false]);
    }

    [Fact]
    public void Run_SeveralOfOneImage_AreEachListedOnceWithTheFirst()
    {
        var task = Plant(Random(60, classes: 2, seed: 4), (10, 4, 0), (20, 4, 0), (30, 4, 0));
        FeatureReview.Run(task).Duplicates.Select(one => (one.Row, one.Earlier, one.IsConflict)).ShouldBe([(10, 4, false), (20, 4, false), (30, 4, false)]);
    }

    [Fact]
    public void Run_DuplicateOfTwoClasses_NamesTheOneInConflict()
    {
        // 20 equals 4, of its class, and is near 5, of the other one, which is therefore near 4.
        var task = Plant(Random(60, classes: 2, seed: 5), (5, 4, 0.002f), (20, 4, 0));
        var duplicates = FeatureReview.Run(task).Duplicates;
        duplicates.Select(one => (one.Row, one.Earlier, one.IsConflict)).ShouldBe([(5, 4, true), (20, 5, true)], ignoreOrder: true);
        duplicates.ShouldAllBe(one => !one.IsExact);
    }

    [Fact]
    public void Run_WithoutWhatIsListed_NothingIsListed()
    {
        var task = MadeUp.Task(4, 8, shots: 30, seed: 6, spread: 0.5);
        var options = new ReviewOptions { DuplicateCosine = 0.9 };
        var duplicates = FeatureReview.Run(task, options: options).Duplicates;
        duplicates.Count.ShouldBeInRange(10, 116);
        int[] rest = [.. Enumerable.Range(0, task.SampleCount).Except(duplicates.Select(one => one.Row))];
        FeatureReview.Run(task.SelectRows(rest), options: options).Duplicates.ShouldBeEmpty();
    }

    [Fact]
    public void Run_ThresholdOfOne_FindsEqualImages() =>
        FeatureReview.Run(Plant(Random(80, classes: 2, seed: 7), (9, 3, 0), (11, 2, 0.01f)), options: new ReviewOptions { DuplicateCosine = 1 })
            .Duplicates.Select(one => (one.Row, one.Earlier)).ShouldBe([(9, 3)]);

    [Fact]
    public void Run_UnlabeledThatAreLabeledToo_Overlap()
    {
        var task = Random(1100, classes: 3, seed: 8);
        var others = MadeUp.Features(1200, Dimension, seed: 9).Values.ToArray();
        task.ImageFeatures.Row(1050).CopyTo(others.AsSpan(1100 * Dimension));
        task.ImageFeatures.Row(3).CopyTo(others.AsSpan(8 * Dimension));
        for (var j = 8 * Dimension; j < 9 * Dimension; j++)
            others[j] *= 3;
        var review = FeatureReview.Run(task, new Matrix(others, 1200, Dimension), new ReviewOptions { ToLabel = 1200 });
        review.Overlaps.Select(one => (one.Row, one.Labeled)).ShouldBe([(8, 3), (1100, 1050)], ignoreOrder: true);
        review.ToLabel.Select(one => one.Row).ShouldBe(Enumerable.Range(0, 1200).Except([8, 1100]), ignoreOrder: true, "what is labeled already is not proposed");
    }

    private static FeatureSet Random(int count, int classes, int seed) =>
        new(MadeUp.Features(count, Dimension, seed), MadeUp.Features(classes, Dimension, seed + 100), MadeUp.Labels(count, classes));

    private static FeatureSet Plant(FeatureSet task, params (int Row, int Earlier, float Noise)[] planted)
    {
        var values = task.ImageFeatures.Values.ToArray();
        var noise = MadeUp.Floats(Dimension, seed: 42);
        foreach (var (row, earlier, share) in planted)
        {
            for (var j = 0; j < Dimension; j++)
                values[(row * Dimension) + j] = values[(earlier * Dimension) + j] + (share * noise[j]);
        }
        // Equal rows must stay equal: only rows that are not of unit length are scaled.
        return new FeatureSet(new Matrix(values, task.SampleCount, Dimension), task.ClassPrototypes, task.Labels);
    }
}
