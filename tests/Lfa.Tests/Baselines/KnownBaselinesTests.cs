using Lfa.Baselines;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Tests.Support;

namespace Lfa.Tests.Baselines;

/// <summary>What every baseline keeps.</summary>
public class KnownBaselinesTests
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

    public static TheoryData<string, string> EveryTask => new(KnownBaselines.All.SelectMany(baseline => Tasks.Select(task => (baseline.Name, task.Name))));

    public static TheoryData<string> Names => new(KnownBaselines.All.Select(baseline => baseline.Name));

    [Fact]
    public void All_NamesAndSources_AreGivenOnce()
    {
        KnownBaselines.All.Select(baseline => baseline.Name).ShouldBeUnique();
        KnownBaselines.All.ShouldAllBe(baseline => baseline.Source.Length > 20 && baseline.Name.All(c => char.IsAsciiLetterLower(c) || c == '-'));
    }

    [Theory]
    [MemberData(nameof(EveryTask))]
    public void Fit_AnyTask_GivesFiniteLogitsOnAnyNumberOfThreads(string name, string taskName)
    {
        var (baseline, task) = (Find(name), Tasks.Single(one => one.Name == taskName).Task);
        var first = baseline.Fit(task, seed: 3, threads: 1);
        var second = baseline.Fit(task, seed: 3, threads: 3);
        (first.Classifier.ClassCount, first.Classifier.Dimension).ShouldBe((task.ClassCount, task.Dimension));
        var features = MadeUp.Features(700, task.Dimension, seed: 9).NormalizeRows(); // Several blocks of rows.
        var logits = first.Classifier.Logits(features, threads: 1);
        logits.Values.ToArray().All(float.IsFinite).ShouldBeTrue();
        second.Classifier.Logits(features, threads: 2).Values.ToArray().ShouldBe(logits.Values.ToArray());
        second.Chosen.ShouldBe(first.Chosen);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_ClassesFarApart_AreRecognized(string name)
    {
        var task = MadeUp.Task(8, 24, shots: 6, seed: 11, spread: 0.3);
        var test = new FeatureSet(MadeUp.Task(8, 24, shots: 20, seed: 11, spread: 0.3).ImageFeatures, task.ClassPrototypes, MadeUp.Labels(160, 8));
        Evaluation.Of(Find(name).Fit(task).Classifier, test).Top1.ShouldBeGreaterThan(99);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_Images_AreOfTheCenterCropOrMixed(string name)
    {
        var task = MadeUp.Task(4, 8, shots: 3, seed: 12);
        var crops = new FeatureSet([task.ImageFeatures, task.ImageFeatures], task.ClassPrototypes, task.Labels);
        var features = MadeUp.Features(5, 8, seed: 1).NormalizeRows();
        Find(name).Fit(crops).Classifier.Logits(features).Values.ToArray().ShouldBe(Find(name).Fit(task).Classifier.Logits(features).Values.ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Logits_OtherColumns_Throw(string name)
    {
        var classifier = Find(name).Fit(MadeUp.Task(3, 8, shots: 2, seed: 1)).Classifier;
        Should.Throw<ArgumentException>(() => classifier.Logits(MadeUp.Features(2, 9, seed: 1))).Message.ShouldContain("takes 8 columns");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_NoLabelsOrMissingClass_Throws(string name)
    {
        if (name == "zero-shot")
            return; // It looks at no image.
        var task = MadeUp.Task(3, 8, shots: 2, seed: 1);
        Should.Throw<LfaDataException>(() => Find(name).Fit(new FeatureSet(task.ImageFeatures, task.ClassPrototypes, default))).Message.ShouldContain("no labels");
        Should.Throw<LfaDataException>(() => Find(name).Fit(new FeatureSet(task.ImageFeatures, task.ClassPrototypes, new int[6]))).Message.ShouldContain("has no example");
        Should.Throw<ArgumentNullException>(() => Find(name).Fit(null!));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_Cancelled_ThrowsWhereThereIsAChoiceOrAnIteration(string name)
    {
        if (name is "zero-shot" or "tip-adapter")
            return; // Nothing to wait for.
        Should.Throw<OperationCanceledException>(() => Find(name).Fit(MadeUp.Task(3, 8, shots: 4, seed: 1, spread: 4), cancellationToken: new CancellationToken(canceled: true)));
    }

    private static IBaseline Find(string name) => KnownBaselines.All.Single(baseline => baseline.Name == name);

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
