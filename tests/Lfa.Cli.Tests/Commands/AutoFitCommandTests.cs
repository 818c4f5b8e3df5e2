using System.Text.Json;
using Lfa.Classification;
using Lfa.Cli.Rendering;
using Lfa.Cli.Tests.Support;
using Lfa.Data;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Model;

namespace Lfa.Cli.Tests.Commands;

/// <summary>lfa fit without a method: the automatic choice and its report.</summary>
public sealed class AutoFitCommandTests : IDisposable
{
    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void Fit_NoMethod_TellsWhatWasChosenWhyAndHowItDid()
    {
        var text = Tool.Succeed("fit", _task.TrainPath, "--test", _task.TestPath);
        var lines = text.Split(Environment.NewLine);
        lines[0].ShouldBe($"Accuracy in per cent on {_task.TestPath}");
        lines.Count(line => line.StartsWith("zero-shot ", StringComparison.Ordinal)).ShouldBe(1);
        lines.Count(line => line.StartsWith("auto ", StringComparison.Ordinal)).ShouldBe(1);
        var chosen = Array.FindIndex(lines, line => line.StartsWith("Chosen: ", StringComparison.Ordinal));
        chosen.ShouldBeGreaterThan(0);
        var auto = new AutoMethod().Fit(_task.Train).Detail<AutoSelection>()!;
        lines[chosen].ShouldBe($"Chosen: {auto}");
        lines[chosen + 1].ShouldBe($"Why: {AutoReasons.Why(auto)}");
        lines[chosen + 2].ShouldMatch(@"^Held out \(4 folds, each judged by what the others chose\): top-1 \d+\.\d\d -> \d+\.\d\d %, log-loss \d+\.\d{4} -> \d+\.\d{4} nats$");
        lines[chosen + 3].ShouldBe($"New classes: {AutoReasons.Chosen(auto.NewClasses)}; {AutoReasons.Why(auto.NewClasses)}");
        lines[chosen + 4].ShouldStartWith("method auto, seed 1, ");
        lines[chosen + 5].ShouldBe("Nothing was saved; give -o to keep the model.");
        text.ShouldNotContain("Tried, each alone");
    }

    [Fact]
    public void Fit_Explain_ListsEveryExpertAndEveryFold()
    {
        var lines = Tool.Succeed("fit", _task.TrainPath, "--explain").Split(Environment.NewLine);
        var auto = new AutoMethod().Fit(_task.Train).Detail<AutoSelection>()!;
        var tried = Array.FindIndex(lines, line => line.StartsWith("Tried, each alone on held-out images", StringComparison.Ordinal));
        tried.ShouldBeGreaterThan(0);
        for (var i = 0; i < auto.Experts.Count; i++)
            lines[tried + 2 + i].ShouldMatch(Invariant($@"^{auto.Experts[i].Name} +{100 * auto.Experts[i].Accuracy:F2} +{auto.Experts[i].LogLoss:F4} +{100 * auto.Experts[i].Part:F1} %$"));
        var folds = Array.IndexOf(lines, "Folds");
        folds.ShouldBe(tried + 3 + auto.Experts.Count);
        for (var i = 0; i < auto.Folds.Count; i++)
            ShouldBe(lines[folds + 2 + i], i, auto.Folds[i]);
        var classFolds = Array.IndexOf(lines, "Folds of held-out classes, which tell what new classes get");
        for (var i = 0; i < auto.NewClasses.Folds.Count; i++)
            ShouldBe(lines[classFolds + 2 + i], i, auto.NewClasses.Folds[i]);

        static void ShouldBe(string line, int index, FoldScore fold) =>
            line.ShouldMatch(Invariant($@"^{index + 1} +{fold.Images} +{100 * fold.ZeroShotAccuracy:F2} +{fold.ZeroShotLogLoss:F4} +{100 * fold.Accuracy:F2} +{fold.LogLoss:F4}$"));
    }

