using Lfa.Alignment;
using Lfa.Tests.Support;

namespace Lfa.Tests.Alignment;

public class GaussianProjectionTests
{
    [Fact]
    public void Between_Deviates_AreNormalOfVarianceOneOverComponents()
    {
        var values = GaussianProjection.Between(2000, 50).Images!.Matrix.Values.ToArray().Select(value => (double)value).ToArray();
        var mean = values.Average();
        var variance = values.Average(value => (value - mean) * (value - mean));
        mean.ShouldBe(0, 4 * Math.Sqrt(0.02 / values.Length)); // Four standard errors, here and below.
        variance.ShouldBe(1.0 / 50, 4 * 0.02 * Math.Sqrt(2.0 / values.Length));
        (values.Average(value => Math.Pow(value - mean, 4)) / (variance * variance)).ShouldBe(3, 4 * Math.Sqrt(24.0 / values.Length));
    }

    [Fact]
    public void Between_WiderSide_AloneIsMapped()
    {
        var images = GaussianProjection.Between(30, 8);
        (images.Images!.InputDimension, images.Images.OutputDimension, images.Texts).ShouldBe((30, 8, null));
        var texts = GaussianProjection.Between(8, 30);
        (texts.Texts!.InputDimension, texts.Texts.OutputDimension, texts.Images).ShouldBe((30, 8, null));
        GaussianProjection.Between(8, 8).ShouldBe(new SideMaps(null, null));
    }

    [Fact]
    public void Between_Seed_FixesEveryDeviate()
    {
        float[] Draw(int seed) => GaussianProjection.Between(30, 8, seed).Images!.Matrix.Values.ToArray();
        Draw(3).ShouldBe(Draw(3));
        Draw(3).ShouldNotBe(Draw(4));
    }

    [Fact]
    public void Apply_Task_ProjectsThenNormalizes()
    {
        var (task, _) = TwoSpaces.Planted(30, 8, classes: 5, shots: 2, seed: 1, spread: 1);
        var maps = GaussianProjection.Between(30, 8);
        var mapped = maps.Apply(task);
        mapped.ImageFeatures.Values.ShouldBeCloseTo(Oracle.ToFeatures((task.ImageFeatures.ToOracle() * maps.Images!.Matrix.ToOracle()).NormalizeRows(2)).Values.Span, 1e-6);
        mapped.ClassPrototypes.Values.ToArray().ShouldBe(task.ClassPrototypes.Values.ToArray());
    }

    [Fact]
    public void Unfold_Transform_ScoresAsInTheCommonSpace()
    {
        var (task, _) = TwoSpaces.Planted(30, 8, classes: 5, shots: 2, seed: 2, spread: 1);
        var maps = GaussianProjection.Between(30, 8);
        var transform = new Transform(MadeUp.Features(8, 8, seed: 3));
        var common = transform.Apply(maps.Apply(task).ImageFeatures).NormalizeRows();
        maps.Unfold(transform).Apply(task.ImageFeatures).NormalizeRows().Values.ShouldBeCloseTo(common.Values.Span, 1e-5);
    }

    [Fact]
    public void Between_NoComponents_Throws() => Should.Throw<ArgumentOutOfRangeException>(() => GaussianProjection.Between(0, 8));
}
