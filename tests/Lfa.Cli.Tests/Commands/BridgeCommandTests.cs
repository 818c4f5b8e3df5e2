using System.Text.Json;
using Lfa.Bridging;
using Lfa.Cli.Tests.Support;
using Lfa.Data;
using Lfa.IO;
using Lfa.Tests.Support;

namespace Lfa.Cli.Tests.Commands;

/// <summary>Tasks whose images and class names have other numbers of components.</summary>
public sealed class BridgeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BridgeCommandTests()
    {
        var (train, test) = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 6, Dimension = 24, Shots = 4, TestImages = 10, Groups = 2 });
        FeatureFile.Write(_folder["train.npz"], Narrowed(train));
        FeatureFile.Write(_folder["test.npz"], Narrowed(test));
    }

    private string TrainPath => _folder["train.npz"];

    private string TestPath => _folder["test.npz"];

    private string ModelPath => _folder["m.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("auto", "cca", "auto")]
    [InlineData("lfa", "projection", "projection", "lfa", "movingAverage", "--bridge", "projection", "--beta", "0.1", "--iterations", "5")]
    [InlineData("lfa", "procrustes", "lfa", "movingAverage", "--bridge", "procrustes", "--iterations", "5")]
    [InlineData("lfa", "pca", "lfa", "movingAverage", "--bridge", "pca", "--components", "7", "--iterations", "5")]
    [InlineData("lfa", "cca", "lfa", "movingAverage", "--components", "4", "--iterations", "5")]
    [InlineData("least-squares", "procrustes", "leastSquares", "--method", "least-squares")]
    public void Fit_TwoSpaces_ReportsTheBridgeAndServesEveryCommand(string method, string bridge, params string[] stagesThenOptions)
    {
        string[] options = [.. stagesThenOptions.SkipWhile(word => !word.StartsWith("--", StringComparison.Ordinal))];
        var fit = Tool.SucceedWithJson(["fit", TrainPath, "--test", TestPath, "-o", ModelPath, "--json", .. options]);
        (fit.GetProperty("method").GetString(), fit.GetProperty("bridge").GetString()).ShouldBe((method, bridge));
        fit.GetProperty("test").GetProperty("zeroShot").ValueKind.ShouldBe(JsonValueKind.Null);
        var stage = stagesThenOptions.First(word => fit.GetProperty("test").TryGetProperty(word, out _));
        fit.GetProperty("test").GetProperty(stage).GetProperty("top1").GetDouble().ShouldBe(Tool.SucceedWithJson("evaluate", ModelPath, TestPath, "--json").GetProperty("top1").GetDouble());

        Tool.Succeed("predict", ModelPath, TestPath).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(61); // A header, and 60 images.
        Tool.Succeed("export", ModelPath, "-o", _folder["head.npz"]);
        Tool.Succeed("inspect", _folder["head.npz"]).ShouldContain("6 × 24");
        Tool.Succeed("inspect", ModelPath).ShouldContain("transform");
    }

    [Fact]
    public void Fit_Text_NamesTheBridge()
    {
        var text = Tool.Succeed("fit", TrainPath, "--test", TestPath, "--explain");
        text.ShouldContain("Chosen: ");
        text.ShouldContain("cca bridge of penalty");
        text.ShouldContain("method auto, bridge cca, seed 1");
        text.ShouldNotContain("zero-shot");
    }

    [Fact]
    public void Fit_TwoSpacesOfOneWidth_AutoTakesTheBridgeItIsGiven()
    {
        using var task = new SmallTask();
        var fit = Tool.SucceedWithJson("fit", task.TrainPath, "--test", task.TestPath, "--bridge", "cca", "-o", ModelPath, "--json");
        (fit.GetProperty("method").GetString(), fit.GetProperty("bridge").GetString()).ShouldBe(("auto", "cca"));
        fit.GetProperty("test").GetProperty("zeroShot").ValueKind.ShouldBe(JsonValueKind.Null);
        Accuracy(Tool.SucceedWithJson("evaluate", ModelPath, task.TestPath, "--json")).ShouldBe(Accuracy(fit.GetProperty("test").GetProperty("auto")));
        Tool.Fail("fit", task.TrainPath, "--method", "auto", "--bridge", "pca").ShouldContain("--bridge: --method auto chooses by itself");

        static double Accuracy(JsonElement element) => element.GetProperty("top1").GetDouble();
    }

    [Fact]
    public void Inspect_TwoSpaces_NotesThemWithoutAProblem()
    {
        var text = Tool.Succeed("inspect", TrainPath);
        text.ShouldContain("arr_1 is 24 × 24 but arr_0 is 6 × 9: encoders of two spaces, between which a fit makes a bridge.");
    }

    [Theory]
    [InlineData("train.npz: imageFeatures is 24 × 24 but classPrototypes is 6 × 9: across a bridge there is no zero-shot classification", "--method", "zero-shot")]
    [InlineData("--bridge: --method auto chooses by itself; leave --bridge out, or give a method that takes it, such as --method lfa.", "--method", "auto", "--bridge", "pca")]
    [InlineData("train.npz: Between 24 and 9 components there is no identity for beta to weigh", "--bridge", "procrustes", "--beta", "0.5")]
    [InlineData("train.npz: components is 10 but imageFeatures is 24 × 24 and classPrototypes 6 × 9; give a number from 1 to 9.", "--bridge", "pca", "--components", "10")]
    [InlineData("train.npz: components is 4, but the bridge is projection; leave it out, or take the bridge pca or cca.", "--bridge", "projection", "--components", "4")]
    [InlineData("train.npz: components is 4, but the bridge is procrustes", "--method", "procrustes", "--components", "4")]
    [InlineData("train.npz: imageFeatures is 24 × 24 but classPrototypes is 6 × 9; a bridge between them is fitted to labeled images.", "--unsupervised")]
    [InlineData("--components 0: Components must be 1 or more", "--components", "0")]
    [InlineData("--bridge rope: expected one of auto|procrustes|projection|pca|cca", "--bridge", "rope")]
    public void Fit_WhatCannotBe_IsOneLine(string expected, params string[] options) =>
        Tool.Fail(["fit", TrainPath, .. options]).ShouldContain(expected);

    [Fact]
    public void Fit_Coverage_NeedsImagesToHoldOut()
    {
        Tool.Succeed("fit", TrainPath, "-o", ModelPath, "--coverage", "0.9");
        Tool.Succeed("predict", ModelPath, TestPath).ShouldContain("set");
        var (one, _) = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 6, Dimension = 24, Shots = 1, TestImages = 1, Groups = 2 });
        FeatureFile.Write(_folder["one.npz"], Narrowed(one));
        Tool.Fail("fit", _folder["one.npz"], "--coverage", "0.9").ShouldContain("across a bridge one example a class leaves none");
    }

    [Fact]
    public void OtherCommands_ThatNeedOneSpace_Refuse()
    {
        Tool.Fail("review", TrainPath).ShouldContain("two spaces, which a review cannot compare; fit a projection between them");
        Tool.Succeed("fit", TrainPath, "-o", ModelPath);
        Tool.Fail("update", ModelPath, TrainPath, "-o", _folder["n.safetensors"]).ShouldContain("stands on a bridge between two encoders");
    }

    [Fact]
    public void Compare_TwoSpaces_PutsTheBridgesBesideWhatNeedsNoText()
    {
        var text = Tool.Succeed("compare", TrainPath, TestPath);
        foreach (var method in new[] { "k-nn", "linear-probe", "auto", "bridge-projection", "bridge-cca" })
            text.ShouldContain($"\n{method} ");
        text.ShouldContain("two spaces, which tip-adapter cannot compare");
    }

    /// <summary>Mixes the text features into nine components, so that they are of another space.</summary>
    private static FeatureSet Narrowed(FeatureSet task) =>
        new(task.ImageFeatures, GaussianProjection.Between(9, task.TextDimension).Texts!.Apply(task.ClassPrototypes), task.Labels, task.ClassNames, task.FileNames);
}