    [Fact]
    public void Fit_Json_HasWhatWasChosen()
    {
        var fit = Tool.SucceedWithJson("fit", _task.TrainPath, "--test", _task.TestPath, "--json");
        var expected = new AutoMethod().Fit(_task.Train);
        var auto = expected.Detail<AutoSelection>()!;
        fit.GetProperty("method").GetString().ShouldBe("auto");
        fit.GetProperty("beta").ValueKind.ShouldBe(JsonValueKind.Null);
        fit.GetProperty("iterations").GetInt32().ShouldBe(0);
        var chosen = fit.GetProperty("chosen");
        Names(chosen).ShouldBe(["what", "why", "reason", "adapts", "step", "temperature", "holdsOutClasses", "heldOutImages", "gain", "gainError", "expectedGain", "threshold", "promptWeights", "tried", "folds", "newClasses"]);
        (chosen.GetProperty("what").GetString(), chosen.GetProperty("why").GetString()).ShouldBe((auto.ToString(), AutoReasons.Why(auto)));
        chosen.GetProperty("reason").GetString().ShouldBe(JsonNamingPolicy.CamelCase.ConvertName($"{auto.Reason}"));
        (chosen.GetProperty("adapts").GetBoolean(), chosen.GetProperty("holdsOutClasses").GetBoolean(), chosen.GetProperty("heldOutImages").GetInt32()).ShouldBe((auto.Adapts, auto.HoldsOutClasses, auto.Images));
        (Number(chosen, "step"), Number(chosen, "temperature"), Number(chosen, "threshold")).ShouldBe((auto.Step, expected.Scorer!.Temperature, auto.Threshold));
        (Number(chosen, "gain"), Number(chosen, "gainError")).ShouldBe((auto.Gain, auto.GainError));
        var tried = chosen.GetProperty("tried").EnumerateArray().ToArray();
        tried.ShouldAllBe(expert => Names(expert).SequenceEqual(new[] { "name", "part", "accuracy", "share", "top1", "logLoss" }));
        tried.Select(expert => expert.GetProperty("name").GetString()).ShouldBe(auto.Experts.Select(expert => expert.Name));
        tried.Select(expert => (Number(expert, "part"), Number(expert, "accuracy"), Number(expert, "logLoss"))).ShouldBe(auto.Experts.Select(expert => (expert.Part, expert.Accuracy!.Value, expert.LogLoss!.Value)));
        tried.Select(expert => (Number(expert, "share"), Number(expert, "top1"))).ShouldBe(auto.Experts.Select(expert => (expert.Part, 100 * expert.Accuracy!.Value)));
        var folds = chosen.GetProperty("folds").EnumerateArray().ToArray();
        folds.ShouldAllBe(fold => Names(fold).SequenceEqual(new[] { "images", "zeroShotAccuracy", "zeroShotTop1", "zeroShotLogLoss", "accuracy", "top1", "logLoss" }));
        folds.Select(fold => (fold.GetProperty("images").GetInt32(), Number(fold, "zeroShotAccuracy"), Number(fold, "zeroShotLogLoss"), Number(fold, "accuracy"), Number(fold, "logLoss")))
            .ShouldBe(auto.Folds.Select(fold => (fold.Images, fold.ZeroShotAccuracy, fold.ZeroShotLogLoss, fold.Accuracy, fold.LogLoss)));
        folds.Select(fold => (Number(fold, "zeroShotTop1"), Number(fold, "top1"))).ShouldBe(auto.Folds.Select(fold => (100 * fold.ZeroShotAccuracy, 100 * fold.Accuracy)));
        var newClasses = chosen.GetProperty("newClasses");
        Names(newClasses).ShouldBe(["what", "why", "reason", "step", "heldOutClasses", "gain", "gainError", "folds"]);
        (newClasses.GetProperty("what").GetString(), newClasses.GetProperty("why").GetString(), Number(newClasses, "step")).ShouldBe((AutoReasons.Chosen(auto.NewClasses), AutoReasons.Why(auto.NewClasses), auto.NewClasses.Step));
        (newClasses.GetProperty("heldOutClasses").GetInt32(), Number(newClasses, "gain"), Number(newClasses, "gainError")).ShouldBe((6, auto.NewClasses.Gain, auto.NewClasses.GainError));
        newClasses.GetProperty("folds").GetArrayLength().ShouldBe(2);
        var test = fit.GetProperty("test");
        test.EnumerateObject().Where(stage => stage.Value.ValueKind == JsonValueKind.Object).Select(stage => stage.Name).ShouldBe(["zeroShot", "auto"]);
        var accuracy = expected.Evaluate(_task.Test).Single(stage => stage.Name == FitStages.Auto).Accuracy;
        (Number(test.GetProperty("auto"), "top1Accuracy"), Number(test.GetProperty("auto"), "top5Accuracy")).ShouldBe((accuracy.Top1, accuracy.Top5));
        (Number(test.GetProperty("auto"), "top1"), Number(test.GetProperty("auto"), "top5")).ShouldBe((100 * accuracy.Top1, 100 * accuracy.Top5));
    }

