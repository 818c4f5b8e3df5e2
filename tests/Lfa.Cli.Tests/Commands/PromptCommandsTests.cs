using Lfa.Cli.Tests.Support;
using Lfa.IO;
using Lfa.Model;

namespace Lfa.Cli.Tests.Commands;

/// <summary>The commands of learned prototypes: learn, approximate.</summary>
public sealed class PromptCommandsTests : IDisposable
{
    private readonly SmallTask _task = new();

    public void Dispose() => _task.Dispose();

    [Theory]
    [InlineData("shared")]
    [InlineData("class")]
    public void LearnAndApproximate_GiveAClassifierOfTheClassNames(string residual)
    {
        Tool.Succeed("learn", _task.TrainPath, "-o", _task["learned.npz"], "--residual", residual).ShouldContain("6 × 24, a row for each class");
        var learned = FeatureFile.ReadPrototypes(_task["learned.npz"]);
        learned.ClassNames.ShouldBe(_task.Train.ClassNames);
        var report = Tool.SucceedWithJson("approximate", _task.TrainPath, _task["learned.npz"], "--test", _task.TestPath, "-o", _task["m.safetensors"], "--json");
        report.EnumerateObject().Select(property => property.Name).ShouldBe(["ridge", "residual", "cosine", "namesCosine", "leftOutCosine", "leftOutAccuracy", "leftOutTop1", "test"]);
        report.GetProperty("leftOutCosine").GetDouble().ShouldBeGreaterThanOrEqualTo(report.GetProperty("namesCosine").GetDouble() - 1e-5);
        report.GetProperty("test").EnumerateObject().Select(property => property.Name).ShouldBe(["names", "learned", "approximated", "leftOut"]);
        LfaModel.Load(_task["m.safetensors"]).ClassNames.ShouldBe(_task.Train.ClassNames);
        Tool.Succeed("evaluate", _task["m.safetensors"], _task.TestPath);
    }

    [Fact]
    public void Approximate_Text_TellsHowWellItFits()
    {
        Tool.Succeed("learn", _task.TrainPath, "-o", _task["learned.npz"]);
        var text = Tool.Succeed("approximate", _task.TrainPath, _task["learned.npz"], "--ridge", "0.5", "--towards", "zero", "-o", _task["w.npy"], "--test", _task.TestPath);
        foreach (var part in new[] { "ridge 0.5", "class names as they are", "each class left out of the fit", "approximated, left out", $"Wrote {_task["w.npy"]}." })
            text.ShouldContain(part);
        FeatureFile.ReadPrototypes(_task["w.npy"]).Prototypes.Rows.ShouldBe(24);
        Tool.Succeed("approximate", _task.TrainPath, _task["learned.npz"]).ShouldContain("Nothing was saved; give -o");
    }

    [Fact]
    public void BadInput_IsOneLine()
    {
        Tool.Succeed("learn", _task.TrainPath, "-o", _task["learned.npz"]);
        FeatureFile.WritePrototypes(_task["other.npz"], FeatureFile.ReadPrototypes(_task["learned.npz"]).Prototypes.Slice(0, 2), ["x", "y"]);
        Tool.Fail("approximate", _task.TrainPath, _task["other.npz"]).ShouldContain("other.npz: the prototypes are 2 × 24 but those of the class names are 6 × 24");
        Tool.Fail("approximate", _task.TrainPath, _task["learned.npz"], "--folds", "1").ShouldContain("--folds 1: Folds must be 2 or more");
        Tool.Fail("approximate", _task.TrainPath, _task["learned.npz"], "--ridge", "-1").ShouldContain("--ridge -1");
        Tool.Fail("approximate", _task.TrainPath, _task["learned.npz"], "-o", _task["x.npz"]).ShouldContain("must end in .safetensors or .npy");
        Tool.Fail("approximate", _task.TrainPath, _task["none.npz"]).ShouldContain("there is no such file");
        FeatureFile.WriteMatrix(_task["names.npy"], _task.Train.ClassPrototypes);
        FeatureFile.WriteMatrix(_task["learned.npy"], _task.Train.ClassPrototypes);
        Tool.Fail("approximate", _task["names.npy"], _task["learned.npy"], "-o", _task["x.safetensors"]).ShouldContain("a classifier needs the names of its classes");
        Tool.Fail("learn", _task.TrainPath, "-o", _task["x.csv"]).ShouldContain("must end in .npz");
        Tool.Fail("learn", _task.TrainPath, "-o", _task.TrainPath).ShouldContain("would replace an input");
        File.Exists(_task["x.safetensors"]).ShouldBeFalse();
    }
}
