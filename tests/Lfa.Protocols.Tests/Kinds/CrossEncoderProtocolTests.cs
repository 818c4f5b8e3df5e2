using Lfa.Data;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Protocols.Comparison;
using Lfa.Protocols.Results;
using Lfa.Protocols.Tests.Support;

namespace Lfa.Protocols.Tests.Kinds;

public sealed class CrossEncoderProtocolTests : IDisposable
{
    private static readonly IProtocol Protocol = ProtocolCatalog.All.Single(one => one.Name == "cross-encoder");

    private readonly SmallData _data = new();

    public CrossEncoderProtocolTests()
    {
        var task = FeatureFile.Read(_data["animals-train.npz"]);
        var (other, _) = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 5, Dimension = 9, Shots = 1, TestImages = 1, Groups = 2 }, seed: 7);
        FeatureFile.WritePrototypes(_data["words.npz"], other.ClassPrototypes, task.ClassNames);
    }

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Methods_AreThoseThatNeedNoText_TheProjectionsAndTheFits() =>
        Protocol.Methods.ShouldBe(["nearest-mean", "k-nn", "linear-probe", "projection-procrustes", "projection-gaussian", "projection-pca", "projection-cca", "lfa", "auto"]);

    [Fact]
    public void Run_EveryMethod_MeasuresTheTestImages()
    {
        var rows = Run(""", "shots": [4], "seeds": [3]""");
        rows.Select(row => row.Method).ShouldBe(Protocol.Methods);
        rows.ShouldAllBe(row => row.Refusal == null && row.TestImages == 30 && row.ImageWidth == 16 && row.TextWidth == 9 && row.TextFile == "words.npz");
    }

    [Fact]
    public void Run_Projection_IsTheComparisonOfTwoSpaces()
    {
        var row = Run(""", "shots": ["all"], "seeds": [3], "methods": ["projection-gaussian"]""").Single();
        var (train, test) = (FeatureFile.Read(_data["animals-train.npz"]), FeatureFile.Read(_data["animals-test.npz"]));
        var words = FeatureFile.ReadPrototypes(_data["words.npz"]).SelectClasses(train.ClassNames).Prototypes;
        var expected = new MethodComparison(WithTexts(train, words), WithTexts(test, words), new FitContext { Seed = 3 }).Run(MethodRegistry.Methods.Get("projection-gaussian"));
        (row.Top1Accuracy, row.LogLoss).ShouldBe((expected.Evaluation!.Top1Accuracy, expected.Evaluation.LogLoss));
    }

    private static FeatureSet WithTexts(FeatureSet set, Matrix texts) => new(set.ImageFeatures, texts, set.Labels, set.ClassNames);

    private IReadOnlyList<ResultRow> Run(string rest) => new ProtocolRun(ProtocolFile.Read(_data.Config(
        $$"""{"data": [{"name": "animals", "train": "animals-train.npz", "test": "animals-test.npz", "text": "words.npz"}]{{rest}}, "iterations": 4}"""), Protocol), jobs: 2).Execute().Rows;
}
