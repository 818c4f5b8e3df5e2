using Lfa.Cli.Tests.Support;
using Lfa.IO;
using Lfa.Model;

namespace Lfa.Cli.Tests.Commands;

public sealed class DatasetCommandsTests : IDisposable
{
    private readonly ImageTask _task = new();

    public DatasetCommandsTests()
    {
        for (var i = 0; i < 5; i++)
        {
            _task.Save(Invariant($"data/caltech-101/101_ObjectCategories/red_ball/{i}.png"), ImageTask.Red(i));
            _task.Save(Invariant($"data/caltech-101/101_ObjectCategories/sky/{i}.png"), ImageTask.Blue(i));
        }
        _task.Save("data/caltech-101/split_zhou_Caltech101.json", """
            {"train": [["red_ball/0.png", 0, "red_ball"], ["sky/0.png", 1, "sky"], ["red_ball/1.png", 0, "red_ball"], ["sky/1.png", 1, "sky"]],
             "val": [["sky/2.png", 1, "sky"]], "test": [["red_ball/3.png", 0, "red_ball"], ["sky/3.png", 1, "sky"], ["sky/4.png", 1, "sky"]]}
            """);
        _task.Save("data/imagenet-adversarial/imagenet-a/n02/1.png", ImageTask.Blue());
        _task.Save("data/imagenet-adversarial/classnames.txt", "n01 red ball\nn02 sky\n");
    }

    private string Root => _task["data"];

    public void Dispose() => _task.Dispose();

    [Theory]
    [InlineData("caltech101", 4)]
    [InlineData("Caltech_101:train", 4)]
    [InlineData("caltech101:val", 1)]
    [InlineData("caltech101:test", 3)]
    public void Embed_Name_EmbedsTheSplit(string name, int images)
    {
        _task.Embed(name, "--root", Root);
        var set = FeatureFile.Read(_task["f.npz"]);
        set.SampleCount.ShouldBe(images);
        set.ClassNames.ShouldBe(["red ball", "sky"]);
    }

    [Fact]
    public void Embed_Name_TakesThePublishedTemplates()
    {
        _task.Embed("imagenet-a:test", "--root", Root);
        var own = FeatureFile.Read(_task["f.npz"]).ClassPrototypes.Values.ToArray();
        File.Delete(_task["f.npz"]);
        _task.Embed("imagenet-a:test", "--root", Root, "--template", "imagenet");
        FeatureFile.Read(_task["f.npz"]).ClassPrototypes.Values.ToArray().ShouldBe(own);
        File.Delete(_task["f.npz"]);
        _task.Embed("imagenet-a:test", "--root", Root, "--template", "a photo of a {}.");
        FeatureFile.Read(_task["f.npz"]).ClassPrototypes.Values.ToArray().ShouldNotBe(own);
    }

