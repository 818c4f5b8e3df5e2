using Lfa.Data;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Protocols.Results;
using Lfa.Protocols.Tests.Support;
using Lfa.Refinement;

namespace Lfa.Protocols.Tests.Kinds;

public sealed class DomainProtocolTests : IDisposable
{
    private static readonly IProtocol Protocol = ProtocolCatalog.All.Single(one => one.Name == "domain");

    private readonly SmallData _data = new();
    private readonly FeatureSet _train;
    private readonly FeatureSet _test;
    private readonly FeatureSet _some;

    public DomainProtocolTests()
    {
        (_train, _test) = (FeatureFile.Read(_data["animals-train.npz"]), FeatureFile.Read(_data["animals-test.npz"]));
        // The classes 3 and 1, in this order, under their names.
        int[] rows = [.. Enumerable.Range(0, _test.SampleCount).Where(row => _test.Labels.Span[row] is 1 or 3)];
        var part = _test.SelectRows(rows);
        _some = new FeatureSet(part.ImageFeatures, _test.ClassPrototypes.SelectRows([3, 1]), Array.ConvertAll(part.Labels.ToArray(), label => label == 3 ? 0 : 1), [_test.ClassNames[3], _test.ClassNames[1]]);
        FeatureFile.Write(_data["sketch.npz"], _some);
        FeatureFile.Write(_data["all.npz"], _test);
    }

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Run_Lfa_MeasuresSourceAndTargetsByW()
    {
        var rows = Run("lfa");
        var model = Fit();
        rows.Select(row => row.Part).ShouldBe(["source", "sketch", "same", "mean of targets"]);
        (rows[0].Top1Accuracy, rows[0].LogLoss).ShouldBe((model.Evaluate(_test).Top1Accuracy, model.Evaluate(_test).LogLoss));
        rows[1].LogLoss.ShouldBe(model.SelectClasses(_some.ClassNames).Evaluate(_some).LogLoss);
        rows[2].LogLoss.ShouldBe(rows[0].LogLoss);
        rows[3].Top1Accuracy.ShouldBe((rows[1].Top1Accuracy + rows[2].Top1Accuracy) / 2);
        rows.Select(row => (row.Classes, row.TestImages)).ShouldBe([(5, 30), (2, 12), (5, 30), (5, 42)]);
        rows.Select(row => row.TestFile).ShouldBe(["animals-test.npz", "sketch.npz", "all.npz", "animals-test.npz"]);
        rows.Select(row => row.TestSha256).Distinct().Count().ShouldBe(2, "all.npz is the same file");
    }

    [Fact]
    public void Run_LfaShifted_TakesTheOtherTransform()
    {
        var source = Run("lfa-shifted")[0];
        source.LogLoss.ShouldBe(Fit().ForShiftedDomain().Evaluate(_test).LogLoss);
        source.LogLoss.ShouldNotBe(Run("lfa")[0].LogLoss);
    }

    [Theory]
    [InlineData("zero-shot", "zero-shot", false)]
    [InlineData("auto", "auto", false)]
    [InlineData("auto-shifted", "auto", true)]
    public void Run_OtherMethod_MeasuresEveryPart(string name, string method, bool isShifted)
    {
        var model = Fit(MethodRegistry.Methods.Get(method));
        double? LogLoss(FeatureSet test)
        {
            var some = model.SelectClasses(test.ClassNames);
            return (isShifted ? some.ForShiftedDomain() : some).Evaluate(test).LogLoss;
        }
        Run(name).Select(row => (row.Part, row.LogLoss)).ShouldBe([("source", LogLoss(_test)), ("sketch", LogLoss(_some)), ("same", LogLoss(_test)), ("mean of targets", null)]);
    }

    [Fact]
    public void Run_AutoShifted_TakesTheOtherTransform()
    {
        // Images that a rotation of all classes has moved, so that classes without an image gain too.
        var options = new MadeUpProblemOptions { Classes = 40, Dimension = 32, Shots = 8, TestImages = 6, RotatedShare = 1, NoiseShare = 0.6 };
        var (train, test) = MadeUpProblem.Create(options);
        FeatureFile.Write(_data["animals-train.npz"], train);
        foreach (var file in new[] { "animals-test.npz", "sketch.npz", "all.npz" })
            FeatureFile.Write(_data[file], test);
        var model = LfaModel.Fit(train, context: new FitContext { Seed = 3 });
        var (own, other) = (Run("auto", shots: 8)[1].LogLoss, Run("auto-shifted", shots: 8)[1].LogLoss);
        (own, other).ShouldBe((model.Evaluate(test).LogLoss, model.ForShiftedDomain().Evaluate(test).LogLoss));
        own.ShouldNotBe(other);
    }

    [Fact]
    public void Execute_TargetWithAnUnknownClass_NamesTheFiles()
    {
        FeatureFile.Write(_data["sketch.npz"], new FeatureSet(_some.ImageFeatures, _some.ClassPrototypes, _some.Labels, ["unicorn", "class 1"]));
        Should.Throw<LfaDataException>(() => Run("lfa")).Message.ShouldStartWith("animals (animals-train.npz, animals-test.npz, sketch.npz, all.npz): Class 0 (\"unicorn\")");
    }

    [Theory]
    [InlineData("", "line 1: the targets of animals are missing; add the key \"targets\", a list of datasets.")]
    [InlineData(""", "targets": []""", "line 1: data[0].targets is empty; give one value at least.")]
    [InlineData(""", "targets": [{"name": "source", "test": "all.npz"}]""", "line 1: \"source\" cannot name a dataset; take letters, digits, -, _ and ., and another name than average and source.")]
    [InlineData(""", "targets": [{"name": "a", "test": "all.npz"}, {"name": "a", "test": "sketch.npz"}]""", "line 1: data[0].targets has a twice; leave one.")]
    [InlineData(""", "targets": [{"name": "a", "test": "none.npz"}]""", "line 1: none.npz: there is no such file.")]
    public void Read_BadTargets_NamesThem(string targets, string problem)
    {
        var path = Config(targets, "");
        Should.Throw<LfaDataException>(() => ProtocolFile.Read(path, Protocol)).Message.ShouldBe($"{path}: {problem}");
    }

    private LfaModel Fit(IMethod? method = null) =>
        LfaModel.Fit(FewShot.Sample(_train, 2, seed: 3), method ?? new LfaMethod { Refinement = new RefinementOptions { Iterations = 4 } }, new FitContext { Seed = 3 });

    private IReadOnlyList<ResultRow> Run(string method, int shots = 2)
    {
        var path = Config(""", "targets": [{"name": "sketch", "test": "sketch.npz"}, {"name": "same", "test": "all.npz"}]""", $$""", "shots": [{{shots}}], "seeds": [3], "methods": ["{{method}}"], "iterations": 4""");
        return new ProtocolRun(ProtocolFile.Read(path, Protocol), jobs: 1).Execute().Rows;
    }

    private string Config(string targets, string rest) => _data.Config($$"""{"data": [{"name": "animals", "train": "animals-train.npz", "test": "animals-test.npz"{{targets}}}]{{rest}}}""");
}
