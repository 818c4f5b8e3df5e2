using Lfa.Data;
using Lfa.Numerics;
using Lfa.Tests.Support;
using Lfa.Validation;

namespace Lfa.Tests.Validation;

public class NearDuplicatesTests
{
    [Fact]
    public void FirstOf_DistinctImages_AreThemselves()
    {
        var task = MadeUp.Task(classes: 5, dimension: 64, shots: 6, seed: 1);
        NearDuplicates.FirstOf(task).ShouldBe(Enumerable.Range(0, task.SampleCount));
    }

    [Theory]
    [InlineData(0.05, true)]
    [InlineData(0.8, false)] // As far as a tenth of the squared distance of others, and further.
    public void FirstOf_CopiesWithNoise_CountOnceIfTheyAreNear(double noise, bool isOne)
    {
        var task = Copy(MadeUp.Task(classes: 4, dimension: 64, shots: 4, seed: 2), noise);
        var first = NearDuplicates.FirstOf(task);
        for (var row = 0; row < first.Length; row++)
            first[row].ShouldBe(isOne ? row / 3 * 3 : row, Invariant($"row {row}"));
    }

    [Fact]
    public void FirstOf_ChainOfCopies_IsOneExample()
    {
        // 0°, 12°, 24° and 36° follow one another; 120° and 240° do not.
        double[] angles = [24, 0, 36, 12, 120, 240];
        float[] values = [.. angles.SelectMany(angle => (float[])[(float)Math.Cos(angle * Math.PI / 180), (float)Math.Sin(angle * Math.PI / 180), .. new float[62]])];
        var task = new FeatureSet(new Matrix(values, 6, 64), new Matrix((float[])[1, .. new float[64], 1, .. new float[62]], 2, 64), new int[6], ["a", "b"]);
        NearDuplicates.FirstOf(task).ShouldBe([0, 0, 0, 0, 4, 5]);
    }

    [Fact]
    public void FirstOf_FewDimensions_CountsOnlyTheSameRowsOnce()
    {
        var task = Copy(MadeUp.Task(classes: 3, dimension: 8, shots: 4, seed: 5), noise: 1e-3);
        NearDuplicates.FirstOf(task).ShouldBe(Enumerable.Range(0, task.SampleCount));
    }

    [Fact]
    public void FirstOf_ImagesAlongALine_AreManyExamples()
    {
        // Each is nearly the next one, and the last is far from the first.
        float[] values = [.. Enumerable.Range(0, 8).SelectMany(i => (float[])[(float)Math.Cos(0.02 * i), (float)Math.Sin(0.02 * i), .. new float[62]])];
        var task = new FeatureSet(new Matrix(values, 8, 64), new Matrix((float[])[1, .. new float[64], 1, .. new float[62]], 2, 64), new int[8], ["a", "b"]);
        NearDuplicates.FirstOf(task).ShouldBe(Enumerable.Range(0, 8));
    }

    [Fact]
    public void FirstOf_OtherClass_IsAnotherExample()
    {
        var task = MadeUp.Task(classes: 2, dimension: 64, shots: 4, seed: 3);
        var rows = task.ImageFeatures.Values.ToArray();
        // The second image, of the other class, is nearly the first.
        task.ImageFeatures.Row(0).CopyTo(rows.AsSpan(64));
        rows[64] += 1e-3f;
        var changed = new FeatureSet(new Matrix(rows, 8, 64), task.ClassPrototypes, task.Labels, task.ClassNames);
        NearDuplicates.FirstOf(changed).ShouldBe(Enumerable.Range(0, 8));
    }

    [Fact]
    public void FirstOf_SameRowOfTwoClasses_JoinsTheirNeighbors()
    {
        var task = MadeUp.Task(classes: 2, dimension: 64, shots: 4, seed: 6);
        var rows = task.ImageFeatures.Values.ToArray();
        // Row 5 is row 2 under the other label, and row 1, of its class, is nearly that.
        task.ImageFeatures.Row(2).CopyTo(rows.AsSpan(5 * 64));
        task.ImageFeatures.Row(2).CopyTo(rows.AsSpan(64));
        rows[64] += 1e-3f;
        var changed = new FeatureSet(new Matrix(rows, 8, 64), task.ClassPrototypes, task.Labels, task.ClassNames, normalize: false);
        NearDuplicates.FirstOf(changed).ShouldBe([0, 1, 1, 3, 4, 1, 6, 7]);
    }

    [Fact]
    public void Of_Copies_LieInOneFold()
    {
        var task = Copy(MadeUp.Task(classes: 4, dimension: 64, shots: 4, seed: 4), noise: 0.05);
        var folds = SelectionFolds.Of(task, seed: 1);
        folds.All.Count.ShouldBe(4);
        foreach (var fold in folds.All)
            fold.Held.Select(row => row / 3).GroupBy(image => image).ShouldAllBe(image => image.Count() == 3);
    }

    /// <summary>Three of each image, each with noise of a length of its own.</summary>
    private static FeatureSet Copy(FeatureSet task, double noise)
    {
        var copies = task.SelectRows([.. Enumerable.Range(0, 3 * task.SampleCount).Select(row => row / 3)]);
        var (values, random) = (copies.ImageFeatures.Values.ToArray(), new RandomStream(1, RandomPurpose.Perturbation));
        for (var i = 0; i < values.Length; i++)
            values[i] += (float)(noise / Math.Sqrt(task.Dimension) * random.NextNormal());
        return new FeatureSet(new Matrix(values, copies.SampleCount, copies.Dimension), copies.ClassPrototypes, copies.Labels, copies.ClassNames);
    }
}