    [Fact]
    public void FitEvaluateComparePredict_Names_TakeTheSplitsTheyAreFor()
    {
        string[] options = ["--root", Root, "--model", _task.Model, "--no-cache"];
        Tool.Succeed(["fit", "caltech101", "--test", "caltech101", "--method", "procrustes", "-o", _task["m.safetensors"], .. options]).ShouldContain("Accuracy in per cent on caltech101");
        var evaluation = Tool.SucceedWithJson(["evaluate", _task["m.safetensors"], "caltech101", "--json", .. options]);
        evaluation.GetProperty("samples").GetInt32().ShouldBe(3);
        var comparison = Tool.SucceedWithJson(["compare", "caltech101", "caltech101", "--methods", "nearest-mean", "--json", .. options]);
        (comparison.GetProperty("trainSamples").GetInt32(), comparison.GetProperty("testSamples").GetInt32()).ShouldBe((4, 3));
        Tool.Succeed(["predict", _task["m.safetensors"], "caltech101:val", .. options]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        Tool.Succeed(["predict", _task["m.safetensors"], "caltech101", .. options]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(4);
    }

    [Fact]
    public void Learn_Name_TakesTheSplitToTrainOnAndTheTemplates()
    {
        string[] options = ["--root", Root, "--model", _task.Model, "--no-cache"];
        _task.Embed("caltech101", "--root", Root);
        Tool.Succeed("learn", _task["f.npz"], "-o", _task["expected.npz"]);
        Tool.Succeed(["learn", "caltech101", "-o", _task["learned.npz"], .. options]);
        FeatureFile.ReadPrototypes(_task["learned.npz"]).Prototypes.Values.ToArray().ShouldBe(FeatureFile.ReadPrototypes(_task["expected.npz"]).Prototypes.Values.ToArray());
    }

    [Fact]
    public void EvaluateAndUpdate_NameWithNewClasses_TakeThePublishedTemplates()
    {
        string[] options = ["--root", Root, "--model", _task.Model, "--no-cache"];
        _task.Save("data/imagenet-adversarial/imagenet-a/n03/1.png", ImageTask.Red());
        _task.Save("data/imagenet-adversarial/classnames.txt", "n02 cloud\nn03 barn\n");
        _task.Embed("imagenet-a:test", "--root", Root);
        var model = _task.Fit();
        Tool.SucceedWithJson(["evaluate", model, "imagenet-a", "--new-classes", "--json", .. options]).GetProperty("logLoss").GetDouble()
            .ShouldBe(Tool.SucceedWithJson("evaluate", model, _task["f.npz"], "--new-classes", "--json").GetProperty("logLoss").GetDouble(), 1e-6);
        Tool.Succeed(["update", model, "imagenet-a:test", "-o", _task["wider.safetensors"], .. options]);
        Tool.Succeed("update", model, _task["f.npz"], "-o", _task["expected.safetensors"]);
        LfaModel.Load(_task["wider.safetensors"]).ClassPrototypes!.Values.ToArray().ShouldBe(LfaModel.Load(_task["expected.safetensors"]).ClassPrototypes!.Values.ToArray());
    }

    [Fact]
    public void Evaluate_SetWithSomeOfTheClasses_LetsTheseCompete()
    {
        string[] options = ["--root", Root, "--model", _task.Model, "--no-cache", "--json"];
        _task.Fit();
        var evaluation = Tool.SucceedWithJson(["evaluate", _task["fitted.safetensors"], "imagenet-a", .. options]);
        (evaluation.GetProperty("samples").GetInt32(), evaluation.GetProperty("top1").GetDouble()).ShouldBe((1, 100));
        _task.Save("data/imagenet-adversarial/classnames.txt", "n01 red ball\nn02 cloud\n");
        Tool.Fail(["evaluate", _task["fitted.safetensors"], "imagenet-a", .. options]).ShouldContain("cloud");
    }

    [Fact]
    public void Fit_MethodLfa_TakesThePublishedIterations()
    {
        string[] options = ["fit", "caltech101", "--root", Root, "--model", _task.Model, "--no-cache", "--json", "--method", "lfa", "--beta", "0.5"];
        Tool.SucceedWithJson(options).GetProperty("iterations").GetInt32().ShouldBe(1000);
        Tool.SucceedWithJson([.. options, "--iterations", "7"]).GetProperty("iterations").GetInt32().ShouldBe(7);
    }

    [Theory]
    [InlineData("caltech101:tset", "caltech101:tset: there is no split tset; caltech101 has train, val, test.")]
    [InlineData("imagenet-a", "imagenet-a has no split train; it has test.")]
    [InlineData("dtd", "dtd: there is no such folder; dtd is looked for in dtd/ with images/, split_zhou_DescribableTextures.json.")]
    public void Embed_WhatIsNotThere_IsNamed(string name, string problem) => _task.EmbedFails(name, "--root", Root).ShouldEndWith(problem);

    [Fact]
    public void Embed_WithoutARoot_SaysHowToGiveIt() =>
        _task.EmbedFails("caltech101").ShouldBe("lfa: caltech101: say with --root, or in LFA_DATA, which folder holds caltech-101/; see `lfa datasets`.");

    [Fact]
    public void Datasets_ListsNamesFilesTemplatesAndIterations()
    {
        var text = Tool.Succeed("datasets");
        text.ShouldContain("caltech-101/ with 101_ObjectCategories/, split_zhou_Caltech101.json");
        text.ShouldContain("published iterations: 2000 with 16 shots, 50 from base to new classes");
        var json = Tool.SucceedWithJson("datasets", "--json").GetProperty("datasets");
        json.EnumerateArray().Single(known => known.GetProperty("name").GetString() == "dtd").GetProperty("templates")[0].GetString().ShouldBe("{} texture.");
    }
}
