using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Protocols.Comparison;

namespace Lfa.Protocols.Tests.Comparison;

public class MethodComparisonTests
{
    // Four classes that their names tell well, and images better.
    private static readonly MadeUpProblemOptions Options = new() { Classes = 4, Dimension = 16, Shots = 12, TestImages = 9, Groups = 4, NoiseShare = 0.6, RotatedShare = 0.2 };
    private static readonly (FeatureSet Train, FeatureSet Test) Split = MadeUpProblem.Create(Options);

    private static FeatureSet Train => Split.Train;

    private static FeatureSet Test => Split.Test;

    public static TheoryData<string> Names => new(new MethodComparison(Train, Test).Suitable.Select(method => method.Name));

    [Fact]
    public void Methods_AreAllThatNeedNoUnlabeledImages()
    {
        MethodComparison.Methods.ShouldBe(MethodRegistry.Methods.All.Where(method => !method.Name.StartsWith("unsupervised-", StringComparison.Ordinal)));
        MethodComparison.Methods.Select(method => method.Name).ShouldContain("label-propagation");
        Names.Count.ShouldBe(MethodComparison.Methods.Count(method => !method.Name.StartsWith("projection-", StringComparison.Ordinal)));
    }

    [Fact]
    public void Run_TwoSpaces_MeasuresWhatNeedsNoTextOrAProjectionAndRefusesTheRest()
    {
        var comparison = new MethodComparison(Narrow(Train), Narrow(Test));
        var rows = comparison.Suitable.Select(comparison.Run).ToArray();
        rows.Where(row => row.Refusal is null).Select(row => row.Method.Name).ShouldBe([
            "nearest-mean", "k-nn", "ridge-regression", "linear-probe", "least-squares", "procrustes", "beta-procrustes", "lfa", "auto",
            "projection-procrustes", "projection-gaussian", "projection-pca", "projection-cca"]);
        rows.Where(row => row.Refusal is not null).ShouldAllBe(row => row.Refusal!.StartsWith($"imageFeatures is 48 × 16 but classPrototypes is 4 × 10: two spaces, which {row.Method.Name} cannot compare"));
        new MethodComparison(Train, Test).Suitable.ShouldNotContain(method => method.Name == "projection-cca");

        static FeatureSet Narrow(FeatureSet set) =>
            set.WithClassPrototypes(new Matrix(Enumerable.Range(0, 40).Select(i => set.ClassPrototypes[i / 10, i % 10]).ToArray(), 4, 10).NormalizeRows());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_Method_IsMeasured(string name)
    {
        var row = new MethodComparison(Train, Test, new FitContext { Seed = 2, MaxDegreeOfParallelism = 2 }).Run(Find(name));
        (row.Method.Name, row.Refusal).ShouldBe((name, null));
        row.Evaluation!.Predicted.Length.ShouldBe(36);
        row.Evaluation.Top1Accuracy.ShouldBe(Enumerable.Range(0, 36).Count(i => row.Evaluation.Predicted.Span[i] == Test.Labels.Span[i]) / 36.0, 1e-11);
        row.Evaluation.Top1Accuracy.ShouldBeGreaterThan(0.25 + (3 * 0.072), "a guess is right in 25 of 100, give or take 7.2");
        row.Time.ShouldBeInRange(TimeSpan.FromTicks(1), TimeSpan.FromSeconds(60));
        row.PeakBytes.ShouldBeInRange(0, 1 << 30);
        row.UsesTestImages.ShouldBe(name is "label-propagation" or "transclip" or "stata");
    }

    [Fact]
    public void Run_Lfa_IsTheFitOfTheMethod()
    {
        var context = new FitContext { Seed = 3 };
        new MethodComparison(Train, Test, context).Run(new LfaMethod()).Evaluation!.LogLoss.ShouldBe(LfaModel.Fit(Train, new LfaMethod(), context).Evaluate(Test).LogLoss);
    }

    [Fact]
    public void Run_MethodOfAnotherAssembly_IsMeasuredWithItsOptions()
    {
        var row = new MethodComparison(Train, Test).Run(new ToyMethod(Class: 2));
        row.Evaluation!.Predicted.ToArray().ShouldAllBe(predicted => predicted == 2);
        row.Evaluation.Top1Accuracy.ShouldBe(0.25);
        (row.Method, row.UsesTestImages, row.Summary).ShouldBe((new ToyMethod(Class: 2), false, "class 2"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_OtherTestLabels_PredictTheSame(string name)
    {
        var shuffled = new FeatureSet(Test.ImageFeatures, Test.ClassPrototypes, Array.ConvertAll(Test.Labels.ToArray(), label => 3 - label), Test.ClassNames, normalize: false);
        var (given, others) = (new MethodComparison(Train, Test).Run(Find(name)).Evaluation!, new MethodComparison(Train, shuffled).Run(Find(name)).Evaluation!);
        others.Predicted.ToArray().ShouldBe(given.Predicted.ToArray());
        others.Top1Accuracy.ShouldNotBe(given.Top1Accuracy, "the labels given are those it is measured by");
    }

    [Fact]
    public void Run_TooLarge_GivesTheReason()
    {
        var (large, small) = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 2, Dimension = 2, Shots = 10_001, TestImages = 1 });
        var row = new MethodComparison(large, small).Run(new KernelRidgeMethod());
        row.Evaluation.ShouldBeNull();
        row.Refusal!.ShouldStartWith("There are 20002 labeled images");
    }

    [Fact]
    public void Constructor_SetsOfOtherTasks_Throw()
    {
        Should.Throw<LfaDataException>(() => new MethodComparison(Train, MadeUpProblem.Create(Options with { Dimension = 17 }).Test));
        Should.Throw<LfaDataException>(() => new MethodComparison(new FeatureSet(Train.ImageFeatures, Train.ClassPrototypes, new int[48]), Test)).Message.ShouldContain("has no example");
        Should.Throw<LfaDataException>(() => MethodRegistry.Methods.Get("magic")).Message.ShouldStartWith("There is no method magic; there are zero-shot, ");
    }

    [Fact]
    public void Run_Cancelled_Throws() =>
        Should.Throw<OperationCanceledException>(() => new MethodComparison(Train, Test, new FitContext { CancellationToken = new CancellationToken(canceled: true) }).Run(new ZeroShotMethod()));

    private static IMethod Find(string name) => MethodRegistry.Methods.Get(name);

    /// <summary>Takes every image for one class.</summary>
    private sealed record ToyMethod(int Class) : IMethod
    {
        public string Name => "toy";

        public string Source => "nobody, made up for a test, 2026";

        public MethodNeeds Needs => MethodNeeds.Labels;

        public MethodFit Fit(FitTask task, FitContext? context = null)
        {
            var set = task.Require(this);
            var biases = new float[set.ClassCount];
            biases[Class] = 1;
            return new MethodFit
            {
                Scorer = new LinearScorer(new LinearHead(new Matrix(new float[set.ClassCount * set.Dimension], set.ClassCount, set.Dimension), biases)),
                ClassNames = set.ClassNames,
                Record = new FitRecord { Method = Name, Options = this, Chosen = [new ChosenValue("class", Class, ValueOrigin.Data)] },
            };
        }
    }
}
