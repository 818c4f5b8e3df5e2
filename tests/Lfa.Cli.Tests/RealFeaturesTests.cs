using System.Text.Json;
using Lfa.Cli.Tests.Support;

namespace Lfa.Cli.Tests;

/// <summary>Accuracies on real CLIP features; skipped where the shared folder is absent.</summary>
[Trait(Speed.Trait, Speed.Slow)]
public sealed class RealFeaturesTests
{
    [Fact]
    public void Fit_Caltech16Shot_GivesThePublishedNumbers()
    {
        var test = Fit("caltech101_59_train_16shot.npz", "caltech101_59_test.npz", "--iterations", "100");
        Math.Round(Top1(test, "zeroShot"), 2).ShouldBe(97.19);
        Top1(test, "procrustes").ShouldBe(96.6, 0.2);
        Top1(test, "lfa").ShouldBeGreaterThan(98);
    }

    [Fact]
    public void Fit_ImageNet4ShotZeroShot_GivesThePublishedNumber() =>
        Math.Round(Top1(Fit("imagenet_vitb32_train_4shot.npz", "imagenet_vitb32_test.npz", "--method", "zero-shot"), "zeroShot"), 2).ShouldBe(65.70);

    [Theory]
    [InlineData("caltech101_59_train_16shot.npz", "caltech101_59_test.npz", 98.48)]
    [InlineData("imagenet_vitb32_train_4shot.npz", "imagenet_vitb32_test.npz", 65.60)]
    public void Fit_Unsupervised_IsNotBelowZeroShotNorThePublishedWay(string train, string test, double least) =>
        Top1(Fit(train, test, "--unsupervised"), "unsupervised").ShouldBeGreaterThanOrEqualTo(least);

    private static JsonElement Fit(string train, string test, params string[] options) =>
        Tool.SucceedWithJson(["fit", SharedFolder.Require($"real/{train}"), "--test", SharedFolder.Require($"real/{test}"), "--json", .. options]).GetProperty("test");

    private static double Top1(JsonElement test, string stage) => test.GetProperty(stage).GetProperty("top1").GetDouble();
}
