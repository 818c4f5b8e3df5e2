using System.Globalization;
using System.Text.Json;
using Lfa.Alignment;
using Lfa.Cli.Tests.Support;
using Lfa.Data;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Model;

namespace Lfa.Cli.Tests.Commands;

/// <summary>Every method of the registry can be fitted, saved and used from the command line, one of another's too.</summary>
public sealed class MethodCommandTests : IDisposable
{
    private readonly SmallTask _task = new();

    public static TheoryData<string> Methods => new(MethodRegistry.Methods.All.Where(method => !IsTransductive(method)).Select(method => method.Name));

    public static TheoryData<string> Transductive => new(MethodRegistry.Methods.All.Where(IsTransductive).Select(method => method.Name));

    private string ModelPath => _task["m.safetensors"];

    public void Dispose() => _task.Dispose();

    [Theory]
    [MemberData(nameof(Methods))]
    public void FitThenPredict_Method_GivesTheProbabilitiesOfTheLibrary(string name)
    {
        var method = MethodRegistry.Methods.Get(name);
        var isUnsupervised = method.Needs.HasFlag(MethodNeeds.UnlabeledImages);
        var (train, test) = method.Needs.HasFlag(MethodNeeds.SeparateSpaces) ? (Narrowed(_task.Train), Narrowed(_task.Test)) : (_task.Train, _task.Test);
        FeatureFile.Write(_task.TrainPath, train);
        FeatureFile.Write(_task.TestPath, test);
        Tool.Succeed(["fit", _task.TrainPath, "--method", name, "-o", ModelPath, .. isUnsupervised ? ["--unsupervised"] : Array.Empty<string>()]).ShouldContain($"method {name}");
        var rows = Predict(test.ClassCount);

        var expected = LfaModel.Fit(isUnsupervised ? new FitTask(unlabeled: train) : train, method).Predict(test.ImageFeatures, test.ClassCount).ToArray();
        rows.Length.ShouldBe(expected.Length);
        for (var i = 0; i < rows.Length; i++)
            rows[i].ShouldBe(expected[i].Top.Select(one => (one.ClassName, (float)one.Probability)));
        expected.Select(prediction => prediction.Top.Sum(one => one.Probability)).ShouldAllBe(sum => Math.Abs(sum - 1) < 1e-5, "the probabilities of all classes");
    }

    [Theory]
    [MemberData(nameof(Transductive))]
    public void Fit_MethodThatGivesNoModel_IsRefused(string name) =>
        Tool.Fail("fit", _task.TrainPath, "--method", name, "-o", ModelPath).ShouldStartWith($"lfa: Method {name} classifies the images of its task together");

    [Fact]
    public void AnyCommand_MethodOfAnother_Works()
    {
        Tool.Succeed("fit", _task.TrainPath, "--method", "toy", "--test", _task.TestPath, "-o", ModelPath).ShouldContain("method toy");
        var model = LfaModel.Fit(_task.Train, new ToyMethod());
        var expected = model.Evaluate(_task.Test);
        Predict(1).Select(row => row[0].Name).ShouldBe(model.Predict(_task.Test.ImageFeatures).Select(prediction => prediction.Best.ClassName));
        var evaluation = Tool.SucceedWithJson("evaluate", ModelPath, _task.TestPath, "--json");
        (evaluation.GetProperty("top1Accuracy").GetDouble(), evaluation.GetProperty("logLoss").GetDouble()).ShouldBe((expected.Top1Accuracy, expected.LogLoss));
        Tool.Succeed("export", ModelPath, "-o", _task["head.npz"]).ShouldContain("6 × 24, a row for each class, and its bias.");
        FeatureFile.ReadPrototypes(_task["head.npz"]).ClassNames.ShouldBe(_task.Train.ClassNames);
        Tool.Succeed("inspect", ModelPath).ShouldContain("method: toy");
        var compared = Tool.SucceedWithJson("compare", _task.TrainPath, _task.TestPath, "--methods", "toy", "--json").GetProperty("methods")[0];
        (compared.GetProperty("method").GetString(), compared.GetProperty("top1Accuracy").GetDouble()).ShouldBe(("toy", expected.Top1Accuracy));
    }

