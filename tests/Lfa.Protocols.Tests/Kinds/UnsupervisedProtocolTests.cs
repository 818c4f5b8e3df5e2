using Lfa.Data;
using Lfa.IO;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Protocols.Results;
using Lfa.Protocols.Tests.Support;
using Lfa.Refinement;

namespace Lfa.Protocols.Tests.Kinds;

public sealed class UnsupervisedProtocolTests : IDisposable
{
    private static readonly IProtocol Protocol = ProtocolCatalog.All.Single(one => one.Name == "unsupervised");

    private readonly SmallData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Run_Lfa_IsThePublishedWay()
    {
        var (train, test) = (FeatureFile.Read(_data["animals-train.npz"]), FeatureFile.Read(_data["animals-test.npz"]));
        var row = Run("lfa").Single();
        var method = new UnsupervisedLfaMethod { Lfa = new() { Refinement = new RefinementOptions { Iterations = 4 } } };
        var evaluation = LfaModel.Fit(new FitTask(unlabeled: train), method, new FitContext { Seed = 3 }).Evaluate(test);
        (row.Part, row.Shots, row.Top1Accuracy, row.LogLoss, row.TrainImages).ShouldBe(("test", "all", evaluation.Top1Accuracy, evaluation.LogLoss, 20));
        row.Options.ShouldBe(MethodRegistry.DescribeOptions(method));
        row.Options.ShouldContain("\"epsilon\":0.0025,");
        row.Options.ShouldContain("\"rounds\":5");
    }

    [Theory]
    [InlineData("zero-shot")]
    [InlineData("lfa")]
    [InlineData("auto")]
    public void Run_WithoutLabels_GivesTheSame(string method)
    {
        var labeled = Run(method).Single();
        var train = FeatureFile.Read(_data["animals-train.npz"]);
        FeatureFile.Write(_data["animals-train.npz"], new FeatureSet(train.ImageFeatures, train.ClassPrototypes, default, train.ClassNames));
        var row = Run(method).Single();
        (row.Top1Accuracy, row.LogLoss, row.Ece, row.Chosen, row.ShortClasses).ShouldBe((labeled.Top1Accuracy, labeled.LogLoss, labeled.Ece, labeled.Chosen, 0));
    }

    [Theory]
    [InlineData("zero-shot")]
    [InlineData("lfa")]
    public void Run_TwoSpaces_IsRefused(string method)
    {
        var train = FeatureFile.Read(_data["animals-train.npz"]);
        FeatureFile.Write(_data["animals-train.npz"], new FeatureSet(train.ImageFeatures, MadeUp(train.ClassCount), train.Labels, train.ClassNames));
        Should.Throw<LfaDataException>(() => Run(method)).Message.ShouldBe("animals (animals-train.npz, animals-test.npz): imageFeatures has 16 columns but classPrototypes 3; without labels nothing brings two spaces together, so give text features of the encoder of the images.");

        static Matrix MadeUp(int classes) => new(Enumerable.Range(0, 3 * classes).Select(i => MathF.Sin(i + 1)).ToArray(), classes, 3);
    }

    private IReadOnlyList<ResultRow> Run(string method) =>
        new ProtocolRun(_data.Plan(Protocol, $$""", "seeds": [3], "methods": ["{{method}}"], "iterations": 4""", "animals"), jobs: 1).Execute().Rows;
}
