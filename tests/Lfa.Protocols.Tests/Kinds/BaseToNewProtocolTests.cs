using Lfa.Classification;
using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.IO;
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
        Protocol.DescribeOptions("lfa", 40).ShouldStartWith("β 0.9, 40 iterations, loss ");
        Protocol.DescribeOptions("auto", 40).ShouldBe("");
    }

    [Fact]
    public void Run_Lfa_TakesItsOwnTransformForEitherHalf()
    {
        var rows = Run("lfa");
        var test = Halves();
        var drawn = FewShot.Sample(FeatureFile.Read(_data["animals-train.npz"]), 2, seed: 3);
        var fit = LfaTrainer.Fit(ClassSplit.BaseAndNew(drawn).Base, new LfaOptions { Method = FitMethod.Lfa, Beta = 0.9, Seed = 3, Refinement = new RefinementOptions { Iterations = 4 } });
        var (onBase, onNew) = (fit.Classifier.Evaluate(test.Base), fit.Classifier.ForClasses(test.New.ClassPrototypes, test.New.ClassNames).Evaluate(test.New));
        rows.Select(row => row.Part).ShouldBe(["base", "new", "harmonic mean"]);
        (rows[0].Top1, rows[0].LogLoss).ShouldBe((onBase.Top1, onBase.LogLoss));
        (rows[1].Top1, rows[1].LogLoss).ShouldBe((onNew.Top1, onNew.LogLoss));
        rows[2].Top1.ShouldBe(2 * onBase.Top1 * onNew.Top1 / (onBase.Top1 + onNew.Top1));
        (rows[2].Top5, rows[2].LogLoss, rows[2].Ece).ShouldBe((null, null, null));
        rows.Select(row => (row.TrainImages, row.Classes, row.TestImages)).ShouldBe([(6, 3, 18), (6, 2, 12), (6, 5, 30)]);
    }

    [Fact]
    public void Run_ZeroShot_IsZeroShotOnEitherHalf()
    {
        var rows = Run("zero-shot");
        var test = Halves();
        foreach (var (row, half) in rows.Zip([test.Base, test.New]))
            row.Top1.ShouldBe(new LfaClassifier(Lfa.Alignment.Transform.Identity(16), half.ClassPrototypes, half.ClassNames).Evaluate(half).Top1);
    }

    [Theory]
    [InlineData("beta-procrustes")]
    [InlineData("auto")]
    public void Run_OtherMethod_MeasuresEveryPart(string method) => Run(method).ShouldAllBe(row => row.Refusal == null && row.Top1 >= 0);

    private IReadOnlyList<ResultRow> Run(string method) =>
        new ProtocolRun(_data.Plan(Protocol, $$""", "shots": [2], "seeds": [3], "methods": ["{{method}}"], "iterations": 4""", "animals"), jobs: 1).Execute().Rows;

    private (FeatureSet Base, FeatureSet New) Halves() => ClassSplit.BaseAndNew(FeatureFile.Read(_data["animals-test.npz"]));
}
