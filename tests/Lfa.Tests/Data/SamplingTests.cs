using CsCheck;
using Lfa.Data;
using Lfa.Tests.Support;

namespace Lfa.Tests.Data;

public class SamplingTests
{
    [Fact]
    public void Stratify_AnyLabels_SpreadsEveryClassEvenlyOverFoldsOfEqualSize() =>
        Gen.Int[0, 6].Array[1, 60].SelectMany(labels => Gen.Select(Gen.Int[2, 7], Gen.Int).Select(pair => (labels, pair.Item1, pair.Item2))).Sample((labels, folds, seed) =>
        {
            var assignment = Folds.Stratify(labels, folds, seed);
            ShouldBeEven(assignment, folds);
            for (var c = 0; c <= 6; c++)
                ShouldBeEven([.. assignment.Where((_, i) => labels[i] == c)], folds);
        }, iter: 500);

    [Fact]
    public void Stratify_SameSeed_IsTheSame()
    {
        var labels = MadeUp.Labels(60, 4);
        Folds.Stratify(labels, 5, seed: 3).ShouldBe(Folds.Stratify(labels, 5, seed: 3));
        Folds.Stratify(labels, 5, seed: 3).ShouldNotBe(Folds.Stratify(labels, 5, seed: 4));
        Should.Throw<ArgumentOutOfRangeException>(() => Folds.Stratify(labels, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => Folds.Stratify([0, -1], 2));
    }

    [Fact]
    public void SplitRandomly_AnyCount_TakesEveryRowOnceAndLeavesNoPartEmpty() =>
        Gen.Select(Gen.Int[2, 90], Gen.Double[0.01, 0.99], Gen.Int).Sample((count, fraction, seed) =>
        {
            var (training, validation) = Folds.SplitRandomly(count, fraction, seed);
            training.Concat(validation).Order().ShouldBe(Enumerable.Range(0, count));
            training.ShouldBeInOrder();
            validation.ShouldBeInOrder();
            validation.Length.ShouldBe(Math.Clamp((int)Math.Round(count * fraction), 1, count - 1));
        }, iter: 500);

    [Fact]
    public void SplitRandomly_OutOfRange_Throws()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Folds.SplitRandomly(1, 0.5));
        Should.Throw<ArgumentOutOfRangeException>(() => Folds.SplitRandomly(5, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => Folds.SplitRandomly(5, double.NaN));
    }

    [Fact]
    public void Sample_SomeShots_TakesThatManyOfEachClass()
    {
        // Classes of 5, 2 and 9 images.
        int[] labels = [.. Enumerable.Repeat(0, 5), .. Enumerable.Repeat(1, 2), .. Enumerable.Repeat(2, 9)];
        var task = Named(labels, classes: 3);
        var sample = FewShot.Sample(task, shots: 3, seed: 1);
        sample.Labels.ToArray().ShouldBe([0, 0, 0, 1, 1, 2, 2, 2]);
        sample.FileNames!.ShouldBeUnique();
        for (var i = 0; i < sample.SampleCount; i++)
            sample.ImageFeatures.Row(i).ToArray().ShouldBe(task.ImageFeatures.Row(task.FileNames!.ToList().IndexOf(sample.FileNames![i])).ToArray());
    }

    [Fact]
    public void Sample_SameSeed_DrawsTheSameAndInTimeAll()
    {
        var task = Named(MadeUp.Labels(20, 2), classes: 2);
        FewShot.Sample(task, 3, seed: 5).FileNames.ShouldBe(FewShot.Sample(task, 3, seed: 5).FileNames);
        Enumerable.Range(0, 40).SelectMany(seed => FewShot.Sample(task, 3, seed).FileNames!).Distinct().Count().ShouldBe(20);
    }

