using Lfa.Alignment;
using Lfa.Data;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Alignment;

public class ClassStatisticsTests
{
    // Sums in double precision, of terms in another order.
    private const double Rounding = 1e-14;

    [Fact]
    public void Of_ATask_IsTheSumsInPlain()
    {
        var task = MadeUp.Task(4, 9, shots: 3, seed: 1);
        var statistics = ClassStatistics.FromTask(task);
        var x = task.ImageFeatures.ToOracle();
        statistics.Counts.ToArray().ShouldBe([3, 3, 3, 3]);
        (statistics.ClassCount, statistics.Dimension, statistics.SampleCount).ShouldBe((4, 9, 12));
        var sums = Matrix<double>.Build.Dense(4, 9, (c, j) => Enumerable.Range(0, 12).Where(i => task.Labels.Span[i] == c).Sum(i => x[i, j]));
        statistics.Sums.Span.ShouldBeCloseTo(sums.ToRowMajorArray(), Rounding);
        statistics.SecondMoments.Span.ShouldBeCloseTo(x.TransposeThisAndMultiply(x).ToRowMajorArray(), Rounding);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(131)]
    public void Of_SecondMoments_AreSymmetricBitForBit(int dimension)
    {
        var moments = ClassStatistics.FromTask(MadeUp.Task(5, dimension, shots: 260, seed: 2), maxDegreeOfParallelism: 2).SecondMoments;
        for (var i = 0; i < dimension; i++)
        {
            for (var j = 0; j < i; j++)
                moments.Span[(i * dimension) + j].ShouldBe(moments.Span[(j * dimension) + i]);
        }
    }

    [Fact]
    public void Of_SeveralCrops_CountsTheCenterOne()
    {
        var task = MadeUp.Task(2, 5, shots: 2, seed: 3);
        var crops = new FeatureSet([MadeUp.Features(4, 5, seed: 4), task.ImageFeatures], task.ClassPrototypes, task.Labels);
        ClassStatistics.FromTask(crops).Sums.ToArray().ShouldBe(ClassStatistics.FromTask(task).Sums.ToArray());
    }

    [Fact]
    public void Add_InTwoParts_IsTheWhole()
    {
        var task = MadeUp.Task(4, 9, shots: 5, seed: 5);
        int[] first = [0, 1, 2, 7, 9, 12], second = [.. Enumerable.Range(0, 20).Except(first)];
        var whole = ClassStatistics.FromTask(task);
        ShouldBeClose(ClassStatistics.FromTask(task.SelectRows(first)).Add(ClassStatistics.FromTask(task.SelectRows(second))), whole);
        whole.Counts.ToArray().ShouldBe([5, 5, 5, 5]);
    }

    [Fact]
    public void AddClasses_ThenTheirExamples_IsTheWhole()
    {
        var task = MadeUp.Task(4, 9, shots: 5, seed: 6);
        int[] known = [.. Enumerable.Range(0, 20).Where(i => i % 4 < 3)], added = [.. Enumerable.Range(0, 20).Where(i => i % 4 == 3)];
        var three = new FeatureSet(task.ImageFeatures.SelectRows(known), task.ClassPrototypes.Slice(0, 3), known.Select(i => i % 4).ToArray());
        ShouldBeClose(ClassStatistics.FromTask(three).AddClasses(1).Add(ClassStatistics.FromTask(task.SelectRows(added))), ClassStatistics.FromTask(task));
    }

    [Fact]
    public void RemoveClasses_AllOfOneSpread_IsNeverHavingHadThem()
    {
        // Every class holds the same deviations from its mean, so the spread of the removed ones is that of the others.
        var deviations = MadeUp.Doubles(6 * 7, seed: 7);
        var means = MadeUp.Doubles(5 * 7, seed: 8);
        var rows = Matrix<double>.Build.Dense(30, 7, (i, j) => means[(i % 5 * 7) + j] + deviations[(i / 5 * 7) + j]);
        var task = new FeatureSet(Oracle.ToFeatures(rows), MadeUp.Features(5, 7, seed: 9), MadeUp.Labels(30, 5), normalize: false);
        int[] kept = [0, 2, 4];
        int[] keptRows = [.. Enumerable.Range(0, 30).Where(i => kept.Contains(i % 5))];
        var never = new FeatureSet(task.ImageFeatures.SelectRows(keptRows), task.ClassPrototypes.SelectRows(kept), keptRows.Select(i => Array.IndexOf(kept, i % 5)).ToArray(), normalize: false);
        var removed = ClassStatistics.FromTask(task).RemoveClasses([3, 1]);
        removed.Counts.ToArray().ShouldBe([6, 6, 6]);
        removed.Sums.Span.ShouldBeCloseTo(ClassStatistics.FromTask(never).Sums.Span, 0);
        removed.SecondMoments.Span.ShouldBeCloseTo(ClassStatistics.FromTask(never).SecondMoments.Span, 1e-6); // the rows are in single precision
    }

    [Fact]
    public void RemoveClasses_OneWithoutAnExample_ChangesNoSum()
    {
        var statistics = ClassStatistics.FromTask(MadeUp.Task(3, 6, shots: 4, seed: 10));
        ShouldBeClose(statistics.AddClasses(2).RemoveClasses([4, 3]), statistics);
        statistics.RemoveClasses([]).ShouldBeSameAs(statistics);
    }

    [Fact]
    public void RemoveClasses_WrongOnes_AreNamed()
    {
        var statistics = ClassStatistics.FromTask(MadeUp.Task(3, 6, shots: 2, seed: 11));
        Should.Throw<LfaDataException>(() => statistics.RemoveClasses([3])).Message.ShouldContain("holds 3");
        Should.Throw<LfaDataException>(() => statistics.RemoveClasses([1, 1])).Message.ShouldContain("holds 1");
        Should.Throw<LfaDataException>(() => statistics.RemoveClasses([0, 1, 2])).Message.ShouldContain("all 3 classes");
    }

    [Fact]
    public void Add_OtherShapes_NamesBoth()
    {
        var statistics = ClassStatistics.FromTask(MadeUp.Task(3, 6, shots: 2, seed: 12));
        Should.Throw<LfaDataException>(() => statistics.Add(statistics.AddClasses(1))).Message.ShouldContain("of 4 classes and 6 components but these statistics are of 3 and 6");
        Should.Throw<LfaDataException>(() => ClassStatistics.FromTask(new FeatureSet(MadeUp.Features(2, 3, 1), MadeUp.Features(2, 3, 2), default))).Message.ShouldContain("no labels");
    }

    private static void ShouldBeClose(ClassStatistics actual, ClassStatistics expected)
    {
        actual.Counts.ToArray().ShouldBe(expected.Counts.ToArray());
        actual.Sums.Span.ShouldBeCloseTo(expected.Sums.Span, Rounding);
        actual.SecondMoments.Span.ShouldBeCloseTo(expected.SecondMoments.Span, Rounding);
    }
}
