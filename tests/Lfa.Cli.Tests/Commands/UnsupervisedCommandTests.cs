using System.Text.Json;
using Lfa.Cli.Tests.Support;
using Lfa.Data;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Model;

namespace Lfa.Cli.Tests.Commands;

/// <summary>lfa fit with images that have no labels.</summary>
public sealed class UnsupervisedCommandTests : IDisposable
{
    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void Fit_Unsupervised_TellsWhatWasDone()
    {
        var lines = Tool.Succeed("fit", _task.TrainPath, "--unsupervised", "--test", _task.TestPath, "-o", _task["m.safetensors"]).Split(Environment.NewLine);
        lines[0].ShouldBe($"Accuracy in per cent on {_task.TestPath}");
        lines.ShouldContain(line => line.StartsWith("zero-shot ", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("with unlabeled images ", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("Labels: given by transport to 24 images; class prior estimated: ", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("Probabilities are as sure as those of zero-shot", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("Chosen: ", StringComparison.Ordinal));
        Tool.Succeed("inspect", _task["m.safetensors"]).ShouldContain("`lfa update` cannot change a model of images without labels (24 here); fit it again");
        Tool.Fail("update", _task["m.safetensors"], _task.TrainPath, "-o", _task["2.safetensors"]).ShouldContain("was fitted to 24 images without labels");
    }

    [Fact]
    public void Fit_UnsupervisedJson_HasTheAccuracyBesideZeroShot()
    {
        var fit = Tool.SucceedWithJson("fit", _task.TrainPath, "--unsupervised", "--test", _task.TestPath, "--json");
        var expected = new UnsupervisedAutoMethod().Fit(new FitTask(unlabeled: _task.Train));
        var accuracies = expected.Evaluate(_task.Test);
        var test = fit.GetProperty("test");
        var unsupervisedAccuracy = accuracies.Single(stage => stage.Name == FitStages.Unsupervised).Accuracy;
        (Number(test.GetProperty("unsupervised"), "top1Accuracy"), Number(test.GetProperty("unsupervised"), "top5Accuracy")).ShouldBe((unsupervisedAccuracy.Top1, unsupervisedAccuracy.Top5));
        Number(test.GetProperty("zeroShot"), "top1Accuracy").ShouldBe(accuracies.Single(stage => stage.Name == FitStages.ZeroShot).Accuracy.Top1);
        test.TryGetProperty("auto", out _).ShouldBeFalse();
        var unsupervised = fit.GetProperty("unsupervised");
        (unsupervised.GetProperty("images").GetInt32(), unsupervised.GetProperty("labeledImages").GetInt32(), unsupervised.GetProperty("classPrior").GetString()).ShouldBe((24, 0, "estimated"));
        (unsupervised.GetProperty("labelledImages").GetInt32(), unsupervised.GetProperty("shares").GetString()).ShouldBe((0, "estimated"), "by the former names");
        var round = unsupervised.GetProperty("rounds").EnumerateArray().ShouldHaveSingleItem();
        (Number(round, "agreement"), Number(round, "uniformity")).ShouldBe((expected.Detail<TransportReport>()!.Rounds[0].Agreement, expected.Detail<TransportReport>()!.Rounds[0].Uniformity!.Value));
        fit.GetProperty("seconds").TryGetProperty("transport", out _).ShouldBeTrue();
        fit.GetProperty("chosen").GetProperty("what").GetString().ShouldBe(expected.Detail<AutoSelection>()!.ToString());
    }

    [Fact]
    public void Fit_UnsupervisedLfa_HasTheRoundsAskedFor()
    {
        string[] args = ["fit", _task.TrainPath, "--unsupervised", "--rounds", "2", "--iterations", "3", "--test", _task.TestPath];
        var fit = Tool.SucceedWithJson([.. args, "--json"]);
        fit.GetProperty("method").GetString().ShouldBe("unsupervised-lfa");
        fit.GetProperty("unsupervised").GetProperty("rounds").GetArrayLength().ShouldBe(3);
        var test = fit.GetProperty("test");
        Number(test.GetProperty("unsupervised"), "top1").ShouldBe(Number(test.GetProperty("lfa"), "top1"));
        Tool.Succeed([.. args, "--explain"]).ShouldContain("Rounds of transport: ");
    }

    [Fact]
    public void Fit_FileWithoutLabels_GivesTheModelOfTheSameFileWithLabels()
    {
        FeatureFile.Write(_task["bare.npz"], new FeatureSet(_task.Train.ImageFeatures, _task.Train.ClassPrototypes, default, _task.Train.ClassNames, normalize: false));
        Tool.Succeed("fit", _task["bare.npz"], "--unsupervised", "-o", _task["1.safetensors"]).ShouldStartWith("Accuracy was not measured");
        Tool.Succeed("fit", _task.TrainPath, "--unsupervised", "-o", _task["2.safetensors"], "--threads", "1");
        File.ReadAllBytes(_task["2.safetensors"]).ShouldBe(File.ReadAllBytes(_task["1.safetensors"]));
    }

    [Fact]
    public void Fit_Unlabeled_JoinsImagesToLabeledOnes()
    {
        var fit = Tool.SucceedWithJson("fit", _task.TrainPath, "--unlabeled", _task.TestPath, "--test", _task.TestPath, "--json", "-o", _task["m.safetensors"]);
        var unsupervised = fit.GetProperty("unsupervised");
        (unsupervised.GetProperty("images").GetInt32(), unsupervised.GetProperty("labeledImages").GetInt32()).ShouldBe((60, 24));
        var images = new FeatureSet(_task.Test.ImageFeatures, _task.Test.ClassPrototypes, default, _task.Test.ClassNames, normalize: false);
        var expected = LfaModel.Fit(new FitTask(_task.Train, images), new UnsupervisedAutoMethod());
        LfaModel.Load(_task["m.safetensors"]).Logits(images.ImageFeatures).Values.ToArray().ShouldBe(expected.Logits(images.ImageFeatures).Values.ToArray());
    }

    [Fact]
    public void Fit_Unlabeled_TellsWhatTheLabeledImagesSay()
    {
        string[] args = ["fit", _task.TrainPath, "--unlabeled", _task.TestPath, "--test", _task.TestPath];
        var images = new FeatureSet(_task.Test.ImageFeatures, _task.Test.ClassPrototypes, default, _task.Test.ClassNames, normalize: false);
        var selection = new UnsupervisedAutoMethod().Fit(new FitTask(_task.Train, images)).Detail<UnlabeledSelection>()!;
        var unsupervised = Tool.SucceedWithJson([.. args, "--json"]).GetProperty("unsupervised");
        (Number(unsupervised, "part"), Number(unsupervised, "gain"), unsupervised.GetProperty("heldOutImages").GetInt32()).ShouldBe((selection.Part, selection.Gain, selection.Images));
        unsupervised.GetProperty("reason").GetString().ShouldBe(JsonNamingPolicy.CamelCase.ConvertName(selection.Reason.ToString()));
        var lines = Tool.Succeed([.. args, "--coverage", "0.9", "-o", _task["m.safetensors"]]).Split(Environment.NewLine);
        lines.ShouldContain(line => line.StartsWith("Images without labels have ", StringComparison.Ordinal));
        lines.ShouldNotContain(line => line.StartsWith("Probabilities are as sure", StringComparison.Ordinal) || line.StartsWith("Held-out images are judged below", StringComparison.Ordinal));
        Tool.Succeed("predict", _task["m.safetensors"], _task.TestPath).ShouldContain("set");
    }

    [Fact]
    public void Fit_CoverageWithAClassWithoutLabeledImage_IsRefused()
    {
        FeatureFile.Write(_task["some.npz"], _task.Train.SelectRows([.. Enumerable.Range(0, _task.Train.SampleCount).Where(row => _task.Train.Labels.Span[row] > 0)]));
        Tool.Fail("fit", _task["some.npz"], "--unlabeled", _task.TestPath, "--coverage", "0.9").ShouldContain("beside images without labels a class without a labeled one leaves none");
    }

    [Fact]
    public void Fit_UnlabeledBesideAFileWithoutLabels_NamesThatFile()
    {
        FeatureFile.Write(_task["bare.npz"], new FeatureSet(_task.Train.ImageFeatures, _task.Train.ClassPrototypes, default, _task.Train.ClassNames, normalize: false));
        Tool.Fail("fit", _task["bare.npz"], "--unlabeled", _task.TestPath).ShouldStartWith($"lfa: {_task["bare.npz"]}: The images that shall have labels have none");
    }

    [Fact]
    public void Fit_UnlabeledOfOtherColumns_NamesThatFile()
    {
        FeatureFile.Write(_task["other.npz"], MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 6, Dimension = 16, Shots = 1 }).Train);
        Tool.Fail("fit", _task.TrainPath, "--unlabeled", _task["other.npz"]).ShouldStartWith($"lfa: {_task["other.npz"]}: imageFeatures is 6 × 16 but the other images have 24 columns");
    }

    [Fact]
    public void Fit_ClassPriorOfAFile_ByNameOrInOrder()
    {
        _task.Write("named.csv", Lines(_task.Train.ClassNames.Select((name, c) => $"{name},{c + 1}").Reverse()));
        _task.Write("order.txt", Lines(Enumerable.Range(1, 6).Select(c => $"{c}")));
        foreach (var (file, model) in new[] { ("named.csv", "1.safetensors"), ("order.txt", "2.safetensors") })
            Tool.SucceedWithJson("fit", _task.TrainPath, "--unsupervised", "--class-prior", _task[file], "--json", "-o", _task[model]).GetProperty("unsupervised").GetProperty("classPrior").GetString().ShouldBe("given");
        File.ReadAllBytes(_task["2.safetensors"]).ShouldBe(File.ReadAllBytes(_task["1.safetensors"]));
        LfaModel.Load(_task["1.safetensors"]).Record.Options.ShouldBeOfType<UnsupervisedAutoMethod>().Transport.ClassPrior!.Values.Span[5].ShouldBe(6.0 / 21, 1e-12);
    }

    [Theory]
    [InlineData("there are 2 lines but 6 classes", "1", "2")]
    [InlineData("line 2 gives \"x\"", "1", "x", "1", "1", "1", "1")]
    [InlineData("line 6 gives \"0\"", "1", "1", "1", "1", "1", "0")]
    [InlineData("line 3 names the class \"nothing\", which there is not", "1", "1", "nothing,1", "1", "1", "1")]
    public void Fit_BadClassPriorFile_NamesTheLine(string expected, params string[] lines)
    {
        _task.Write("prior.txt", Lines(lines));
        Tool.Fail("fit", _task.TrainPath, "--unsupervised", "--class-prior", _task["prior.txt"]).ShouldContain($"{_task["prior.txt"]}: {expected}");
    }

    [Theory]
    [InlineData("--unsupervised does not look at the labels", "--unsupervised", "--unlabeled", "more.npz")]
    [InlineData("--class-prior: this is for images without labels", "--class-prior", "uniform")]
    [InlineData("--rounds: this is for images without labels", "--rounds", "3")]
    [InlineData("--rounds: --method auto chooses by itself", "--unsupervised", "--rounds", "3", "--method", "auto")]
    [InlineData("--coverage and --reject need to know", "--unsupervised", "--coverage", "0.9")]
    [InlineData("--epsilon 0", "--unsupervised", "--epsilon", "0")]
    [InlineData("--confidence 2", "--unsupervised", "--confidence", "2")]
    [InlineData("--rounds 0", "--unsupervised", "--rounds", "0")]
    [InlineData("--method procrustes: this fits to labeled images only; of those without labels take auto or lfa", "--unsupervised", "--method", "procrustes")]
    [InlineData("--class-prior no-such-file: there is no such file; give one, or uniform or estimated.", "--unsupervised", "--class-prior", "no-such-file")]
    [InlineData("--projection: --method auto chooses by itself; leave --projection out", "--unsupervised", "--projection", "cca")]
    [InlineData("--components: give --projection pca or cca, too.", "--unsupervised", "--components", "4")]
    [InlineData("no-such.npz", "--unlabeled", "no-such.npz")]
    public void Fit_BadOption_IsRefused(string expected, params string[] options) =>
        Tool.Fail(["fit", _task.TrainPath, .. options]).ShouldContain(expected);

    [Fact]
    public void Fit_LooseImages_NeedClassNames()
    {
        using var images = new ImageTask();
        for (var i = 0; i < 3; i++)
        {
            images.Save($"loose/a/{i}.png", ImageTask.Red(i));
            images.Save($"loose/b/{i}.png", ImageTask.Blue(i));
        }
        images.Save("classes.txt", "red ball\nsky\n");
        string[] args = ["fit", images["loose"], "--unsupervised", "--model", images.Model, "--no-cache"];
        Tool.SucceedWithJson([.. args, "--classes", images["classes.txt"], "--json", "-o", images["m.safetensors"]]).GetProperty("unsupervised").GetProperty("images").GetInt32().ShouldBe(6);
        LfaModel.Load(images["m.safetensors"]).ClassNames.ShouldBe(["red ball", "sky"]);
        images.Save("flat/0.png", ImageTask.Red());
        Tool.Fail("fit", images["flat"], "--unsupervised", "--model", images.Model, "--no-cache").ShouldContain("no class names");
    }

    private static byte[] Lines(IEnumerable<string> lines) => System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines));

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
