using System.Globalization;
using System.Text.Json;
using Lfa.Cli.Tests.Support;
using Lfa.IO;
using Lfa.Model;

namespace Lfa.Cli.Tests.Commands;

/// <summary>lfa predict --together.</summary>
public sealed class PredictTogetherTests : IDisposable
{
    private const string Warning = "--together: the images were classified together; each prediction depends on which others were given.";

    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void Predict_Together_IsThatOfTheLibraryAndSaysSo()
    {
        var model = _task.FitModel();
        var expected = BatchAdaptation.FromModel(LfaModel.Load(model)).Predict([_task.Test.ImageFeatures], new() { TopK = 2 });
        var rows = Tool.SucceedWithWarning(Warning, "predict", model, _task.TestPath, "--together", "--top", "2").Split("\r\n");
        rows[0].ShouldBe("file,class,probability,class_2,probability_2");
        rows.Length.ShouldBe(expected.Count + 2);
        for (var i = 0; i < expected.Count; i++)
        {
            var cells = rows[i + 1].Split(',');
            (cells[1], float.Parse(cells[2], CultureInfo.InvariantCulture)).ShouldBe((expected[i].Best.ClassName, (float)expected[i].Best.Probability));
        }
        Tool.Succeed("predict", model, _task.TestPath, "--top", "2").Split("\r\n").ShouldNotBe(rows);
    }

    [Fact]
    public void Predict_TogetherAsJson_IsMarkedInEachRow()
    {
        var model = _task.FitModel();
        Tool.SucceedWithWarning(Warning, "predict", model, _task.TestPath, "--together", "-o", _task["x.jsonl"]);
        var rows = File.ReadAllLines(_task["x.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        rows.Length.ShouldBe(_task.Test.SampleCount);
        rows.ShouldAllBe(row => row.GetProperty("dependsOnBatch").GetBoolean());
        Tool.Succeed("predict", model, _task.TestPath, "-o", _task["y.jsonl"]);
        File.ReadAllText(_task["y.jsonl"]).ShouldNotContain("dependsOnBatch");
    }

    [Fact]
    public void Predict_TogetherWithACoverageOfTheModel_HasNoSets()
    {
        Tool.Succeed("fit", _task.TrainPath, "-o", _task["auto.safetensors"], "--coverage", "0.8");
        Tool.Succeed("predict", _task["auto.safetensors"], _task.TestPath).ShouldStartWith("file,class,probability,set\r\n");
        Tool.SucceedWithWarning(Warning, "predict", _task["auto.safetensors"], _task.TestPath, "--together").ShouldStartWith("file,class,probability\r\n");
    }

    [Fact]
    public void Predict_TogetherWhereItCannot_IsRefusedInOneLine()
    {
        var model = _task.FitModel();
        foreach (var option in new[] { "--coverage", "--reject" })
            Tool.Fail("predict", model, _task.TestPath, "--together", option, "0.1").ShouldBe($"lfa: {option} holds for images classified one at a time; leave out {option} or --together.");
        FeatureFile.WriteMatrix(_task["one.npy"], _task.Test.ImageFeatures.Slice(0, 1));
        Tool.Fail("predict", model, _task["one.npy"], "--together").ShouldBe($"lfa: {_task["one.npy"]}: features has 1 row; images are classified together from 2 on, so give more, or classify it alone.");
        Tool.Succeed("fit", _task.TrainPath, "--method", "tip-adapter", "-o", _task["tip.safetensors"]);
        Tool.Fail("predict", _task["tip.safetensors"], _task.TestPath, "--together", "-o", _task["x.csv"]).ShouldStartWith($"lfa: {_task["tip.safetensors"]}: The classifier of method tip-adapter keeps support images");
        File.Exists(_task["x.csv"]).ShouldBeFalse();
    }
}
