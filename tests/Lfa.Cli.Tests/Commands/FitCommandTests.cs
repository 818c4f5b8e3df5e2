using System.Text.Json;
using Lfa.Classification;
using Lfa.Cli.Tests.Support;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Refinement;
using Lfa.Validation;

namespace Lfa.Cli.Tests.Commands;

public sealed class FitCommandTests : IDisposable
{
    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void Fit_Json_HasTheDocumentedProperties()
    {
        var fit = Tool.SucceedWithJson("fit", _task.TrainPath, "--test", _task.TestPath, "--iterations", "3", "--seed", "7", "--json");
        Names(fit).ShouldBe(["method", "beta", "iterations", "seed", "seconds", "test"]);
        Names(fit.GetProperty("seconds")).ShouldBe(["load", "procrustes", "select", "refine", "total"]);
        Names(fit.GetProperty("test")).ShouldBe(["zeroShot", "procrustes", "betaProcrustes", "lfa", "movingAverage"]);
        var expected = new LfaMethod { Refinement = new() { Iterations = 3 } }.Fit(_task.Train, new FitContext { Seed = 7 });
        fit.GetProperty("test").EnumerateObject().ShouldAllBe(stage => Names(stage.Value).SequenceEqual(new[] { "top1Accuracy", "top5Accuracy", "top1", "top5" }));
        var accuracies = expected.Evaluate(_task.Test);
        accuracies.Select(stage => stage.Name).ShouldBe([FitStages.ZeroShot, FitStages.Procrustes, FitStages.BetaProcrustes, FitStages.Lfa, FitStages.MovingAverage]);
        fit.GetProperty("test").EnumerateObject().Select(stage => new Accuracy(stage.Value.GetProperty("top1Accuracy").GetDouble(), stage.Value.GetProperty("top5Accuracy").GetDouble()))
            .ShouldBe(accuracies.Select(stage => stage.Accuracy));
        fit.GetProperty("test").EnumerateObject().Select(stage => (stage.Value.GetProperty("top1").GetDouble(), stage.Value.GetProperty("top5").GetDouble()))
            .ShouldBe(accuracies.Select(stage => (100 * stage.Accuracy.Top1, 100 * stage.Accuracy.Top5)));
        (fit.GetProperty("method").GetString(), fit.GetProperty("iterations").GetInt32(), fit.GetProperty("seed").GetInt32()).ShouldBe(("lfa", 3, 7));
        fit.GetProperty("beta").GetDouble().ShouldBe(expected.Record.Find("beta")!.Value);
        var seconds = fit.GetProperty("seconds");
        seconds.GetProperty("load").GetDouble().ShouldBeGreaterThan(0);
        seconds.EnumerateObject().SkipLast(1).Sum(part => part.Value.GetDouble()).ShouldBeLessThanOrEqualTo(seconds.GetProperty("total").GetDouble());
    }

