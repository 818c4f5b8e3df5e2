using System.Text.Json;
using Lfa.Cli.Tests.Support;
using Lfa.Data;
using Lfa.IO;
using Lfa.Model;

namespace Lfa.Cli.Tests.Commands;

public sealed class UpdateCommandTests : IDisposable
{
    private static readonly string[] BetaProcrustes = ["--method", "beta-procrustes", "--beta", "0.5"];

    private static readonly string[] ClassNames = [.. Enumerable.Range(0, 6).Select(i => Invariant($"kind {i}"))];

    private readonly SmallTask _task = new();

    public UpdateCommandTests()
    {
        // 2 examples of each of the first 4 classes, then the rest.
        Save("old.npz", row => Label(row) < 4 && Order(row) < 2, classes: 4);
        Save("new.npz", row => Label(row) >= 4 || Order(row) >= 2, classes: 6);
    }

    public void Dispose() => _task.Dispose();

    [Fact]
    public void Update_ClosedForm_IsTheFitToAll()
    {
        Fit("old.npz", BetaProcrustes);
        var text = Tool.Succeed("update", _task["m.safetensors"], _task["new.npz"], "-o", _task["u.safetensors"]);
        foreach (var part in new[] { "m.safetensors: 16 examples added, 24 in all; 6 classes.", "Classes added: kind 4 (4 examples), kind 5 (4 examples).", "\northogonal transform  exact\n", "This is what a fit to all examples at once gives.", $"Wrote {_task["u.safetensors"]}." })
            text.ReplaceLineEndings("\n").ShouldContain(part);
        Tool.Succeed(["fit", _task.TrainPath, "-o", _task["all.safetensors"], .. BetaProcrustes]);
        var (updated, all) = (LfaModel.Load(_task["u.safetensors"]), LfaModel.Load(_task["all.safetensors"]));
        updated.Probabilities(_task.Test.ImageFeatures).Values.ToArray().Zip(all.Probabilities(_task.Test.ImageFeatures).Values.ToArray()).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-4);
    }

    [Fact]
    public void Update_WithTheEarlierExamples_WritesTheBytesOfAFit()
    {
        string[] options = ["--method", "lfa", "--iterations", "3", "--loss", "csls", "--seed", "4", "--encoder", "E"];
        Fit("old.npz", options);
        var text = Tool.Succeed("update", _task["m.safetensors"], _task["new.npz"], "--with", _task["old.npz"], "-o", _task["u.safetensors"]);
        text.ShouldContain("fitted again with the options of the fit");
        int[] order = [.. Rows(row => Label(row) < 4 && Order(row) < 2), .. Rows(row => Label(row) >= 4 || Order(row) >= 2)];
        Save("union.npz", order, classes: 6);
        Tool.Succeed(["fit", _task["union.npz"], "-o", _task["all.safetensors"], .. options]);
        File.ReadAllBytes(_task["u.safetensors"]).ShouldBe(File.ReadAllBytes(_task["all.safetensors"]));
    }

    [Fact]
    public void Update_Json_HasTheDocumentedProperties()
    {
        Fit("old.npz", []);
        Save("late.npz", row => Label(row) >= 4, classes: 6); // It names the removed classes, without an example.
        var json = Tool.SucceedWithJson("update", _task["m.safetensors"], _task["late.npz"], "--remove-class", "kind 1", "--remove-class", "kind 2", "--with", _task["old.npz"], "-o", _task["u.safetensors"], "--json");
        Names(json).Take(9).ShouldBe(["model", "addedImages", "images", "classes", "addedClasses", "removedClasses", "exact", "refitted", "parts"]);
        (json.GetProperty("images").GetInt32(), json.GetProperty("classes").GetInt32(), json.GetProperty("exact").GetBoolean(), json.GetProperty("refitted").GetBoolean()).ShouldBe((12, 4, true, true));
        json.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("name").GetString()).ShouldBe(["everything"]);
    }

    [Fact]
    public void Update_RemovedClassWithNewExamples_IsAContradiction()
    {
        Fit("old.npz", BetaProcrustes);
        Fails($"{_task["new.npz"]}: The class \"kind 1\" is to be removed, yet there are new images of it", "update", _task["m.safetensors"], _task["new.npz"], "--remove-class", "kind 1", "-o", _task["u.safetensors"]);
    }

    [Fact]
    public void Update_InPlace_ReplacesTheModel()
    {
        Fit("old.npz", BetaProcrustes);
        var json = Tool.SucceedWithJson("update", _task["m.safetensors"], "--remove-class", "kind 2", "--in-place", "--json");
        Names(json).ShouldBe(["model", "addedImages", "images", "classes", "addedClasses", "removedClasses", "exact", "refitted", "parts"]);
        (json.GetProperty("addedImages").GetInt32(), json.GetProperty("images").GetInt32(), json.GetProperty("classes").GetInt32(), json.GetProperty("exact").GetBoolean(), json.GetProperty("refitted").GetBoolean()).ShouldBe((0, 6, 3, true, false));
        json.GetProperty("removedClasses").EnumerateArray().Select(name => name.GetString()).ShouldBe(["kind 2"]);
        Names(json.GetProperty("parts")[0]).ShouldBe(["name", "outcome", "note"]);
        json.GetProperty("parts")[0].GetProperty("outcome").GetString().ShouldBe("exact");
        LfaModel.Load(_task["m.safetensors"]).ClassNames.ShouldBe(["kind 0", "kind 1", "kind 3"]);
        Tool.Succeed("update", _task["m.safetensors"], "--remove-class", "kind 0", "--in-place").ShouldContain("Classes removed: kind 0.");
    }

    [Fact]
    public void Update_Auto_SaysWhatItKept()
    {
        Fit("old.npz", []);
        var text = Tool.Succeed("update", _task["m.safetensors"], _task["new.npz"], "-o", _task["u.safetensors"]);
        text.ShouldContain("kept       chosen at the last whole fit");
        text.ShouldContain("dropped    its held-out images competed among other classes");
        text.ShouldContain("To fit the others, too, add the earlier examples: --with FILE.");
        Tool.Succeed("predict", _task["u.safetensors"], _task.TestPath).Split('\n').Length.ShouldBe(62);
    }

    [Fact]
    public void Update_WhatCannotBe_IsOneLineAndChangesNothing()
    {
        Fit("old.npz", BetaProcrustes);
        var (model, other, output) = (_task["m.safetensors"], _task["new.npz"], _task["u.safetensors"]);
        var files = _task.Files.ToArray();
        var before = File.ReadAllBytes(model);
        Fails("give -o and the name of a file for the updated model, or --in-place", "update", model, other);
        Fails("-o and --in-place contradict each other", "update", model, other, "-o", output, "--in-place");
        Fails($"{model}: the output would replace the model; give -o another name, or --in-place.", "update", model, other, "-o", model);
        Fails("the output would replace an input", "update", model, other, "-o", other);
        Fails($"{model}: There is nothing to update", "update", model, "-o", output);
        Fails($"{model}: There is no class \"yak\" to remove; the classifier has \"kind 0\", \"kind 1\", \"kind 2\", \"kind 3\".", "update", model, other, "--remove-class", "yak", "--in-place");
        Fails("All 4 classes are to be removed", "update", model, "--in-place", "--remove-class", "kind 0", "--remove-class", "kind 1", "--remove-class", "kind 2", "--remove-class", "kind 3");
        Fails("no-such.npz: there is no such file", "update", model, "no-such.npz", "--in-place");
        Fails("no-such.npz: there is no such file", "update", model, other, "--with", "no-such.npz", "--in-place");
        Fails($"lfa: {_task.TrainPath}: ", "update", _task.TrainPath, other, "-o", output);
        FeatureFile.Write(_task["narrow.npz"], MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 4, Dimension = 8, Shots = 1, TestImages = 1 }).Train);
        Fails($"{_task["narrow.npz"]}: The features are 4 × 8 but the classifier takes 24 columns", "update", model, _task["narrow.npz"], "--in-place");
        Fails($"{model}: Set 1 of the earlier images: The features are 4 × 8", "update", model, other, "--with", _task["narrow.npz"], "--in-place");
        File.ReadAllBytes(model).ShouldBe(before);
        _task.Files.ShouldBe([.. files.Append("narrow.npz").Order(StringComparer.Ordinal)]);
    }

    [Fact]
    public void Fit_Compact_NeedsTheExamplesForAnUpdate()
    {
        Fit("old.npz", BetaProcrustes);
        var whole = new FileInfo(_task["m.safetensors"]).Length;
        Fit("old.npz", [.. BetaProcrustes, "--compact"]);
        new FileInfo(_task["m.safetensors"]).Length.ShouldBeLessThan(whole * 2 / 3);
        Fails($"{_task["m.safetensors"]}: The classifier does not hold the sums over its images", "update", _task["m.safetensors"], _task["new.npz"], "--in-place");
        Tool.Succeed("inspect", _task["m.safetensors"]).ShouldContain("update: `lfa update` needs the 8 images that the model was fitted to (--with)");
        Tool.Succeed("update", _task["m.safetensors"], "--with", _task["old.npz"], "--in-place").ShouldContain("This is what a fit to all examples at once gives.");
    }

    [Fact]
    public void Inspect_Model_SaysThatItCanBeUpdated()
    {
        Fit("old.npz", []);
        var text = Tool.Succeed("inspect", _task["m.safetensors"]);
        text.ShouldContain("classes: 4; 2 to 2 images each; kind 0, kind 1, kind 2, kind 3");
        text.ShouldContain("update: `lfa update` needs no earlier images; the model knows 8 images");
        text.ShouldNotContain("recipe");
        Tool.Succeed("update", _task["m.safetensors"], _task["new.npz"], "--in-place");
        Tool.Succeed("inspect", _task["m.safetensors"]).ShouldContain("the model knows 24 images, 8 at its last whole fit");
        var update = Tool.SucceedWithJson("inspect", _task["m.safetensors"], "--json").GetProperty("update");
        Names(update).ShouldBe(["needsEarlierImages", "images", "imagesOfLastWholeFit"]);
        (update.GetProperty("needsEarlierImages").GetBoolean(), update.GetProperty("images").GetInt32(), update.GetProperty("imagesOfLastWholeFit").GetInt32()).ShouldBe((false, 24, 8));
    }

    [Fact]
    public void Update_Images_AddsTheirFolders()
    {
        using var images = new ImageTask();
        var model = images.Fit(BetaProcrustes);
        images.Save("more/Sky/9.png", ImageTask.Blue(9));
        var output = images["updated.safetensors"];
        // A class of the model has its prototype, whatever the template.
        Tool.Succeed("update", model, images["more"], "-o", output, "--template", "{}", "--no-cache").ShouldContain("1 example added, 11 in all; 2 classes.");
        images.Save("more/grass/0.png", TinyImage.Png(10, 200, 10));
        Tool.Succeed("update", model, images["more"], "-o", output, "--no-cache").ShouldContain("Classes added: grass (1 example).");
        LfaModel.Load(output).ClassNames.ShouldBe(["red ball", "sky", "grass"]);
        Tool.Succeed("predict", output, images["more"], "--no-cache").ShouldContain("grass/0.png,grass,");
        Tool.Fail("update", model, images["more"], "-o", output, "--template", "a drawing of the {} over there", "--no-cache").ShouldContain("more: The prototype of the class \"sky\" is another than that of the classifier");
        // With the images of the fit, everything is fitted again.
        Tool.Succeed("update", model, images["more"], "--with", images.Images, "-o", output, "--no-cache").ShouldContain("fitted again with the options of the fit");
        LfaModel.Load(output).Record.ImageEncoder?.Fingerprint.ShouldBe(LfaModel.Load(model).Record.ImageEncoder?.Fingerprint);
        var other = TinyModel.Write(images["other"], masked: false);
        File.AppendAllText(Path.Combine(other, "preprocessor_config.json"), " ");
        Tool.Fail("update", model, images["more"], "--model", other, "-o", output, "--no-cache").ShouldContain("is not the same model");
    }

    private int Label(int row) => _task.Train.Labels.Span[row];

    private int Order(int row) => _task.Train.Labels.Span[..row].Count(Label(row));

    private int[] Rows(Func<int, bool> takes) => [.. Enumerable.Range(0, _task.Train.SampleCount).Where(takes)];

    private void Save(string name, Func<int, bool> takes, int classes) => Save(name, Rows(takes), classes);

    private void Save(string name, int[] rows, int classes) =>
        FeatureFile.Write(_task[name], new FeatureSet(_task.Train.ImageFeatures.SelectRows(rows), _task.Train.ClassPrototypes.Slice(0, classes), Array.ConvertAll(rows, Label), ClassNames[..classes], normalize: false));

    private void Fit(string name, string[] options) => Tool.Succeed(["fit", _task[name], "-o", _task["m.safetensors"], .. options]);

    private static void Fails(string expected, params string[] args) => Tool.Fail(args).ShouldContain(expected);

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
