using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods;

/// <summary>What every method keeps that fits a classifier to labeled images of one space.</summary>
public class MethodRegistryTests
{
    /// <summary>Classes, components, images of the smallest class and how many more of the largest.</summary>
    private static readonly (string Name, FeatureSet Task)[] Tasks =
    [
        ("d < n", MadeUp.Task(6, 8, shots: 5, seed: 1)),
        ("d > n", MadeUp.Task(4, 32, shots: 3, seed: 2)),
        ("two classes", MadeUp.Task(2, 8, shots: 4, seed: 3)),
        ("one class", MadeUp.Task(1, 6, shots: 3, seed: 4)),
        ("one shot", MadeUp.Task(5, 16, shots: 1, seed: 5)),
        ("one image", MadeUp.Task(1, 6, shots: 1, seed: 6)),
        ("C > d", MadeUp.Task(20, 5, shots: 2, seed: 7)),
        ("unbalanced, with single images", Unbalanced()),
        ("copies of two images", Copies()),
    ];

    private static IEnumerable<string> Supervised => MethodRegistry.Methods.All
        .Where(method => (method.Needs & (MethodNeeds.ImagesToClassify | MethodNeeds.UnlabeledImages | MethodNeeds.SeparateSpaces)) == 0).Select(method => method.Name);

    public static TheoryData<string, string> EveryTask => new(Supervised.SelectMany(name => Tasks.Select(task => (name, task.Name))).Where(pair => pair is not ("beta-procrustes" or "lfa", "one image"))); // Cross-validation of β needs two images.;

    public static TheoryData<string> Names => new(Supervised);

    /// <summary>All but the one whose batches have another size where several crops are stored.</summary>
    public static TheoryData<string> NamesOfThoseThatTakeAllImages => new(Supervised.Except(["lfa"]));

    /// <summary>All but the one that looks at no image.</summary>
    public static TheoryData<string> NamesOfThoseThatLearn => new(Supervised.Except(["zero-shot"]));

    /// <summary>All that choose or iterate, and so have something to wait for.</summary>
    public static TheoryData<string> NamesOfThoseThatTakeTime => new(Supervised.Except(["zero-shot", "tip-adapter", "least-squares", "procrustes"]));

    [Fact]
    public void All_NamesAndSources_AreGivenOnce()
    {
        MethodRegistry.Methods.Names.ShouldBeUnique();
        Implementations().ShouldBe(MethodRegistry.Methods.All.Select(method => method.GetType()).Distinct(), ignoreOrder: true, "every implementation is listed");
        MethodRegistry.Methods.All.ShouldAllBe(method => method.Source.Length > 20 && method.Name.All(c => char.IsAsciiLetterLower(c) || c == '-'));
    }