    [Theory]
    [InlineData("zero-shot", "", "zeroShot")]
    [InlineData("procrustes", "", "zeroShot", "procrustes")]
    [InlineData("beta-procrustes", "", "zeroShot", "procrustes", "betaProcrustes")]
    [InlineData("lfa", "--iterations 2", "zeroShot", "procrustes", "betaProcrustes", "lfa", "movingAverage")]
    [InlineData("least-squares", "--ridge 0.1", "zeroShot", "leastSquares")]
    public void Fit_Method_FillsItsStages(string method, string options, params string[] stages)
    {
        var fit = Tool.SucceedWithJson(["fit", _task.TrainPath, "--test", _task.TestPath, "--method", method, "--json", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        fit.GetProperty("method").GetString().ShouldBe(method);
        fit.GetProperty("test").EnumerateObject().Where(stage => stage.Value.ValueKind == JsonValueKind.Object).Select(stage => stage.Name).ShouldBe(stages);
        fit.GetProperty("beta").ValueKind.ShouldBe(method is "lfa" or "beta-procrustes" ? JsonValueKind.Number : JsonValueKind.Null);
        (fit.GetProperty("seconds").GetProperty("procrustes").GetDouble() > 0).ShouldBe(method != "zero-shot", "the closed form is timed");
    }

    [Fact]
    public void Fit_WithoutTest_MarksTheTrainingImages()
    {
        var text = Tool.Succeed("fit", _task.TrainPath, "--iterations", "2");
        text.ShouldContain("on the TRAINING images");
        text.ShouldContain("Nothing was saved");
        _task.Files.ShouldBe(["test.npz", "train.npz"]);
        Tool.SucceedWithJson("fit", _task.TrainPath, "--iterations", "2", "--json").GetProperty("test").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void Fit_Text_ShowsTheStagesSideBySide()
    {
        var text = Tool.Succeed("fit", _task.TrainPath, "--test", _task.TestPath, "--iterations", "2", "--beta", "0.5", "-o", _task["m.safetensors"]);
        foreach (var part in new[] { "top-1", "top-5", "\nzero-shot ", "\nProcrustes ", "\nβ-Procrustes ", "\nLFA ", "\nLFA, moving average ", "β 0.5 (given)", "2 iterations", "seed 1", $"Wrote {_task["m.safetensors"]}." })
            text.ShouldContain(part);
    }

    [Fact]
    public void Fit_AnyNumberOfThreads_WritesTheSameBytes()
    {
        string[] options = ["--iterations", "5", "--seed", "3", "--mix", "--orthogonalize", "0.01"];
        Tool.Succeed(["fit", _task.TrainPath, "-o", _task["1.safetensors"], "--threads", "1", .. options]);
        Tool.Succeed(["fit", _task.TrainPath, "-o", _task["2.safetensors"], "--threads", "2", .. options]);
        File.ReadAllBytes(_task["2.safetensors"]).ShouldBe(File.ReadAllBytes(_task["1.safetensors"]));
    }

    [Fact]
    public void Fit_EveryOption_ReachesTheModel()
    {
        Tool.Succeed("fit", _task.TrainPath, "-o", _task["m.safetensors"], "--beta", "0.25", "--iterations", "4", "--loss", "csls", "--knn", "2", "--learning-rate", "1e-3", "--weight-decay", "0",
            "--noise", "0.1", "--dropout", "0", "--batch", "0.5", "--mix", "--orthogonalize", "0.02", "--clip", "--temperature", "0.02", "--seed", "9", "--encoder", "ViT-B/32", "--stratified");
        var model = LfaModel.Load(_task["m.safetensors"]);
        model.Temperature.ShouldBe(0.02);
        (model.Record.Method, model.Record.Find("beta"), model.Record.Iterations, model.Record.Seed, model.Record.ImageEncoder?.Name).ShouldBe(("lfa", 0.25, 4, 9, "ViT-B/32"));
        MethodRegistry.DescribeOptions(model.Record.Options.ShouldBeOfType<LfaMethod>()).ShouldBe(MethodRegistry.DescribeOptions(new LfaMethod
        {
            Beta = 0.25,
            CrossValidation = new BetaCrossValidationOptions { Stratified = true },
            Refinement = new RefinementOptions
            {
                Iterations = 4,
                Loss = LossRegistry.Losses.Get("csls").Create(new Dictionary<string, double> { ["neighbors"] = 2 }),
                LearningRate = 1e-3,
                WeightDecay = 0,
                Noise = 0.1,
                Dropout = 0,
                BatchFraction = 0.5,
                MixesPairs = true,
                Orthogonalization = 0.02,
                ClipsSingularValues = true,
            },
        }));
    }

    [Theory]
    [InlineData("arerank")]
    [InlineData("contrastive")]
    [InlineData("triplet")]
    [InlineData("csls")]
    public void Fit_AnyLoss_Works(string loss) => Tool.Succeed("fit", _task.TrainPath, "--loss", loss, "--iterations", "2").ShouldContain("LFA");

    [Fact]
    public void Fit_Diverges_SaysSo()
    {
        Tool.Fail("fit", _task.TrainPath, "-o", _task["m.safetensors"], "--learning-rate", "1e300").ShouldContain("train.npz: The refinement diverged");
        _task.Files.ShouldBe(["test.npz", "train.npz"]);
    }

    [Fact]
    public void Fit_BetaAndItsSearch_AreChoices()
    {
        Tool.SucceedWithJson("fit", _task.TrainPath, "--method", "beta-procrustes", "--beta", "0.125", "--json").GetProperty("beta").GetDouble().ShouldBe(0.125);
        var published = Tool.Succeed("fit", _task.TrainPath, "--method", "beta-procrustes", "--beta", "cv");
        published.ShouldContain("(cross-validated)");
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
