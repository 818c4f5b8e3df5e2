using System.Text.Json;
using Lfa.Cli.Tests.Support;
using Lfa.Data;
using Lfa.IO;
using Lfa.Model;

namespace Lfa.Cli.Tests.Commands;

/// <summary>Classes that are new to a model, and images of other domains: evaluate, predict, export and update.</summary>
public sealed class NewClassCommandTests : IDisposable
{
    private readonly SmallTask _task = new();
    private readonly FeatureSet _base;
    private readonly FeatureSet _newTest;
    private readonly string _model;

    public NewClassCommandTests()
    {
        (_base, _) = ClassSplit.BaseAndNew(_task.Train);
        (var baseTest, _newTest) = ClassSplit.BaseAndNew(_task.Test);
        FeatureFile.Write(_task["base.npz"], _base);
        FeatureFile.Write(_task["baseTest.npz"], baseTest);
        FeatureFile.Write(_task["newTest.npz"], _newTest);
        _model = _task["base.safetensors"];
        Tool.Succeed("fit", _task["base.npz"], "--beta", "0.5", "--iterations", "20", "-o", _model);
    }

    public void Dispose() => _task.Dispose();

    [Fact]
    public void Evaluate_NewClasses_AreScoredByTheTransformForThem()
    {
        var expected = LfaModel.Load(_model).ForClasses(_newTest.ClassPrototypes, _newTest.ClassNames).Evaluate(_newTest);
        foreach (var options in new string[][] { ["--new-classes"], ["--class-features", _task["newTest.npz"]] })
        {
            var evaluation = Tool.SucceedWithJson(["evaluate", _model, _task["newTest.npz"], .. options, "--json"]);
            (Number(evaluation, "top1Accuracy"), Number(evaluation, "logLoss"), Number(evaluation, "classes")).ShouldBe((expected.Top1Accuracy, expected.LogLoss, 3));
        }
        Tool.Fail("evaluate", _model, _task["newTest.npz"]).ShouldContain($"Class 0 (\"{_newTest.ClassNames[0]}\") of the images is none of the 3 classes of the classifier");
    }

    [Fact]
    public void Evaluate_SomeOfTheClasses_CompeteAmongThemselves()
    {
        var classifier = LfaModel.Load(Fit(_task.TrainPath));
        var evaluation = Tool.SucceedWithJson("evaluate", _task["all.safetensors"], _task["newTest.npz"], "--json");
        (Number(evaluation, "top1Accuracy"), Number(evaluation, "classes")).ShouldBe((classifier.SelectClasses(_newTest.ClassNames).Evaluate(_newTest).Top1Accuracy, 3));
        Tool.Succeed("fit", _task.TrainPath, "--coverage", "0.8", "-o", _task["auto.safetensors"]);
        Tool.Succeed("evaluate", _task["auto.safetensors"], _task["newTest.npz"]).ShouldNotContain("coverage");
        Tool.Fail("evaluate", _task["auto.safetensors"], _task["newTest.npz"], "--coverage", "0.9").ShouldContain("newTest.npz: --coverage holds among all 6 classes of the model");
        Tool.Fail("evaluate", _task["auto.safetensors"], _task["newTest.npz"], "--new-classes", "--reject", "0.1").ShouldContain("--reject holds among all 6 classes of the model");
    }

