using System.Text.Json;
using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Cli.Tests.Support;
using Lfa.Data;
using Lfa.IO;
using Lfa.Model;

namespace Lfa.Cli.Tests.Commands;

/// <summary>What the commands do with a model that knows how its scores are spread.</summary>
public sealed class ConfidenceCommandTests : IDisposable
{
    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void Predict_CoverageAndReject_AddTheirColumns()
    {
        var model = SaveModel();
        var options = new PredictionOptions { TopK = 2, Coverage = 0.9, FalseRejection = 0.2 };
        var expected = LfaModel.Load(model).Predict(_task.Test.ImageFeatures, options).ToArray();
        var rows = Tool.Succeed("predict", model, _task.TestPath, "--top", "2", "--coverage", "0.9", "--reject", "0.2").Split("\r\n");
        rows[0].ShouldBe("file,class,probability,class_2,probability_2,set,unknown");
        for (var i = 0; i < expected.Length; i++)
            rows[i + 1].ShouldEndWith($",{string.Join("|", expected[i].PredictionSet!.Select(one => one.ClassName))},{(expected[i].IsUnknown ? "true" : "false")}");
        expected.ShouldContain(prediction => prediction.IsUnknown);
        expected.ShouldContain(prediction => prediction.PredictionSet!.Count > 1);
        FeatureFile.WriteMatrix(_task["x.npy"], _task.Test.ImageFeatures);
        Tool.Succeed("predict", model, _task["x.npy"], "--coverage", "0.9").ShouldStartWith("row,class,probability,set\r\n");
        Tool.Succeed("predict", model, _task["x.npy"], "--reject", "0.2").ShouldStartWith("row,class,probability,unknown\r\n");
    }

