using System.Text.Json;
using Lfa.Alignment;
using Lfa.Cli.Tests.Support;
using Lfa.Data;
using Lfa.IO;

namespace Lfa.Cli.Tests.Commands;

/// <summary>Tasks whose images and class names have other numbers of components.</summary>
public sealed class ProjectionCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ProjectionCommandTests()
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
    [InlineData("auto", "cca", true, "auto")]
    [InlineData("lfa", "gaussian", false, "projection", "lfa", "movingAverage", "--projection", "gaussian", "--beta", "0.1", "--iterations", "5")]
    [InlineData("lfa", "procrustes", false, "lfa", "movingAverage", "--projection", "procrustes", "--iterations", "5")]
    [InlineData("lfa", "pca", false, "lfa", "movingAverage", "--projection", "pca", "--components", "7", "--iterations", "5")]
    [InlineData("lfa", "cca", false, "lfa", "movingAverage", "--projection", "cca", "--components", "4", "--iterations", "5")]
    [InlineData("lfa", "cca", true, "lfa", "movingAverage", "--iterations", "5")]
    [InlineData("least-squares", "procrustes", true, "leastSquares", "--method", "least-squares")]
    public void Fit_TwoSpaces_ReportsTheProjectionAndServesEveryCommand(string method, string projection, bool warns, params string[] stagesThenOptions)
    {
        string[] options = [.. stagesThenOptions.SkipWhile(word => !word.StartsWith("--", StringComparison.Ordinal))];
        string[] args = ["fit", TrainPath, "--test", TestPath, "-o", ModelPath, "--json", .. options];
        // Of a projection that is asked for there is nothing to warn.
        using var document = JsonDocument.Parse(warns ? Tool.SucceedWithWarning(Warning(projection), args) : Tool.Succeed(args));
        var fit = document.RootElement;
        (fit.GetProperty("method").GetString(), fit.GetProperty("projection").GetString(), fit.GetProperty("bridge").GetString()).ShouldBe((method, projection, projection));
        fit.GetProperty("test").GetProperty("zeroShot").ValueKind.ShouldBe(JsonValueKind.Null);
        var stage = stagesThenOptions.First(word => fit.GetProperty("test").TryGetProperty(word, out _));
        fit.GetProperty("test").GetProperty(stage).GetProperty("top1").GetDouble().ShouldBe(Tool.SucceedWithJson("evaluate", ModelPath, TestPath, "--json").GetProperty("top1").GetDouble());

        Tool.Succeed("predict", ModelPath, TestPath).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(61); // A header, and 60 images.
        Tool.Succeed("export", ModelPath, "-o", _folder["head.npz"]);
        Tool.Succeed("inspect", _folder["head.npz"]).ShouldContain("6 × 24");
        Tool.Succeed("inspect", ModelPath).ShouldContain("transform");
    }

    [Fact]
    public void Fit_Text_NamesTheProjection()
    {
        var text = Tool.SucceedWithWarning(Warning("cca"), "fit", TrainPath, "--test", TestPath, "--explain");
        text.ShouldContain("Chosen: ");
        text.ShouldContain("cca projection of penalty");
        text.ShouldContain("method auto, projection cca, seed 1");
        text.ShouldNotContain("zero-shot");
    }

    [Fact]
    public void Fit_TwoSpacesOfOneWidth_AutoTakesTheProjectionItIsGiven()
    {
        using var task = new SmallTask();
        var fit = Tool.SucceedWithJson("fit", task.TrainPath, "--test", task.TestPath, "--projection", "cca", "-o", ModelPath, "--json");
        (fit.GetProperty("method").GetString(), fit.GetProperty("projection").GetString()).ShouldBe(("auto", "cca"));
        fit.GetProperty("test").GetProperty("zeroShot").ValueKind.ShouldBe(JsonValueKind.Null);
        Accuracy(Tool.SucceedWithJson("evaluate", ModelPath, task.TestPath, "--json")).ShouldBe(Accuracy(fit.GetProperty("test").GetProperty("auto")));
        Tool.Fail("fit", task.TrainPath, "--method", "auto", "--projection", "pca").ShouldContain("--projection: --method auto chooses by itself");

        static double Accuracy(JsonElement element) => element.GetProperty("top1Accuracy").GetDouble();
    }

    [Fact]
    public void Inspect_TwoSpaces_NotesThemWithoutAProblem()
    {
        var text = Tool.Succeed("inspect", TrainPath);
        text.ShouldContain("arr_1 is 24 × 24 but arr_0 is 6 × 9: encoders of two spaces, between which a fit makes a projection.");
    }

    [Theory]
    [InlineData("train.npz: imageFeatures is 24 × 24 but classPrototypes is 6 × 9: two spaces, which zero-shot cannot compare", "--method", "zero-shot")]
    [InlineData("--projection: --method auto chooses by itself; leave --projection out, or give a method that takes it, such as --method lfa.", "--method", "auto", "--projection", "pca")]
    [InlineData("train.npz: Between 24 and 9 components there is no identity for beta to weigh", "--projection", "procrustes", "--beta", "0.5")]
    [InlineData("train.npz: components is 10 but imageFeatures is 24 × 24 and classPrototypes 6 × 9; give a number from 1 to 9.", "--projection", "pca", "--components", "10")]
    [InlineData("lfa: --components: --projection gaussian keeps all components; leave --components out.", "--projection", "gaussian", "--components", "4")]
    [InlineData("lfa: --components: give --projection pca or cca, too.", "--components", "4")]
    [InlineData("lfa: --components: --projection procrustes keeps all components; leave --components out.", "--method", "procrustes", "--projection", "procrustes", "--components", "4")]
    [InlineData("train.npz: imageFeatures is 24 × 24 but classPrototypes is 6 × 9; a projection between two spaces is fitted to labeled images.", "--unsupervised")]
    [InlineData("--components 0: Components must be 1 or more", "--components", "0")]
    [InlineData("--projection rope: expected one of auto|procrustes|gaussian|pca|cca", "--projection", "rope")]
    public void Fit_WhatCannotBe_IsOneLine(string expected, params string[] options) =>
        Tool.Fail(["fit", TrainPath, .. options]).ShouldContain(expected);

    [Fact]
    public void Fit_Coverage_NeedsImagesToHoldOut()
    {
        Tool.SucceedWithWarning(Warning("cca"), "fit", TrainPath, "-o", ModelPath, "--coverage", "0.9");
        Tool.Succeed("predict", ModelPath, TestPath).ShouldContain("set");
        var (one, _) = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 6, Dimension = 24, Shots = 1, TestImages = 1, Groups = 2 });
        FeatureFile.Write(_folder["one.npz"], Narrowed(one));
        var result = Tool.Run("fit", _folder["one.npz"], "--coverage", "0.9");
        (result.ExitCode, result.Output).ShouldBe((2, ""));
        var lines = result.Error.Split(Environment.NewLine);
        lines.Length.ShouldBe(3, "a warning, the fault, and nothing");
        lines[0].ShouldBe($"lfa: {Warning("cca")}");
        lines[1].ShouldContain("across two spaces one example a class leaves none");
    }

    [Fact]
    public void OtherCommands_ThatNeedOneSpace_Refuse()
    {
        Tool.Fail("review", TrainPath).ShouldContain("two spaces, which a review cannot compare; fit a projection between them");
        Tool.SucceedWithWarning(Warning("cca"), "fit", TrainPath, "-o", ModelPath);
        Tool.Fail("update", ModelPath, TrainPath, "-o", _folder["n.safetensors"]).ShouldContain("stands on a projection between two spaces");
    }

    [Fact]
    public void Compare_TwoSpaces_PutsTheProjectionsBesideWhatNeedsNoText()
    {
        // Each projection that was not asked for is told once, however many methods take it.
        var result = Tool.Run("compare", TrainPath, TestPath);
        (result.ExitCode, result.Error).ShouldBe((0, string.Concat(new[] { "procrustes", "cca" }.Select(projection => $"lfa: {Warning(projection)}{Environment.NewLine}"))));
        var text = result.Output;
        foreach (var method in new[] { "k-nn", "linear-probe", "auto", "projection-procrustes", "projection-gaussian", "projection-pca", "projection-cca" })
            text.ShouldContain($"\n{method} ");
        text.ShouldContain("two spaces, which tip-adapter cannot compare");
    }

    [Fact]
    public void Predict_TwoSpaces_WarnsOfNothing()
    {
        Tool.SucceedWithWarning(Warning("cca"), "fit", TrainPath, "-o", ModelPath);
        Tool.Succeed("predict", ModelPath, TestPath);
        Tool.Succeed("evaluate", ModelPath, TestPath);
    }

    private static string Warning(string projection) => $"Images have 24 components and class names 9: two spaces, brought together by the projection {projection}.";

    /// <summary>Mixes the text features into nine components, so that they are of another space.</summary>
    private static FeatureSet Narrowed(FeatureSet task) =>
        new(task.ImageFeatures, GaussianProjection.Between(9, task.TextDimension).Texts!.Apply(task.ClassPrototypes), task.Labels, task.ClassNames, task.FileNames);
}