    [Fact]
    public void Evaluate_SeveralSets_MeasuresBothTransformsOnEach()
    {
        var model = Fit(_task.TrainPath);
        var sets = Tool.SucceedWithJson("evaluate", model, _task.TestPath, _task["newTest.npz"], "--json").GetProperty("sets").EnumerateArray().ToArray();
        sets.Select(set => set.GetProperty("path").GetString()).ShouldBe([_task.TestPath, _task["newTest.npz"]]);
        sets.Select(set => (Number(set, "samples"), Number(set, "classes"))).ShouldBe([(60, 6), (30, 3)]);
        var expected = DomainAccuracies.FromModel(LfaModel.Load(model), _newTest);
        (Number(sets[1].GetProperty("zeroShot"), "top1Accuracy"), Number(sets[1].GetProperty("trained"), "top1Accuracy"), Number(sets[1].GetProperty("new"), "top5Accuracy"))
            .ShouldBe((expected.ZeroShot!.Top1, expected.Trained.Top1, expected.NewClasses!.Top5));
        Number(sets[0].GetProperty("new"), "top1").ShouldBe(Number(Tool.SucceedWithJson("evaluate", model, _task.TestPath, "--transform", "new", "--json"), "top1"));
        var lines = Tool.Succeed("evaluate", model, _task.TestPath, _task["newTest.npz"]).Split(Environment.NewLine);
        lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["images", "classes", "zero-shot", "trained", "new"]);
        lines[3].ShouldMatch(Invariant($@"newTest\.npz +30 +3 +{100 * expected.ZeroShot.Top1:F2} +{100 * expected.Trained.Top1:F2} +{100 * expected.NewClasses.Top1:F2}$"));
    }

    [Theory]
    [InlineData("--per-class")]
    [InlineData("--new-classes")]
    [InlineData("--coverage", "0.9")]
    [InlineData("--transform", "new")]
    [InlineData("--transform", "trained")]
    public void Evaluate_SeveralSets_RefusesWhatIsOfOne(params string[] option) =>
        Tool.Fail(["evaluate", _model, _task["baseTest.npz"], _task["baseTest.npz"], .. option]).ShouldContain($"{(option[0] == "--transform" ? string.Join(' ', option) : option[0])}: of several sets the accuracy by either transform is measured");

    [Fact]
    public void Evaluate_OneSetThatDoesNotFit_IsNamed() =>
        Tool.Fail("evaluate", _model, _task["baseTest.npz"], _task["newTest.npz"]).ShouldStartWith($"lfa: {_task["newTest.npz"]}: Class 0");

    [Fact]
    public void Predict_ClassFeatures_NamesOnlyThose()
    {
        var classes = _task.Write("classes.npz", NpyBytes.Zip(("text_features.npy", NpyBytes.Floats("(2, 24)", [.. _newTest.ClassPrototypes.Values.Span[..48]])), ("class_names.npy", NpyBytes.Strings("kite", "lamp"))));
        var rows = Tool.Succeed("predict", _model, _task["newTest.npz"], "--class-features", classes, "--top", "2").Split("\r\n");
        rows.Length.ShouldBe(32);
        var expected = LfaModel.Load(_model).ForClasses(_newTest.ClassPrototypes.Slice(0, 2), ["kite", "lamp"]).Predict(_newTest.ImageFeatures).ToList();
        rows[1..^1].Select(row => row.Split(',')[1]).ShouldBe(expected.Select(prediction => prediction.Best.ClassName));
        Tool.Succeed("export", _model, "--class-features", classes, "-o", _task["head.npz"]).ShouldContain("2 × 24");
    }

    [Theory]
    [InlineData("none.npz", "none.npz")]
    [InlineData("base.safetensors", "base.safetensors: this .safetensors file is a fitted model; expected image features, or class prototypes")]
    public void Predict_BadClassFeatures_AreNamed(string name, string expected) =>
        Tool.Fail("predict", _model, _task["newTest.npz"], "--class-features", _task[name]).ShouldContain(expected);

    [Fact]
    public void Predict_ClassFeaturesOfAnotherEncoder_SaysBothWidths()
    {
        var classes = _task.Write("wide.npz", NpyBytes.Zip(("text_features.npy", NpyBytes.Floats("(1, 2)", 1, 2)), ("class_names.npy", NpyBytes.Strings("kite"))));
        Tool.Fail("predict", _model, _task["newTest.npz"], "--class-features", classes).ShouldContain("wide.npz: textFeatures is 1 × 2 but the class names of the classifier have 24 columns");
        Tool.Fail("predict", _model, _task["newTest.npz"], "--class-features", classes, "--transform", "trained").ShouldContain("--transform trained: the classes of");
        Tool.Fail("update", _model, "--add-classes", classes, "-o", _task["x.safetensors"]).ShouldContain("wide.npz: textFeatures is 1 × 2 but the class names of the classifier have 24 columns");
        Tool.Fail("evaluate", _model, _task["newTest.npz"], "--new-classes", "--class-features", classes).ShouldContain("leave --class-features out");
        Tool.Fail("evaluate", _model, _task["newTest.npz"], "--new-classes", "--transform", "trained").ShouldContain("leave --transform trained out");
        Tool.Fail("predict", _model, _task["newTest.npz"], "--moving-average", "--transform", "trained").ShouldContain("--transform trained and --moving-average contradict each other");
    }

    [Fact]
    public void Update_AddClasses_KnowsOldAndNew()
    {
        var update = Tool.SucceedWithJson("update", _model, "--add-classes", _task["newTest.npz"], "-o", _task["wider.safetensors"], "--json");
        update.GetProperty("addedClasses").EnumerateArray().Select(name => name.GetString()).ShouldBe(_newTest.ClassNames);
        (Number(update, "classes"), Number(update, "addedImages"), Number(update, "images")).ShouldBe((6, 0, 12));
        Number(Tool.SucceedWithJson("evaluate", _task["wider.safetensors"], _task.TestPath, "--json"), "classes").ShouldBe(6);
        var text = Tool.Succeed("update", _model, "--add-classes", _task["newTest.npz"], "--in-place");
        text.ShouldContain("(no example, by its name alone)");
        text.ShouldContain("The scores of the other classes are as they were.");
        File.ReadAllBytes(_model).ShouldBe(File.ReadAllBytes(_task["wider.safetensors"]));
        Tool.Fail("update", _model, "--add-classes", _task["newTest.npz"], "--in-place").ShouldContain("newTest.npz: There is no class to add");
    }

    [Fact]
    public void Update_AddClassesBesideOtherChanges_IsRefused()
    {
        foreach (var other in new string[][] { [_task["base.npz"]], ["--with", _task["base.npz"]], ["--remove-class", _base.ClassNames[0]] })
            Tool.Fail(["update", _model, .. other, "--add-classes", _task["newTest.npz"], "-o", _task["x.safetensors"]]).ShouldContain("--add-classes: classes are added by their names in an update of its own");
        Tool.Fail("update", _model, "--add-class", "kite", "--add-classes", _task["newTest.npz"], "-o", _task["x.safetensors"]).ShouldContain("not both");
        Tool.Fail("update", _model, "--add-class", "kite", "--add-class", "kite", "-o", _task["x.safetensors"]).ShouldContain("--add-class kite: the class is named twice; name it once.");
        Tool.Fail("update", _model, "--add-class", "kite", "-o", _task["x.safetensors"]).ShouldContain("the classifier does not tell which model embedded its images; give --model");
        Tool.Fail("update", _model, "--add-classes", _task["newTest.npz"], "-o", _task["newTest.npz"]).ShouldContain("the output would replace an input");
        Tool.Fail("update", _model, "--add-classes", _task["newTest.npz"], "--model", "emoji", "-o", _task["x.safetensors"]).ShouldContain("leave the option out for a file of features");
        File.Exists(_task["x.safetensors"]).ShouldBeFalse();
    }

    [Fact]
    public void Update_AddClassByName_EmbedsItWithTheModelOfTheFit()
    {
        using var images = new ImageTask();
        Tool.Succeed("fit", images.Images, "--model", images.Model, "--no-cache", "-o", images["m.safetensors"], "--method", "zero-shot");
        Tool.Succeed("update", images["m.safetensors"], "--add-class", "green cube", "--add-class", "moon", "--no-cache", "-o", images["wider.safetensors"]).ShouldContain("Classes added: green cube (no example");
        LfaModel.Load(images["wider.safetensors"]).ClassNames.ShouldBe(["red ball", "sky", "green cube", "moon"]);
        Tool.Fail("update", images["m.safetensors"], "--add-class", "moon", "--template", "no {} at all", "--no-cache", "-o", images["x.safetensors"]).ShouldContain("The prototype of the class \"red ball\" is another than that of the classifier");
        Tool.Fail("update", images["m.safetensors"], "--add-class", "sky", "--no-cache", "-o", images["x.safetensors"]).ShouldContain("There is no class to add");
    }

    private string Fit(string train)
    {
        Tool.Succeed("fit", train, "--beta", "0.5", "--iterations", "20", "-o", _task["all.safetensors"]);
        return _task["all.safetensors"];
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