    [Fact]
    public void Predict_JsonLines_HaveTheSetAndWhetherItIsUnknown()
    {
        var model = SaveModel();
        var expected = LfaModel.Load(model).Predict(_task.Test.ImageFeatures, new PredictionOptions { Coverage = 0.9, FalseRejection = 0.2 }).ToArray();
        Tool.Succeed("predict", model, _task.TestPath, "-o", _task["x.jsonl"], "--coverage", "0.9", "--reject", "0.2");
        var rows = File.ReadAllLines(_task["x.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        rows.Length.ShouldBe(expected.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].EnumerateObject().Select(property => property.Name).ShouldBe(["file", "class", "probability", "set", "unknown"]);
            rows[i].GetProperty("set").EnumerateArray().Select(one => (one.GetProperty("class").GetString(), one.GetProperty("probability").GetSingle()))
                .ShouldBe(expected[i].PredictionSet!.Select(one => ((string?)one.ClassName, (float)one.Probability)));
            rows[i].GetProperty("unknown").GetBoolean().ShouldBe(expected[i].IsUnknown);
        }
    }

    [Fact]
    public void Predict_NamesWithBars_AreEscapedInTheSet()
    {
        var prototypes = new Matrix(new float[] { 1, 0, 0, 1 }, 2, 2);
        var scores = new Matrix(new float[] { 1, 0 }, 1, 2); // One image: a set holds all classes.
        new LfaModel(new AlignedScorer(Transform.Identity(2), prototypes, temperature: 1), ["a|b", "c\\d,e"]).WithCalibration(Calibration.FromHeldOut(scores, [0])).Save(_task["odd.safetensors"]);
        FeatureFile.WriteMatrix(_task["x.npy"], new Matrix(new float[] { 3, 1 }, 1, 2));
        Tool.Succeed("predict", _task["odd.safetensors"], _task["x.npy"], "--coverage", "0.9").Split("\r\n")[1].ShouldEndWith(",\"a\\|b|c\\\\d,e\"");
    }

    [Fact]
    public void Predict_DefaultsOfTheModel_HoldWhereNothingIsAsked()
    {
        var model = SaveModel(coverage: 0.9, falseRejection: 0.2);
        var asked = Tool.Succeed("predict", SaveModel(name: "plain.safetensors"), _task.TestPath, "--coverage", "0.9", "--reject", "0.2");
        Tool.Succeed("predict", model, _task.TestPath).ShouldBe(asked);
        Tool.Succeed("predict", model, _task.TestPath, "--coverage", "0.5").ShouldNotBe(asked);
    }

    [Fact]
    public void Evaluate_CoverageAndReject_ReportWhatWasReached()
    {
        var model = SaveModel();
        var expected = LfaModel.Load(model).Evaluate(_task.Test, new PredictionOptions { Coverage = 0.9, FalseRejection = 0.2 });
        var json = Tool.SucceedWithJson("evaluate", model, _task.TestPath, "--coverage", "0.9", "--reject", "0.2", "--json");
        json.EnumerateObject().Select(property => property.Name).ShouldBe(["top1Accuracy", "top5Accuracy", "top1", "top5", "logLoss", "ece", "samples", "classes", "predictionSets", "sets", "rejection"]);
        foreach (var sets in new[] { json.GetProperty("predictionSets"), json.GetProperty("sets") })
        {
            sets.EnumerateObject().Select(property => property.Name).ShouldBe(["statedCoverage", "coverage", "meanClassCoverage", "meanSize", "emptyShare", "guarantee"]);
            var guarantee = sets.GetProperty("guarantee");
            guarantee.EnumerateObject().Select(property => property.Name).ShouldBe(["samples", "atLeast", "atMost", "expected", "deviation"]);
            new PredictionSetEvaluation(sets.GetProperty("statedCoverage").GetDouble(), sets.GetProperty("coverage").GetDouble(), sets.GetProperty("meanClassCoverage").GetDouble(), sets.GetProperty("meanSize").GetDouble())
            {
                Guarantee = new CoverageGuarantee(guarantee.GetProperty("samples").GetInt32(), guarantee.GetProperty("atLeast").GetDouble(), guarantee.GetProperty("atMost").GetDouble(),
                    guarantee.GetProperty("expected").GetDouble(), guarantee.GetProperty("deviation").GetDouble()),
            }.ShouldBe(expected.PredictionSets);
        }
        json.GetProperty("rejection").GetProperty("falseRejection").GetDouble().ShouldBe(expected.Rejection!.FalseRejection);
        var text = Tool.Succeed("evaluate", model, _task.TestPath, "--coverage", "0.9", "--reject", "0.2");
        text.ShouldContain("coverage of the prediction sets, per cent (90% asked for)");
        text.ShouldContain(Invariant($"{expected.PredictionSets!.MeanSize:F2}"));
        text.ShouldContain("coverage to expect by 24 held-out images, per cent");
        text.ShouldNotContain("coverage, %");
        Tool.Succeed("evaluate", model, _task.TestPath, "--coverage", "0.9", "--per-class").ShouldContain("coverage, %");
        Tool.SucceedWithJson("evaluate", model, _task.TestPath, "--coverage", "0.9", "--per-class", "--json").GetProperty("perClass").EnumerateArray().Select(one => one.GetProperty("coverage").GetDouble())
            .ShouldBe(expected.PerClass.Select(one => one.Coverage!.Value));
        text.ShouldContain("rejected though known, per cent (20% asked for)");
        Tool.Succeed("evaluate", model, _task.TestPath).ShouldNotContain("coverage");
    }

    [Fact]
    public void Inspect_Model_ShowsItsConfidence()
    {
        var model = SaveModel(coverage: 0.9);
        var text = Tool.Succeed("inspect", model);
        foreach (var part in new[] { "confidence: from 24 held-out images", "  temperature 0.01 → ", "--coverage up to 0.9600 (0.9 where not given); unknown: --reject from 0.0400", "held_out_familiarity", "No problems." })
            text.ShouldContain(part);
        var json = Tool.SucceedWithJson("inspect", model, "--json");
        json.EnumerateObject().Select(property => property.Name).ShouldBe(["path", "kind", "arrays", "classes", "metadata", "confidence", "problems", "notes"]);
        var confidence = json.GetProperty("confidence");
        (confidence.GetProperty("images").GetInt32(), confidence.GetProperty("coverage").GetDouble(), confidence.GetProperty("falseRejection").ValueKind).ShouldBe((24, 0.9, JsonValueKind.Null));
        confidence.GetProperty("after").GetProperty("ece").GetDouble().ShouldBe(LfaModel.Load(model).Calibration!.After.Ece);
    }

    [Fact]
    public void Fit_WrongLabels_SaysHowMany()
    {
        var (train, _) = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 20, Dimension = 48, Shots = 16, NoiseShare = 0.7 });
        int[] labels = [.. train.Labels.ToArray().Select((label, i) => i % 10 == 3 ? (label + 1 + (i / 10 % 19)) % 20 : label)];
        FeatureFile.Write(_task["right.npz"], train);
        FeatureFile.Write(_task["wrong.npz"], new FeatureSet(train.ImageFeatures, train.ClassPrototypes, labels, train.ClassNames));
        const string Line = "of the labels look wrong; probabilities and sets are for right ones";
        Tool.Succeed("fit", _task["right.npz"], "-o", _task["m.safetensors"]).ShouldNotContain(Line);
        Tool.Succeed("fit", _task["wrong.npz"], "-o", _task["m.safetensors"]).ShouldContain($"{Line}. `lfa review` lists them.");
        Tool.Succeed("inspect", _task["m.safetensors"]).ShouldContain(Line);
        var fraction = LfaModel.Load(_task["m.safetensors"]).Calibration!.WrongLabelFraction;
        fraction.ShouldBe(0.1, 0.04);
        Tool.SucceedWithJson("fit", _task["wrong.npz"], "-o", _task["m.safetensors"], "--json").GetProperty("wrongLabelFraction").GetDouble().ShouldBe(fraction);
        Tool.SucceedWithJson("inspect", _task["m.safetensors"], "--json").GetProperty("confidence").GetProperty("wrongLabelFraction").GetDouble().ShouldBe(fraction);
    }

    [Fact]
    public void Inspect_DamagedConfidence_IsAProblemAndNoFailure()
    {
        var bytes = File.ReadAllBytes(SaveModel());
        var entry = System.Text.Encoding.UTF8.GetBytes("\"held_out_images\":\"24\"");
        bytes[bytes.AsSpan().IndexOf(entry) + entry.Length - 2] = (byte)'5'; // 24 becomes 25.
        _task.Write("bad.safetensors", bytes);
        Tool.Succeed("inspect", _task["bad.safetensors"]).ShouldContain("the tensor held_out_nonconformity has 24 values but 25 images were held out");
    }

    [Theory]
    [InlineData("predict", "--coverage", "0.9", "--coverage needs a model that knows how its scores are spread; fit with --method auto, or leave out --coverage.")]
    [InlineData("predict", "--reject", "0.05", "--reject needs a model that knows how its scores are spread; fit with --method auto, or leave out --reject.")]
    [InlineData("evaluate", "--coverage", "0.9", "--coverage needs a model")]
    [InlineData("evaluate", "--reject", "0.05", "--reject needs a model")]
    public void Run_ModelWithoutConfidence_SaysWhatGivesIt(string command, string option, string value, string expected)
    {
        var model = _task.FitModel();
        Tool.Fail(command, model, _task.TestPath, option, value).ShouldStartWith($"lfa: {model}: {expected}");
        Tool.Fail(command, model, _task.TestPath, option, value, "--transform", "new").ShouldContain("holds for the trained classes: leave out --transform new");
    }

    [Theory]
    [InlineData("--coverage", "1", "--coverage 1: Coverage must lie between 0 and 1; see `lfa predict --help`.")]
    [InlineData("--coverage", "0", "--coverage 0: Coverage must lie between 0 and 1")]
    [InlineData("--coverage", "90%", "--coverage 90%: expected a number")]
    [InlineData("--reject", "-0.1", "--reject -0.1: FalseRejection must lie between 0 and 1")]
    [InlineData("--reject", "nan", "--reject nan: FalseRejection must lie between 0 and 1")]
    public void Run_LevelOutOfRange_IsNamedInOneLine(string option, string value, string expected)
    {
        Tool.Fail("predict", "m", "x.npz", option, value).ShouldStartWith("lfa: " + expected);
        Tool.Fail("evaluate", "m", "x.npz", option, value).ShouldStartWith($"lfa: {option} {value}: ");
    }

    [Fact]
    public void Predict_Images_HaveSetsToo()
    {
        using var images = new ImageTask();
        var fitted = LfaModel.Load(images.Fit());
        var scores = new Matrix(new float[] { 0.5f, 0.2f, 0.1f, 0.3f }, 2, 2);
        fitted.WithCalibration(Calibration.FromHeldOut(scores, [0, 1])).Save(images["confident.safetensors"]);
        var rows = Tool.Succeed("predict", images["confident.safetensors"], images.Images, "--coverage", "0.9", "--reject", "0.1", "--no-cache").Split("\r\n");
        rows[0].ShouldBe("file,class,probability,set,unknown");
        rows.Length.ShouldBe(12);
        rows[1..^1].ShouldAllBe(row => row.EndsWith(",false", StringComparison.Ordinal) && row.Contains('|'));
    }

    private string SaveModel(double? coverage = null, double? falseRejection = null, string name = "confident.safetensors")
    {
        var plain = new LfaModel(new AlignedScorer(Transform.Identity(24), _task.Train.ClassPrototypes, temperature: 1), _task.Train.ClassNames);
        var confidence = Calibration.FromHeldOut(plain.Logits(_task.Train.ImageFeatures), _task.Train.Labels.Span).WithDefaults(coverage, falseRejection);
        plain.WithCalibration(confidence).Save(_task[name]);
        return _task[name];
    }
}
