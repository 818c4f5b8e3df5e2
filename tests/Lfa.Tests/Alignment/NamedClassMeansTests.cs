using Lfa.Alignment;
using Lfa.Data;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Alignment;

public class NamedClassMeansTests
{
    [Theory]
    [InlineData(12)]
    [InlineData(5)] // fewer than components of a name
    public void Of_Residuals_AreWhatARegressionWithoutTheClassLeaves(int classes)
    {
        var task = Problem(classes, shots: 2);
        var named = NamedClassMeans.Of(ClassStatistics.FromTask(task, 1), task.ClassPrototypes, threads: 1);
        var (means, texts) = (Means(task), task.ClassPrototypes.ToOracle());
        double[] penalties = [1, 3, 10];
        var errors = penalties.Select(penalty => LeftOut(means, texts, penalty)).ToArray();
        var best = errors.MinBy(residuals => residuals.FrobeniusNorm())!;
        named.Residuals.ShouldBeCloseTo(best.ToRowMajorArray(), 1e-9);
        named.MeanSquare.ShouldBe(Math.Pow(best.FrobeniusNorm(), 2) / classes, 1e-9);
    }

    [Fact]
    public void Of_ClassWithoutAnImage_TakesNoPart()
    {
        var task = Problem(classes: 12, shots: 2);
        var part = task.SelectRows([.. Enumerable.Range(2, 22)]);
        var named = NamedClassMeans.Of(ClassStatistics.FromTask(part, 1), part.ClassPrototypes, threads: 1);
        named.Means.AsSpan(0, task.Dimension).ToArray().ShouldAllBe(value => value == 0);
        named.Residuals.AsSpan(0, task.Dimension).ToArray().ShouldAllBe(value => value == 0);
        var alone = new FeatureSet(part.ImageFeatures, part.ClassPrototypes.Slice(1, 11), part.Labels.ToArray().Select(label => label - 1).ToArray(), normalize: false);
        named.Residuals[task.Dimension..].ShouldBe(NamedClassMeans.Of(ClassStatistics.FromTask(alone, 1), alone.ClassPrototypes, threads: 1).Residuals);
    }

    [Fact]
    public void Of_TwoClasses_PredictsThePlaceOfTheOther()
    {
        var task = Problem(classes: 2, shots: 3);
        var named = NamedClassMeans.Of(ClassStatistics.FromTask(task, 1), task.ClassPrototypes, threads: 1);
        var means = Means(task);
        named.Residuals.AsSpan(0, task.Dimension).ToArray().ShouldBeCloseTo((means.Row(0) - means.Row(1)).ToArray(), 1e-9);
    }

    private static FeatureSet Problem(int classes, int shots, double noise = 0.5)
    {
        var (map, texts) = (Matrix<double>.Build.Random(6, 8, 1), Matrix<double>.Build.Random(classes, 6, 2));
        var images = Matrix<double>.Build.Dense(classes * shots, 8, (i, j) => (texts.Row(i / shots) * map)[j]) + (noise * Matrix<double>.Build.Random(classes * shots, 8, 3));
        return new FeatureSet(Single(images), Single(texts), Enumerable.Range(0, classes * shots).Select(i => i / shots).ToArray(), normalize: false);
    }

    private static Matrix<double> Means(FeatureSet task)
    {
        var (x, labels) = (task.ImageFeatures.ToOracle(), task.Labels.ToArray());
        return Matrix<double>.Build.DenseOfRowVectors(Enumerable.Range(0, task.ClassCount).Select(c =>
        {
            var rows = Enumerable.Range(0, labels.Length).Where(i => labels[i] == c).Select(x.Row).ToArray();
            return rows.Aggregate((a, b) => a + b) / rows.Length;
        }));
    }

    /// <summary>Fits anew without each class in turn; the penalty is that of all classes.</summary>
    private static Matrix<double> LeftOut(Matrix<double> means, Matrix<double> texts, double penalty)
    {
        var all = texts - Rows(texts.ColumnSums() / texts.RowCount, texts.RowCount);
        var lambda = penalty * Math.Pow(all.FrobeniusNorm(), 2) / texts.RowCount;
        return Matrix<double>.Build.DenseOfRowVectors(Enumerable.Range(0, means.RowCount).Select(c =>
        {
            var (m, t) = (means.RemoveRow(c), texts.RemoveRow(c));
            var (meanCenter, textCenter) = (m.ColumnSums() / m.RowCount, t.ColumnSums() / t.RowCount);
            t -= Rows(textCenter, t.RowCount);
            var map = (t.TransposeThisAndMultiply(t) + (lambda * Matrix<double>.Build.DenseIdentity(t.ColumnCount))).Inverse() * t.TransposeThisAndMultiply(m - Rows(meanCenter, m.RowCount));
            return means.Row(c) - meanCenter - ((texts.Row(c) - textCenter) * map);
        }));
    }

    private static Matrix Single(Matrix<double> values) => new(values.ToRowMajorArray().Select(value => (float)value).ToArray(), values.RowCount, values.ColumnCount);

    private static Matrix<double> Rows(Vector<double> row, int count) => Matrix<double>.Build.DenseOfRowVectors(Enumerable.Repeat(row, count));
}
