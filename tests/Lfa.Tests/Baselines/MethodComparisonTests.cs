using Lfa.Baselines;
using Lfa.Bridging;
using Lfa.Data;
using Lfa.Tests.Support;

namespace Lfa.Tests.Baselines;

public class MethodComparisonTests
{
    private static readonly FeatureSet Train = MadeUp.Task(4, 8, shots: 3, seed: 1, spread: 2);
    private static readonly FeatureSet Test = MadeUp.Task(4, 8, shots: 9, seed: 1, spread: 2);

    public static TheoryData<string> Methods => new(MethodComparison.Methods);

    [Fact]
    public void Methods_AreAllBaselinesAndTheFits()
    {
        MethodComparison.Methods.ShouldBeUnique();
        MethodComparison.Methods.ShouldBeSubsetOf([.. KnownBaselines.All.Select(one => one.Name), .. KnownBaselines.Transductive.Select(one => one.Name), .. Enum.GetValues<FitMethod>().Select(FitMethodNames.Of), .. Enum.GetValues<Bridge>().Select(bridge => $"bridge-{BridgeNames.Of(bridge)}")]);
        MethodComparison.Methods.ShouldContain("lfa");
    }

    [Fact]
    public void Run_TwoSpaces_MeasuresWhatNeedsNoTextOrABridgeAndRefusesTheRest()
    {
        var (task, _) = TwoSpaces.Planted(16, 10, classes: 4, shots: 6, seed: 1, spread: 0.3);
        var comparison = new MethodComparison(task.SelectRows([.. Enumerable.Range(0, 12)]), task.SelectRows([.. Enumerable.Range(12, 12)]));
        var rows = comparison.Suitable.Select(name => comparison.Run(name)).ToArray();
        rows.Where(row => row.Refusal is null).Select(row => row.Name).ShouldBe([
            "nearest-mean", "k-nn", "ridge-regression", "linear-probe", "beta-procrustes", "lfa", "auto",
            "bridge-procrustes", "bridge-projection", "bridge-pca", "bridge-cca"]);
        rows.Where(row => row.Refusal is not null).ShouldAllBe(row => row.Refusal!.StartsWith($"imageFeatures is 12 × 16 but classPrototypes is 4 × 10: two spaces, which {row.Name} cannot compare"));
        new MethodComparison(Train, Test).Suitable.ShouldNotContain("bridge-cca");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Run_Method_IsMeasured(string name)
    {
        var row = new MethodComparison(Train, Test, seed: 2, threads: 2).Run(name);
        (row.Name, row.Refusal).ShouldBe((name, null));
        row.Evaluation!.Samples.ShouldBe(36);
        row.Seconds.ShouldBeGreaterThan(0);
        row.PeakBytes.ShouldBeGreaterThanOrEqualTo(0);
        row.UsesTestImages.ShouldBe(KnownBaselines.Transductive.Any(one => one.Name == name));
    }

    [Fact]
    public void Run_Lfa_IsTheFitOfTheTrainer() =>
        new MethodComparison(Train, Test, seed: 3).Run("lfa").Evaluation!.LogLoss.ShouldBe(LfaTrainer.Fit(Train, new LfaOptions { Method = FitMethod.Lfa, Seed = 3 }).Classifier.Evaluate(Test).LogLoss);

    [Theory]
    [MemberData(nameof(Methods))]
    public void Run_OtherTestLabels_PredictTheSame(string name)
    {
        var shuffled = new FeatureSet(Test.ImageFeatures, Test.ClassPrototypes, Array.ConvertAll(Test.Labels.ToArray(), label => 3 - label));
        new MethodComparison(Train, shuffled).Run(name).Evaluation!.Predicted.ToArray().ShouldBe(new MethodComparison(Train, Test).Run(name).Evaluation!.Predicted.ToArray());
    }

    [Fact]
    public void Run_TooLarge_GivesTheReason()
    {
        var large = MadeUp.Task(2, 2, shots: (KernelRidge.MostImages / 2) + 1, seed: 17);
        var row = new MethodComparison(large, large).Run("kernel-ridge");
        row.Evaluation.ShouldBeNull();
        row.Refusal!.ShouldStartWith("There are 20002 labeled images");
    }

    [Fact]
    public void Constructor_SetsOfOtherTasks_Throw()
    {
        Should.Throw<LfaDataException>(() => new MethodComparison(Train, MadeUp.Task(4, 9, shots: 3, seed: 1)));
        Should.Throw<LfaDataException>(() => new MethodComparison(new FeatureSet(Train.ImageFeatures, Train.ClassPrototypes, new int[12]), Test)).Message.ShouldContain("has no example");
        Should.Throw<ArgumentException>(() => new MethodComparison(Train, Test).Run("magic")).Message.ShouldStartWith("There is no method magic; the methods are zero-shot, ");
    }

    [Fact]
    public void Run_Cancelled_Throws() =>
        Should.Throw<OperationCanceledException>(() => new MethodComparison(Train, Test).Run("zero-shot", new CancellationToken(canceled: true)));
}