    [Fact]
    public void Sample_MoreOfOneClass_DoesNotChangeTheOthers()
    {
        // Each class draws from a stream of its own.
        int[] few = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1], more = [.. few, 1, 1, 1];
        static string[] OfClassZero(FeatureSet sample) => [.. sample.FileNames!.Where((_, i) => sample.Labels.Span[i] == 0)];
        for (var seed = 0; seed < 10; seed++)
            OfClassZero(FewShot.Sample(Named(few, 2), 2, seed)).ShouldBe(OfClassZero(FewShot.Sample(Named(more, 2), 2, seed)));
    }

    [Fact]
    public void Sample_OutOfRange_Throws()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => FewShot.Sample(Named([0], 1), 0));
        Should.Throw<LfaDataException>(() => FewShot.Sample(Named([], 1), 1)).Message.ShouldContain("no labels");
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(5, 3)]
    [InlineData(8, 4)]
    public void BaseAndNew_HalfOfTheClasses_IsRoundedUpAndCountedFromZero(int classes, int half)
    {
        var task = Named(MadeUp.Labels(3 * classes, classes), classes);
        var (seen, unseen) = ClassSplit.BaseAndNew(task);
        (seen.ClassCount, unseen.ClassCount).ShouldBe((half, classes - half));
        seen.ClassNames.Concat(unseen.ClassNames).ShouldBe(task.ClassNames);
        seen.ClassPrototypes.Values.ToArray().Concat(unseen.ClassPrototypes.Values.ToArray()).ShouldBe(task.ClassPrototypes.Values.ToArray());
        foreach (var (part, first) in new[] { (seen, 0), (unseen, half) })
        {
            part.SampleCount.ShouldBe(3 * part.ClassCount);
            for (var i = 0; i < part.SampleCount; i++)
            {
                var row = int.Parse(part.FileNames![i], System.Globalization.CultureInfo.InvariantCulture);
                task.Labels.Span[row].ShouldBe(part.Labels.Span[i] + first);
                part.ImageFeatures.Row(i).ToArray().ShouldBe(task.ImageFeatures.Row(row).ToArray());
            }
        }
    }

    [Fact]
    public void BaseAndNew_CannotBeSplit_SaysWhy()
    {
        Should.Throw<LfaDataException>(() => ClassSplit.BaseAndNew(Named([], 2))).Message.ShouldContain("no labels");
        Should.Throw<LfaDataException>(() => ClassSplit.BaseAndNew(Named([0], 1))).Message.ShouldContain("one class only");
        Should.Throw<LfaDataException>(() => ClassSplit.BaseAndNew(Named([0, 1], 3))).Message.ShouldBe("The classes 2 to 2 (\"class 2\" to \"class 2\") have no image; both halves need some.");
    }

    [Fact]
    public void SelectRows_Crops_AreAllTaken()
    {
        Matrix[] crops = [MadeUp.Features(4, 3, seed: 1), MadeUp.Features(4, 3, seed: 2)];
        var task = new FeatureSet(crops, MadeUp.Features(2, 3, seed: 3), MadeUp.Labels(4, 2));
        var chosen = task.SelectRows([3, 0, 3]);
        chosen.Labels.ToArray().ShouldBe([1, 0, 1]);
        chosen.Crops.Count.ShouldBe(2);
        for (var crop = 0; crop < 2; crop++)
            chosen.Crops[crop].Row(0).ToArray().ShouldBe(task.Crops[crop].Row(3).ToArray());
        chosen.ImageFeatures.ShouldBeSameAs(chosen.Crops[1]);
    }

    /// <summary>A task whose files are named by their rows; three images without labels where none are given.</summary>
    private static FeatureSet Named(int[] labels, int classes)
    {
        var rows = labels.Length > 0 ? labels.Length : 3;
        return new FeatureSet(MadeUp.Features(rows, 6, seed: 1), MadeUp.Features(classes, 6, seed: 2), labels, fileNames: [.. Enumerable.Range(0, rows).Select(row => Invariant($"{row}"))]);
    }

    private static void ShouldBeEven(int[] assignment, int folds)
    {
        assignment.ShouldAllBe(fold => fold >= 0 && fold < folds);
        var sizes = Enumerable.Range(0, folds).Select(fold => assignment.Count(value => value == fold)).ToArray();
        (sizes.Max() - sizes.Min()).ShouldBeLessThanOrEqualTo(1);
    }
}
