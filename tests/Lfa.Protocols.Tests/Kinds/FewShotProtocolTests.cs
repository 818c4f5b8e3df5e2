using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Protocols.Comparison;
using Lfa.Protocols.Tests.Support;

namespace Lfa.Protocols.Tests.Kinds;

public sealed class FewShotProtocolTests : IDisposable
{
    private readonly SmallData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Run_Cells_AreTheComparisonOfTheirShots()
    {
        var plan = _data.Plan(ProtocolCatalog.All[0], """, "shots": [2, "all"], "seeds": [3], "methods": ["lfa", "tip-adapter", "label-propagation"], "iterations": 5""", "animals");
        var rows = new ProtocolRun(plan, jobs: 2).Execute().Rows;
        var (train, test) = (FeatureFile.Read(_data["animals-train.npz"]), FeatureFile.Read(_data["animals-test.npz"]));
        rows.Count.ShouldBe(6);
        foreach (var row in rows)
        {
            var drawn = row.Shots == "2" ? FewShot.Sample(train, 2, 3) : train;
            var expected = new MethodComparison(drawn, test, new FitContext { Seed = 3 }).Run(row.Method == "lfa" ? new LfaMethod().WithIterations(5) : MethodRegistry.Methods.Get(row.Method));
            (row.Top1Accuracy, row.Top5Accuracy, row.LogLoss, row.Ece, row.Chosen).ShouldBe((expected.Evaluation!.Top1Accuracy, expected.Evaluation.Top5Accuracy, expected.Evaluation.LogLoss, expected.Evaluation.Ece, expected.Summary));
            row.UsesTestImages.ShouldBe(row.Method == "label-propagation");
            (row.Part, row.TrainImages, row.TestImages).ShouldBe(("test", drawn.SampleCount, 30));
        }
    }

    [Fact]
    public void DescribeOptions_TellsTheIterationsOfLfaOnly()
    {
        ProtocolCatalog.All[0].DescribeOptions("lfa", 30).ShouldStartWith("{\"cross_validation\":");
        ProtocolCatalog.All[0].DescribeOptions("lfa", 30).ShouldContain("\"iterations\":30,\"loss\":");
        ProtocolCatalog.All[0].DescribeOptions("auto", 30).ShouldBe("");
    }

    [Fact]
    public void PublishedIterations_AreThoseOfTheDataSet()
    {
        ProtocolCatalog.All[0].PublishedIterations(DatasetCatalog.Find("oxford_pets")).ShouldBe(30);
        ProtocolCatalog.All[0].PublishedIterations(DatasetCatalog.Find("imagenet-v2")).ShouldBe(100);
        ProtocolCatalog.All[0].PublishedIterations(null).ShouldBe(100);
    }

    [Fact]
    public void Execute_ClassWithoutAnExample_NamesTheFileAndTheClass()
    {
        var task = FeatureFile.Read(_data["animals-train.npz"]);
        FeatureFile.Write(_data["animals-train.npz"], new FeatureSet(task.ImageFeatures, task.ClassPrototypes, new int[task.SampleCount]));
        var plan = _data.Plan(ProtocolCatalog.All[0], """, "shots": ["all"]""", "animals");
        Should.Throw<LfaDataException>(() => new ProtocolRun(plan).Execute()).Message.ShouldStartWith("animals (animals-train.npz, animals-test.npz): Class 1 (\"class 1\") has no example among the 20 labeled images");
    }
}
