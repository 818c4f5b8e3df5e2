using System.Globalization;
using System.Text.Json;
using Lfa.Classification;
using Lfa.Cli.Tests.Support;
using Lfa.IO;
using Lfa.Model;

namespace Lfa.Cli.Tests.Commands;

/// <summary>The commands that use a fitted model: evaluate, predict, export, inspect.</summary>
public sealed class ModelCommandsTests : IDisposable
{
    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void Evaluate_SavedModel_GivesTheAccuracyOfTheFit()
    {
        var fit = Tool.SucceedWithJson("fit", _task.TrainPath, "--method", "lfa", "--test", _task.TestPath, "-o", _task["m.safetensors"], "--json").GetProperty("test");
        var evaluation = Tool.SucceedWithJson("evaluate", _task["m.safetensors"], _task.TestPath, "--json");
        evaluation.EnumerateObject().Select(property => property.Name).ShouldBe(["top1Accuracy", "top5Accuracy", "top1", "top5", "logLoss", "ece", "samples", "classes"]);
        Accuracy(evaluation).ShouldBe(Accuracy(fit.GetProperty("lfa")));
        (evaluation.GetProperty("samples").GetInt32(), evaluation.GetProperty("classes").GetInt32()).ShouldBe((60, 6));
        var average = Tool.SucceedWithJson("evaluate", _task["m.safetensors"], _task.TestPath, "--transform", "new", "--json");
        Accuracy(average).ShouldBe(Accuracy(fit.GetProperty("movingAverage")));
    }

    [Fact]
    public void Evaluate_PerClass_ListsEveryClass()
    {
        var model = _task.FitModel();
        var classes = Tool.SucceedWithJson("evaluate", model, _task.TestPath, "--per-class", "--json").GetProperty("perClass");
        classes.GetArrayLength().ShouldBe(6);
        classes[0].EnumerateObject().Select(property => property.Name).ShouldBe(["class", "samples", "recall", "precisionFraction", "top1", "precision"]);
        classes.EnumerateArray().Select(one => one.GetProperty("class").GetString()).ShouldBe(_task.Test.ClassNames);
        classes.EnumerateArray().ShouldAllBe(one => one.GetProperty("samples").GetInt32() == 10);
        var text = Tool.Succeed("evaluate", model, _task.TestPath, "--per-class");
        foreach (var name in _task.Test.ClassNames)
            text.ShouldContain(name);
    }