    [Fact]
    public void Fit_ZeroShotIsKept_SaysSo()
    {
        var options = new MadeUpProblemOptions { Classes = 8, Dimension = 24, Shots = 4, RotatedShare = 0, NoiseDecay = 0, TextConcentration = 0, ImageConcentration = 0 };
        FeatureFile.Write(_task["nothing.npz"], MadeUpProblem.Create(options).Train);
        var text = Tool.Succeed("fit", _task["nothing.npz"], "-o", _task["m.safetensors"]);
        text.ShouldContain("Chosen: zero-shot" + Environment.NewLine);
        text.ShouldContain("Why: nothing beats zero-shot beyond noise");
        var model = LfaModel.Load(_task["m.safetensors"]);
        (model.Aligned!.Residual, model.Record.Method, model.Record.Options).ShouldBe((null, "auto", new AutoMethod()));
        model.Record.Blend.ShouldHaveSingleItem().ShouldBe(new ExpertWeight("zero-shot", 1));
        model.Temperature.ShouldNotBe(Scorer.DefaultTemperature);
        Tool.SucceedWithJson("fit", _task["nothing.npz"], "--json").GetProperty("chosen").GetProperty("adapts").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Fit_OneExampleOfFewClasses_KeepsZeroShot(int classes)
    {
        FeatureFile.Write(_task["one.npz"], MadeUpProblem.Create(new MadeUpProblemOptions { Classes = classes, Dimension = 24, Shots = 1 }).Train);
        Tool.Succeed("fit", _task["one.npz"], "--explain").ShouldContain("Why: there are too few examples or classes to hold any out");
        Tool.SucceedWithJson("fit", _task["one.npz"], "--json").GetProperty("chosen").GetProperty("adapts").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData(30)]
    [InlineData(4)]
    public void Fit_OneExampleAClass_HoldsOutClasses(int classes)
    {
        FeatureFile.Write(_task["one.npz"], MadeUpProblem.Create(new MadeUpProblemOptions { Classes = classes, Dimension = 24, Shots = 1 }).Train);
        var text = Tool.Succeed("fit", _task["one.npz"], "--explain");
        text.ShouldContain("Held out (4 folds, among held-out classes): ");
        text.ShouldNotContain("NaN");
        var chosen = Tool.SucceedWithJson("fit", _task["one.npz"], "--json").GetProperty("chosen");
        chosen.GetProperty("holdsOutClasses").GetBoolean().ShouldBeTrue();
        chosen.GetProperty("heldOutImages").GetInt32().ShouldBe(classes);
        chosen.GetProperty("tried").EnumerateArray().Sum(expert => Number(expert, "share")).ShouldBe(1, 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Fit_OneClass_HoldsOutNothing(int shots)
    {
        FeatureFile.Write(_task["one.npz"], MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 1, Dimension = 8, Shots = shots }).Train);
        var text = Tool.Succeed("fit", _task["one.npz"], "--explain");
        text.ShouldContain("Chosen: zero-shot");
        text.ShouldContain("Held out: nothing.");
        var chosen = Tool.SucceedWithJson("fit", _task["one.npz"], "--json").GetProperty("chosen");
        chosen.GetProperty("gainError").ValueKind.ShouldBe(JsonValueKind.Null);
        chosen.GetProperty("folds").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("lfa", "--iterations", "2")]
    [InlineData("lfa", "--beta", "0.5")]
    [InlineData("lfa", "--stratified")]
    [InlineData("lfa", "--loss", "csls")]
    [InlineData("lfa", "--noise", "0.1")]
    [InlineData("least-squares", "--ridge", "0.1")]
    [InlineData("auto", "--seed", "3")]
    [InlineData("auto", "--temperature", "0.02")]
    public void Fit_OptionOfAMethod_ImpliesIt(string method, params string[] options) =>
        Tool.SucceedWithJson(["fit", _task.TrainPath, "--json", .. options]).GetProperty("method").GetString().ShouldBe(method);

    [Theory]
    [InlineData("--iterations: --method auto chooses by itself; leave --iterations out, or give a method that takes it, such as --method lfa.", "--iterations", "3")]
    [InlineData("--beta: --method auto chooses by itself; leave --beta out, or give a method that takes it, such as --method lfa.", "--beta", "cv")]
    [InlineData("--ridge: --method auto chooses by itself; leave --ridge out, or give a method that takes it, such as --method least-squares.", "--ridge", "0.1")]
    public void Fit_AutoWithAnOptionOfAMethod_IsRefused(string expected, params string[] options) =>
        Tool.Fail(["fit", _task.TrainPath, "--method", "auto", .. options]).ShouldBe("lfa: " + expected);

    [Fact]
    public void Fit_AutoSaved_IsUsedByTheOtherCommands()
    {
        Tool.Succeed("fit", _task.TrainPath, "-o", _task["m.safetensors"], "--threads", "1");
        Tool.Succeed("fit", _task.TrainPath, "-o", _task["2.safetensors"], "--threads", "2", "--method", "auto");
        File.ReadAllBytes(_task["2.safetensors"]).ShouldBe(File.ReadAllBytes(_task["m.safetensors"]));
        var classifier = LfaModel.Fit(_task.Train);
        var loaded = LfaModel.Load(_task["m.safetensors"]);
        loaded.Logits(_task.Test.ImageFeatures).Values.ToArray().ShouldBe(classifier.Logits(_task.Test.ImageFeatures).Values.ToArray());
        Number(Tool.SucceedWithJson("evaluate", _task["m.safetensors"], _task.TestPath, "--json"), "top1Accuracy").ShouldBe(classifier.Evaluate(_task.Test).Top1Accuracy);
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