    [Theory]
    [MemberData(nameof(EveryTask))]
    public void Fit_AnyTask_GivesFiniteLogitsOnAnyNumberOfThreads(string name, string taskName)
    {
        var (method, task) = (Find(name), Tasks.Single(one => one.Name == taskName).Task);
        var first = method.Fit(task, new FitContext { Seed = 3, MaxDegreeOfParallelism = 1 });
        var second = method.Fit(task, new FitContext { Seed = 3, MaxDegreeOfParallelism = 3 });
        (first.Scorer!.ClassCount, first.Scorer.Dimension).ShouldBe((task.ClassCount, task.Dimension));
        var features = MadeUp.Features(700, task.Dimension, seed: 9).NormalizeRows(); // Several blocks of rows.
        var logits = first.Scorer.Logits(features, maxDegreeOfParallelism: 1);
        logits.Values.ToArray().All(float.IsFinite).ShouldBeTrue();
        second.Scorer!.Logits(features, maxDegreeOfParallelism: 2).Values.ToArray().ShouldBe(logits.Values.ToArray());
        second.Record.Chosen.ShouldBe(first.Record.Chosen);
        second.Record.Blend.ShouldBe(first.Record.Blend);
        second.Summary.ShouldBe(first.Summary);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_ClassesFarApart_AreRecognized(string name)
    {
        var (train, test) = MadeUp.TrainAndTest(8, 24, shots: 6, testShots: 20, seed: 11, spread: 0.3);
        Evaluation.FromScorer(Find(name).Fit(train).Scorer!, test).Top1Accuracy.ShouldBe(1, "a class is six of its own radii from the next");
    }

    [Theory]
    [MemberData(nameof(NamesOfThoseThatLearn))]
    public void Fit_PlantedRotation_TellsOtherImagesBetterThanZeroShot(string name)
    {
        var (train, test) = MadeUp.TrainAndTest(8, 24, shots: 16, testShots: 20, seed: 11, rotation: MadeUp.Rotation(24, seed: 12, spread: 1.5));
        var zeroShot = Evaluation.FromScorer(new ZeroShotMethod().Fit(train).Scorer!, test).LogLoss;
        // The least, tip-adapter, takes a tenth off the log-loss; labels in disorder take nothing off.
        Evaluation.FromScorer(Find(name).Fit(train).Scorer!, test).LogLoss.ShouldBeLessThan(0.95 * zeroShot);
    }

    [Theory]
    [MemberData(nameof(NamesOfThoseThatTakeAllImages))]
    public void Fit_Images_AreOfTheCenterCropOrMixed(string name)
    {
        var task = MadeUp.Task(4, 8, shots: 3, seed: 12);
        var crops = new FeatureSet([task.ImageFeatures, task.ImageFeatures], task.ClassPrototypes, task.Labels);
        var features = MadeUp.Features(5, 8, seed: 1).NormalizeRows();
        Find(name).Fit(crops).Scorer!.Logits(features).Values.ToArray().ShouldBe(Find(name).Fit(task).Scorer!.Logits(features).Values.ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Logits_OtherColumns_Throw(string name)
    {
        var scorer = Find(name).Fit(MadeUp.Task(3, 8, shots: 2, seed: 1)).Scorer!;
        Should.Throw<LfaDataException>(() => scorer.Logits(MadeUp.Features(2, 9, seed: 1))).Message.ShouldContain("takes 8 columns");
    }

    [Fact]
    public void ZeroShot_Fit_LooksAtNoImage()
    {
        var task = MadeUp.Task(3, 8, shots: 2, seed: 1);
        var others = new FeatureSet(MadeUp.Features(5, 8, seed: 2), task.ClassPrototypes, default);
        Find("zero-shot").Fit(others).Scorer!.Logits(task.ImageFeatures).Values.ToArray().ShouldBe(Find("zero-shot").Fit(task).Scorer!.Logits(task.ImageFeatures).Values.ToArray());
    }

    [Theory]
    [MemberData(nameof(NamesOfThoseThatLearn))]
    public void Fit_NoLabelsOrMissingClass_Throws(string name)
    {
        var task = MadeUp.Task(3, 8, shots: 2, seed: 1);
        Should.Throw<LfaDataException>(() => Find(name).Fit(new FeatureSet(task.ImageFeatures, task.ClassPrototypes, default))).Message.ShouldContain("no labels");
        Should.Throw<LfaDataException>(() => Find(name).Fit(new FeatureSet(task.ImageFeatures, task.ClassPrototypes, new int[6]))).Message.ShouldContain("has no example");
        Should.Throw<ArgumentNullException>(() => Find(name).Fit(null!));
    }

    [Theory]
    [MemberData(nameof(NamesOfThoseThatTakeTime))]
    public void Fit_Cancelled_ThrowsWhereThereIsAChoiceOrAnIteration(string name) =>
        Should.Throw<OperationCanceledException>(() => Find(name).Fit(MadeUp.Task(3, 8, shots: 4, seed: 1, spread: 4), new FitContext { CancellationToken = new CancellationToken(canceled: true) }));

    private static IEnumerable<Type> Implementations() => typeof(IMethod).Assembly.GetTypes().Where(type => type.IsClass && !type.IsAbstract && type.IsAssignableTo(typeof(IMethod)));

    private static IMethod Find(string name) => MethodRegistry.Methods.Get(name);

    private static FeatureSet Unbalanced()
    {
        var task = MadeUp.Task(5, 12, shots: 9, seed: 8);
        int[] shots = [1, 9, 2, 1, 4];
        return task.SelectRows([.. Enumerable.Range(0, task.SampleCount).Where(row => row / 5 < shots[row % 5])]);
    }

    private static FeatureSet Copies()
    {
        var prototypes = MadeUp.Features(3, 6, seed: 1).NormalizeRows();
        return new FeatureSet(prototypes.SelectRows([0, 0, 0, 0, 0, 1]), prototypes, MadeUp.Labels(6, 3));
    }
}