    [Fact]
    public void Evaluate_ClassWithoutSamples_IsNull()
    {
        var some = _task.Test.SelectRows([.. Enumerable.Range(0, 50)]); // none of the last class
        FeatureFile.Write(_task["some.npz"], some);
        var classes = Tool.SucceedWithJson("evaluate", _task.FitModel(), _task["some.npz"], "--per-class", "--json").GetProperty("perClass");
        classes[5].GetProperty("recall").ValueKind.ShouldBe(JsonValueKind.Null);
        classes[5].GetProperty("top1").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void Predict_Csv_HasTheClassesOfTheLibrary(int top)
    {
        var model = _task.FitModel();
        Tool.Succeed("predict", model, _task.TestPath, "-o", _task["x.csv"], "--top", Invariant($"{top}")).Trim().ShouldBe($"Wrote {_task["x.csv"]}.");
        var rows = File.ReadAllText(_task["x.csv"]).Split("\r\n");
        rows[0].ShouldStartWith("file,class,probability" + (top > 1 ? ",class_2,probability_2," : ""));
        var expected = LfaModel.Load(model).Predict(_task.Test.ImageFeatures, top).ToList();
        rows.Length.ShouldBe(expected.Count + 2);
        rows[^1].ShouldBeEmpty();
        for (var i = 0; i < expected.Count; i++)
            rows[i + 1].ShouldBe(_task.Test.FileNames![i] + string.Concat(expected[i].Top.Select(one => Invariant($",{one.ClassName},{(float)one.Probability:R}"))));
        Tool.Succeed("predict", model, _task.TestPath, "--top", Invariant($"{top}")).ShouldBe(File.ReadAllText(_task["x.csv"]), "without -o, the same goes to stdout");
    }

    [Fact]
    public void Predict_JsonLines_HasTheClassesOfTheLibrary()
    {
        var model = _task.FitModel();
        Tool.Succeed("predict", model, _task.TestPath, "-o", _task["x.jsonl"], "--top", "2");
        var rows = File.ReadAllLines(_task["x.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var expected = LfaModel.Load(model).Predict(_task.Test.ImageFeatures, 2).ToList();
        rows.Count.ShouldBe(expected.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i].EnumerateObject().Select(property => property.Name).ShouldBe(["file", "class", "probability", "top"]);
            rows[i].GetProperty("file").GetString().ShouldBe(_task.Test.FileNames![i]);
            rows[i].GetProperty("class").GetString().ShouldBe(expected[i].Best.ClassName);
            rows[i].GetProperty("probability").GetSingle().ShouldBe((float)expected[i].Best.Probability);
            rows[i].GetProperty("top").EnumerateArray().Select(one => one.GetProperty("class").GetString()).ShouldBe(expected[i].Top.Select(one => one.ClassName));
        }
    }

    [Fact]
    public void Predict_LoneArray_CountsTheRows()
    {
        var model = _task.FitModel();
        FeatureFile.WriteMatrix(_task["x.npy"], _task.Test.ImageFeatures);
        var rows = Tool.Succeed("predict", model, _task["x.npy"]).Split("\r\n");
        rows[0].ShouldBe("row,class,probability");
        rows[1..^1].Select(row => int.Parse(row[..row.IndexOf(',')], CultureInfo.InvariantCulture)).ShouldBe(Enumerable.Range(0, 60));
        Tool.Succeed("predict", model, _task["x.npy"], "-o", _task["x.jsonl"]);
        File.ReadLines(_task["x.jsonl"]).First().ShouldStartWith("{\"row\":0,\"class\":");
    }

    [Fact]
    public void Predict_NamesWithCommasQuotesAndLineEnds_AreQuoted()
    {
        var path = _task.Write("odd.npz", NpyBytes.NamedSet(("class_names", NpyBytes.Strings("a \"b\", c", "d\ne")), ("filenames", NpyBytes.Strings("x,y.jpg", "plain", "q\"r"))));
        Tool.Succeed("fit", path, "--method", "zero-shot", "-o", _task["odd.safetensors"]);
        Tool.Succeed("predict", _task["odd.safetensors"], path).Split(["\r\n"], StringSplitOptions.None)[1..4].Select(row => row[..row.LastIndexOf(',')])
            .ShouldBe(["\"x,y.jpg\",\"d\ne\"", "plain,\"d\ne\"", "\"q\"\"r\",\"a \"\"b\"\", c\""]);
    }

    [Fact]
    public void Export_Npy_IsTheAdaptedPrototypes()
    {
        var model = _task.FitModel();
        var expected = LfaModel.Load(model).Aligned!.AdaptedPrototypes();
        Tool.Succeed("export", model, "-o", _task["head.npy"]).ShouldContain("6 × 24");
        using var reader = FeatureReader.Open(_task["head.npy"], new FeatureFileOptions { Normalize = false });
        reader.ReadBlocks(6).Single().Values.ToArray().ShouldBe(expected.Values.ToArray());
    }

    [Fact]
    public void Export_Npz_AlsoNamesTheClasses()
    {
        Tool.Succeed("export", _task.FitModel(), "-o", _task["head.npz"]);
        var arrays = Tool.SucceedWithJson("inspect", _task["head.npz"], "--json").GetProperty("arrays");
        arrays.EnumerateArray().Select(array => array.GetProperty("name").GetString()).ShouldBe(["class_prototypes", "class_names"]);
    }

    [Fact]
    public void Export_ModelWithBiases_WritesThemToNpzAndRefusesNpy()
    {
        var model = LfaModel.Load(_task.FitModel());
        var plain = model.Aligned!;
        var residual = new LinearHead(plain.ClassPrototypes, new float[] { 0, 0.5f, 0, 0, 0, 0 });
        new LfaModel(new AlignedScorer(plain.Transform, plain.ClassPrototypes, residual: residual), model.ClassNames).Save(_task["biased.safetensors"]);
        Tool.Fail("export", _task["biased.safetensors"], "-o", _task["head.npy"]).ShouldContain("adds a bias to the score of each class, which a .npy file has no place for; write a .npz file");
        Tool.Succeed("export", _task["biased.safetensors"], "-o", _task["head.npz"]).ShouldContain("a row for each class, and its bias.");
        var arrays = Tool.SucceedWithJson("inspect", _task["head.npz"], "--json").GetProperty("arrays").EnumerateArray();
        arrays.Select(array => array.GetProperty("name").GetString()).ShouldBe(["class_prototypes", "class_names", "biases"]);
        new LfaModel(new AlignedScorer(plain.Transform, plain.ClassPrototypes, residual: new LinearHead(plain.ClassPrototypes, new float[6])), model.ClassNames).Save(_task["unbiased.safetensors"]);
        Tool.Succeed("export", _task["unbiased.safetensors"], "-o", _task["head.npy"]).ShouldContain("6 × 24");
    }

    [Fact]
    public void Inspect_FeatureFile_ShowsShapesClassesAndNorms()
    {
        var text = Tool.Succeed("inspect", _task.TrainPath);
        foreach (var part in new[] { "image and text features", "6 × 24", "24 × 24", "float32", "int64", "4 to 4 images each", "No problems." })
            text.ShouldContain(part);
    }

    [Fact]
    public void Inspect_Model_ShowsItsMetadata()
    {
        var text = Tool.Succeed("inspect", _task.FitModel("--encoder", "ViT-B/32"));
        foreach (var part in new[] { "a model", "transform", "class_prototypes", "new_class_transform", "image_encoder: {\"name\":\"ViT-B/32\"}", "seed: 1" })
            text.ShouldContain(part);
    }

    [Fact]
    public void Inspect_Problems_AreListedAndNoFailure()
    {
        var path = _task.Write("bad.npz", NpyBytes.NamedSet(("labels", NpyBytes.Longs(0, 0, 7)), ("image_features", NpyBytes.Floats("(3, 2)", 1, float.NaN, 0, 0, 1, 1))));
        var text = Tool.Succeed("inspect", path);
        text.Split('\n').Count(line => line.StartsWith("PROBLEM: ", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(3);
        var report = Tool.SucceedWithJson("inspect", path, "--json");
        report.EnumerateObject().Select(property => property.Name).ShouldBe(["path", "kind", "arrays", "classes", "metadata", "problems", "notes"]);
        report.GetProperty("kind").GetString().ShouldBe("featureFile");
        report.GetProperty("problems").GetArrayLength().ShouldBeGreaterThanOrEqualTo(3);
        var rows = report.GetProperty("arrays")[0].GetProperty("rows");
        (rows.GetProperty("nonFinite").GetInt64(), rows.GetProperty("zero").GetInt64()).ShouldBe((1, 1));
    }

    private static (double, double) Accuracy(JsonElement element) => (element.GetProperty("top1Accuracy").GetDouble(), element.GetProperty("top5Accuracy").GetDouble());
}
