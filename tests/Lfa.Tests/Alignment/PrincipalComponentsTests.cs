using Lfa.Alignment;
using Lfa.Data;
using Lfa.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lfa.Tests.Alignment;

public class PrincipalComponentsTests
{
    private static readonly FeatureSet Task = TwoSpaces.Planted(20, 12, classes: 15, shots: 3, seed: 1, spread: 1).Task;

    [Fact]
    public void MeanDirections_MappedFeatures_HaveNoneInCommon()
    {
        var maps = new MeanDirections().Fit(Task);
        var texts = Task.ClassPrototypes.ToOracle();
        var mean = texts.ColumnSums().Normalize(2);
        (maps.Texts!.Apply(Task.ClassPrototypes).ToOracle() * mean).AbsoluteMaximum().ShouldBeLessThan(1e-6);
        maps.Texts.Matrix.ToOracle().ShouldBeCloseTo(Matrix<double>.Build.DenseIdentity(12) - mean.OuterProduct(mean), 1e-6);
        maps.Images!.Matrix.ToOracle().Svd().S.Count(value => value > 1e-6).ShouldBe(19);
    }

    [Fact]
    public void MeanDirections_MoreImagesOfAClass_DoNotMoveTheMean()
    {
        int[] twice = [.. Enumerable.Range(0, Task.SampleCount), .. Enumerable.Range(0, Task.SampleCount).Where(i => Task.Labels.Span[i] == 0)];
        new MeanDirections().Fit(Task.SelectRows(twice)).Images!.Matrix.Values.ShouldBeCloseTo(new MeanDirections().Fit(Task).Images!.Matrix.Values.Span, 1e-6);
    }

    [Fact]
    public void MeanDirections_OneClass_LeaveItAsItIs()
    {
        var (one, _) = TwoSpaces.Planted(20, 12, classes: 1, shots: 1, seed: 2);
        new MeanDirections().Fit(one).ShouldBe(new SideMaps(null, null));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(11)]
    public void Fit_Components_SpanThoseOfTheOracle(int components)
    {
        var maps = new PrincipalComponents { Components = components }.Fit(Task, new FitContext { MaxDegreeOfParallelism = 2 });
        Check(maps.Images!.Matrix, Task.ImageFeatures, new MeanDirections().Fit(Task).Images!.Matrix, components);
        Check(maps.Texts!.Matrix, Task.ClassPrototypes, new MeanDirections().Fit(Task).Texts!.Matrix, components);
    }

    [Fact]
    public void Fit_FewerRowsThanComponents_HasZerosBeyondTheirSpan()
    {
        var (few, _) = TwoSpaces.Planted(30, 20, classes: 6, shots: 1, seed: 3, spread: 1);
        var maps = new PrincipalComponents { Components = 10 }.Fit(few);
        var texts = maps.Texts!.Matrix.ToOracle();
        texts.ColumnNorms(2).Take(5).ShouldAllBe(norm => Math.Abs(norm - 1) < 1e-5); // Of six classes, once their mean direction is out.
        texts.ColumnNorms(2).Skip(5).ShouldAllBe(norm => norm == 0);
        Check(Oracle.ToFeatures(texts.SubMatrix(0, 20, 0, 5)), few.ClassPrototypes, new MeanDirections().Fit(few).Texts!.Matrix, 5);
    }

    [Fact]
    public void Fit_NoNumber_KeepsTheNarrowerSideWhole()
    {
        var maps = new PrincipalComponents().Fit(Task);
        maps.Images!.OutputDimension.ShouldBe(12);
        maps.Texts!.Matrix.Values.ToArray().ShouldBe(new MeanDirections().Fit(Task).Texts!.Matrix.Values.ToArray());
    }

    [Fact]
    public void Fit_ComponentsThatASideLacks_NamesBothShapes() =>
        Should.Throw<LfaDataException>(() => new PrincipalComponents { Components = 13 }.Fit(Task))
            .Message.ShouldBe("components is 13 but imageFeatures is 45 × 20 and classPrototypes 15 × 12; give a number from 1 to 12.");

    [Fact]
    public void Components_NotOne_Throws() => Should.Throw<ArgumentOutOfRangeException>(() => new PrincipalComponents { Components = 0 });

    /// <summary>Compares the projections on both spans, which no choice of a basis changes.</summary>
    private static void Check(Matrix map, Matrix features, Matrix centering, int components)
    {
        var centered = (features.ToOracle() * centering.ToOracle()).NormalizeRows(2);
        var basis = centered.Svd().VT.SubMatrix(0, components, 0, features.Columns);
        var a = map.ToOracle();
        (a * a.Transpose()).ShouldBeCloseTo(basis.Transpose() * basis, 1e-5); // Single precision.
    }
}
