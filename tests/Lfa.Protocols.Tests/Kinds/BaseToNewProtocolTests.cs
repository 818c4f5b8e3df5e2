using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Protocols.Results;
using Lfa.Protocols.Tests.Support;
using Lfa.Refinement;

namespace Lfa.Protocols.Tests.Kinds;

public sealed class BaseToNewProtocolTests : IDisposable
{
    private static readonly IProtocol Protocol = ProtocolCatalog.All.Single(one => one.Name == "base-to-new");

    private readonly SmallData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Published_Is16ShotsAndBeta09()
    {
        Protocol.PublishedShots.ShouldBe([new Shots(16)]);
        Protocol.PublishedIterations(null).ShouldBe(50);
        Protocol.PublishedIterations(DatasetCatalog.Find("caltech101")).ShouldBe(40);
        Protocol.DescribeOptions("lfa", 40).ShouldStartWith("{\"beta\":0.9,");
        Protocol.DescribeOptions("lfa", 40).ShouldContain("\"iterations\":40,\"loss\":");
        Protocol.DescribeOptions("auto", 40).ShouldBe("");
    }

    [Fact]
    public void Run_Lfa_TakesItsOwnTransformForEitherHalf()
    {
        var rows = Run("lfa");
        var test = Halves();
        var drawn = FewShot.Sample(FeatureFile.Read(_data["animals-train.npz"]), 2, seed: 3);
        var model = LfaModel.Fit(ClassSplit.BaseAndNew(drawn).Base, new LfaMethod { Beta = 0.9, Refinement = new RefinementOptions { Iterations = 4 } }, new FitContext { Seed = 3 });
        var (onBase, onNew) = (model.Evaluate(test.Base), model.ForClasses(test.New.ClassPrototypes, test.New.ClassNames).Evaluate(test.New));
        rows.Select(row => row.Part).ShouldBe(["base", "new", "harmonic mean"]);
        (rows[0].Top1Accuracy, rows[0].LogLoss).ShouldBe((onBase.Top1Accuracy, onBase.LogLoss));
        (rows[1].Top1Accuracy, rows[1].LogLoss).ShouldBe((onNew.Top1Accuracy, onNew.LogLoss));
        rows[2].Top1Accuracy.ShouldBe(2 * onBase.Top1Accuracy * onNew.Top1Accuracy / (onBase.Top1Accuracy + onNew.Top1Accuracy));
        (rows[2].Top5Accuracy, rows[2].LogLoss, rows[2].Ece).ShouldBe((null, null, null));
        rows.Select(row => (row.TrainImages, row.Classes, row.TestImages)).ShouldBe([(6, 3, 18), (6, 2, 12), (6, 5, 30)]);
    }

    [Fact]
    public void Run_ZeroShot_IsZeroShotOnEitherHalf()
    {
        var rows = Run("zero-shot");
        var test = Halves();
        FeatureSet[] halves = [test.Base, test.New];
        rows.Take(2).Select(row => row.Top1Accuracy).ShouldBe(halves.Select(half => (double?)Evaluation.FromScorer(new AlignedScorer(Transform.Identity(16), half.ClassPrototypes), half).Top1Accuracy));
    }

    [Theory]
    [InlineData("beta-procrustes")]
    [InlineData("auto")]
    public void Run_OtherMethod_MeasuresEveryPart(string name)
    {
        var drawn = FewShot.Sample(FeatureFile.Read(_data["animals-train.npz"]), 2, seed: 3);
        IMethod method = name == "auto" ? new AutoMethod() : new BetaProcrustesMethod { Beta = 0.9 };
        var model = LfaModel.Fit(ClassSplit.BaseAndNew(drawn).Base, method, new FitContext { Seed = 3 });
        var test = Halves();
        Run(name).Take(2).Select(row => (row.Refusal, row.Part, row.LogLoss)).ShouldBe([
            (null, "base", model.Evaluate(test.Base).LogLoss),
            (null, "new", model.ForClasses(test.New.ClassPrototypes, test.New.ClassNames).Evaluate(test.New).LogLoss)]);
    }

    private IReadOnlyList<ResultRow> Run(string method) =>
        new ProtocolRun(_data.Plan(Protocol, $$""", "shots": [2], "seeds": [3], "methods": ["{{method}}"], "iterations": 4""", "animals"), jobs: 1).Execute().Rows;

    private (FeatureSet Base, FeatureSet New) Halves() => ClassSplit.BaseAndNew(FeatureFile.Read(_data["animals-test.npz"]));
}