    [Fact]
    public void Fit_MethodOfAnotherThatTellsLittle_IsMeasured()
    {
        var fit = Tool.SucceedWithJson("fit", _task.TrainPath, "--method", "toy", "--test", _task.TestPath, "--json");
        (fit.GetProperty("method").GetString(), fit.GetProperty("seed").ValueKind).ShouldBe(("toy", JsonValueKind.Null), "its record has no seed");
        fit.GetProperty("test").GetProperty("toy").GetProperty("top1Accuracy").GetDouble().ShouldBe(LfaModel.Fit(_task.Train, new ToyMethod()).Evaluate(_task.Test).Top1Accuracy);
        Tool.Succeed("fit", _task.TrainPath, "--method", "toy", "--test", _task.TestPath).ShouldContain("\ntoy ");
    }

    [Fact]
    public void Process_ModelOfAMethodThatIsNotThere_Predicts()
    {
        Tool.Succeed("fit", _task.TrainPath, "--method", "toy", "-o", ModelPath);
        var result = ToolProcess.RunTool("predict", ModelPath, _task.TestPath);
        (result.ExitCode, result.Error).ShouldBe((0, ""));
        result.Output.ShouldBe(Tool.Succeed("predict", ModelPath, _task.TestPath));
        ToolProcess.RunTool("fit", _task.TrainPath, "--method", "toy").ShouldBeBadInput().ShouldStartWith("lfa: --method toy: there is no such method; there are zero-shot, ");
    }

    [Theory]
    [InlineData("--iterations: --method procrustes does not take it; leave --iterations out, or give a method that takes it, such as --method lfa.", "procrustes", "--iterations", "3")]
    [InlineData("--beta: --method k-nn does not take it; leave --beta out, or give a method that takes it, such as --method lfa.", "k-nn", "--beta", "0.5")]
    [InlineData("--ridge: --method lfa does not take it; leave --ridge out, or give a method that takes it, such as --method least-squares.", "lfa", "--ridge", "0.1")]
    [InlineData("--projection: --method zero-shot does not take it; leave --projection out, or give a method that takes it, such as --method lfa.", "zero-shot", "--projection", "pca")]
    [InlineData("--loss: --method toy does not take it; leave --loss out, or give a method that takes it, such as --method lfa.", "toy", "--loss", "csls")]
    [InlineData("--coverage and --reject need held-out images, which only --method auto has; leave them out, or leave the method to it.", "toy", "--coverage", "0.9")]
    [InlineData("--method unsupervised-lfa: this fits to images without labels; give --unsupervised or --unlabeled, too.", "unsupervised-lfa")]
    public void Fit_OptionThatTheMethodDoesNotTake_IsRefused(string expected, string method, params string[] options) =>
        Tool.Fail(["fit", _task.TrainPath, "--method", method, .. options]).ShouldBe("lfa: " + expected);

    [Fact]
    public void Fit_EncodersOfTwoSpaces_AreTold()
    {
        FeatureFile.Write(_task.TrainPath, _task.Train.WithEncoders(new EncoderIdentity("eye") { Space = "of eye" }, new EncoderIdentity("pen") { Space = "of pen" }));
        Tool.SucceedWithWarning("Images come from the encoder eye and class names from pen: two spaces, brought together by the projection procrustes.", "fit", _task.TrainPath, "--method", "procrustes", "-o", ModelPath);
        Tool.Succeed("fit", _task.TrainPath, "--projection", "pca", "--iterations", "2").ShouldContain("projection pca");
    }

    private (string Name, float Probability)[][] Predict(int top)
    {
        var lines = Tool.Succeed("predict", ModelPath, _task.TestPath, "--top", Invariant($"{top}")).Split("\r\n");
        return [.. lines[1..^1].Select(line => line.Split(',')[1..].Chunk(2).Select(pair => (pair[0], float.Parse(pair[1], CultureInfo.InvariantCulture))).ToArray())];
    }

    private static bool IsTransductive(IMethod method) => method.Needs.HasFlag(MethodNeeds.ImagesToClassify);

    /// <summary>Mixes the text features into nine components, so that they are of another space.</summary>
    private static FeatureSet Narrowed(FeatureSet task) =>
        new(task.ImageFeatures, GaussianProjection.Between(9, task.TextDimension).Texts!.Apply(task.ClassPrototypes), task.Labels, task.ClassNames, task.FileNames);
}
