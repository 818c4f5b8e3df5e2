using Lfa.Cli.Tests.Support;
using Lfa.Data;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Protocols.Comparison;

namespace Lfa.Cli.Tests.Commands;

public sealed class CompareCommandTests : IDisposable
{
    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Fact]
    public void Compare_Text_HasARowForEachMethod()
    {
        var text = Tool.Succeed("compare", _task.TrainPath, _task.TestPath);
        text.ShouldStartWith($"{_task.TestPath}: 60 images of 6 classes; fitted to 24 images, seed 1\n");
        foreach (var method in MethodComparison.Methods.Where(method => method is not ProjectionMethod).Select(method => method.Name))
            text.ShouldContain($"\n{method} ");
        text.ShouldContain("\nlabel-propagation (uses the test images) ");
        text.ShouldContain("garbage included");
        text.Split('\n').ShouldAllBe(line => !line.EndsWith(' '));
    }

    [Fact]
    public void Compare_Json_HasTheDocumentedProperties()
    {
        var document = Tool.SucceedWithJson("compare", _task.TrainPath, _task.TestPath, "--methods", "gaussian, transclip,lfa", "--seed", "4", "--json");
        document.EnumerateObject().Select(property => property.Name).ShouldBe(["trainSamples", "testSamples", "classes", "seed", "methods"]);
        document.GetProperty("seed").GetInt32().ShouldBe(4);
        var methods = document.GetProperty("methods").EnumerateArray().ToArray();
        methods.Select(method => method.GetProperty("method").GetString()).ShouldBe(["gaussian", "transclip", "lfa"]);
        methods.Select(method => method.GetProperty("usesTestImages").GetBoolean()).ShouldBe([false, true, false]);
        var comparison = new MethodComparison(_task.Train, _task.Test, new FitContext { Seed = 4 });
        foreach (var method in methods)
        {
            var expected = comparison.Run(MethodRegistry.Find(method.GetProperty("method").GetString()!)!).Evaluation!;
            method.EnumerateObject().Select(property => property.Name).ShouldBe(["method", "source", "usesTestImages", "top1Accuracy", "top5Accuracy", "top1", "top5", "logLoss", "ece", "seconds", "peakBytes", "chosen", "refusal"]);
            new[] { "top1Accuracy", "top5Accuracy", "top1", "top5", "logLoss", "ece" }.Select(figure => method.GetProperty(figure).GetDouble())
                .ShouldBe([expected.Top1Accuracy, expected.Top5Accuracy, 100 * expected.Top1Accuracy, 100 * expected.Top5Accuracy, expected.LogLoss, expected.Ece]);
            method.GetProperty("refusal").GetString().ShouldBeNull();
        }
        methods[0].GetProperty("chosen").GetString()!.ShouldStartWith("weight ");
        methods[2].GetProperty("top1").GetDouble().ShouldBe(Tool.SucceedWithJson("fit", _task.TrainPath, "--test", _task.TestPath, "--method", "lfa", "--seed", "4", "--json").GetProperty("test").GetProperty("lfa").GetProperty("top1").GetDouble());
    }

    [Fact]
    public void Compare_Markdown_IsATable()
    {
        var lines = Tool.Succeed("compare", _task.TrainPath, _task.TestPath, "--methods", "zero-shot,k-nn", "--markdown").Split('\n');
        lines[2].ShouldBe("| method | top-1 | top-5 | log-loss | ECE | s | MB | chosen |");
        lines[4].ShouldStartWith("| zero-shot | ");
        lines[5].ShouldStartWith("| k-nn | ");
        lines[5].Count(c => c == '|').ShouldBe(9);
    }

    [Fact]
    public void Compare_AMethodThatRefuses_SaysSoInItsRow()
    {
        var large = Large();
        var text = Tool.Succeed("compare", large, large, "--methods", "zero-shot,kernel-ridge");
        text.ShouldContain("There are 20002 labeled images; kernel-ridge keeps");
        text.ShouldContain("\nzero-shot ");
        Tool.Fail("compare", large, large, "--methods", "kernel-ridge").ShouldStartWith($"lfa: {large}: kernel-ridge: There are 20002 labeled images");
    }

    [Theory]
    [InlineData("--methods magic: expected names among zero-shot, ", "--methods", "magic,lfa")]
    [InlineData("--methods ,: expected one name at least", "--methods", ",")]
    [InlineData("--json and --markdown exclude each other", "--json", "--markdown")]
    [InlineData("--model x: ", "--model", "x")]
    public void Compare_BadOption_IsOneLine(string expected, params string[] options) =>
        Tool.Fail(["compare", _task.TrainPath, _task.TestPath, .. options]).ShouldStartWith("lfa: " + expected);

    [Fact]
    public void Compare_BadFiles_AreNamed()
    {
        Tool.Fail("compare", _task["none.npz"], _task.TestPath).ShouldBe($"lfa: {_task["none.npz"]}: there is no such file.");
        Tool.Fail("compare", _task.TrainPath).ShouldStartWith("lfa: Required argument 'TEST' missing");
        var (other, _) = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 5, Dimension = 24, Shots = 1 });
        FeatureFile.Write(_task["other.npz"], other);
        Tool.Fail("compare", _task.TrainPath, _task["other.npz"]).ShouldStartWith($"lfa: {_task["other.npz"]}: The test set has 5 classes");
    }

    [Fact]
    public void Compare_Images_Works()
    {
        using var images = new ImageTask();
        Tool.Succeed("compare", images.Images, images.Images, "--model", images.Model, "--no-cache", "--methods", "zero-shot,nearest-mean").ShouldContain("10 images of 2 classes");
    }

    [Fact]
    public void Compare_Cancelled_PrintsNothing()
    {
        var result = Tool.Run(new CancellationToken(canceled: true), "compare", _task.TrainPath, _task.TestPath);
        (result.ExitCode, result.Output).ShouldBe((130, ""));
    }

    private string Large()
    {
        var prototypes = new Matrix(new float[] { 1, 0, 0, 1 }, 2, 2);
        var labels = Enumerable.Range(0, 20_002).Select(i => i % 2).ToArray();
        FeatureFile.Write(_task["large.npz"], new FeatureSet(prototypes.SelectRows(labels), prototypes, labels));
        return _task["large.npz"];
    }
}
