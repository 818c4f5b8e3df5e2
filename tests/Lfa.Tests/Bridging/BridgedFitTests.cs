using Lfa.Bridging;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Refinement;
using Lfa.Tests.Support;

namespace Lfa.Tests.Bridging;

public sealed class BridgedFitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<FitMethod, Bridge?> Ways => new()
    {
        { FitMethod.Auto, null },
        { FitMethod.Lfa, null },
        { FitMethod.Procrustes, null },
        { FitMethod.LeastSquares, null },
        { FitMethod.BetaProcrustes, null },
        { FitMethod.Lfa, Bridge.Procrustes },
        { FitMethod.Lfa, Bridge.Projection },
        { FitMethod.Lfa, Bridge.PrincipalComponents },
        { FitMethod.Procrustes, Bridge.CanonicalCorrelation },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public void Fit_PlantedIsometry_ClassifiesOtherImages(FitMethod method, Bridge? bridge)
    {
        foreach (var (inputs, outputs) in new[] { (30, 16), (16, 30) })
        {
            var (train, test) = Split(inputs, outputs, classes: 12);
            var fit = LfaTrainer.Fit(train, Options(method, bridge));
            fit.Bridge.ShouldBe(bridge ?? (method is FitMethod.Procrustes or FitMethod.LeastSquares ? Bridge.Procrustes : Bridge.CanonicalCorrelation));
            fit.Classifier.Dimension.ShouldBe(inputs);
            // At random, 8.3; a random projection loses part of what tells the classes apart.
            fit.Classifier.Evaluate(test).Top1.ShouldBeGreaterThan(bridge is Bridge.Projection ? 60 : 95);
            double.IsNaN(fit.Evaluate(test).ZeroShot.Top1).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(Bridge.Procrustes)]
    [InlineData(Bridge.CanonicalCorrelation)]
    [InlineData(Bridge.PrincipalComponents)]
    public void PrototypesOf_ClassesThatTookNoPart_AreRecognized(Bridge bridge)
    {
        var (all, _) = TwoSpaces.Planted(30, 16, classes: 80, shots: 4, seed: 1, spread: 0.2);
        var (seen, unseen) = ClassSplit.BaseAndNew(all);
        var fit = LfaTrainer.Fit(seen, Options(FitMethod.Procrustes, bridge));
        var prototypes = fit.Classifier.PrototypesOf(unseen.ClassPrototypes);
        new LfaClassifier(fit.Classifier.Transform, prototypes, unseen.ClassNames).Evaluate(unseen).Top1.ShouldBeGreaterThan(80); // At random, 2.5.
        fit.Classifier.PrototypesOf(seen.ClassPrototypes).Values.ShouldBeCloseTo(fit.Classifier.ClassPrototypes.Values.Span, 1e-6);
        Should.Throw<ArgumentException>(() => fit.Classifier.PrototypesOf(unseen.ImageFeatures))
            .Message.ShouldBe("textFeatures is 160 × 30 but the class names of the classifier have 16 columns; they must come from the encoder it was fitted with.");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Save_BridgedClassifier_LoadsToTheSameBits(FitMethod method, Bridge? bridge)
    {
        var (train, test) = Split(16, 30, classes: 6);
        var classifier = LfaTrainer.Fit(train, Options(method, bridge)).Classifier;
        classifier.Save(_folder["x.safetensors"]);
        var loaded = LfaClassifier.Load(_folder["x.safetensors"]);
        loaded.Logits(test.ImageFeatures).Values.ToArray().ShouldBe(classifier.Logits(test.ImageFeatures).Values.ToArray());
        loaded.TextTransform?.Matrix.Values.ToArray().ShouldBe(classifier.TextTransform?.Matrix.Values.ToArray());
        (loaded.Recipe!.Options.Bridge, loaded.Statistics).ShouldBe((bridge, null));
        loaded.WithoutStatistics().TextTransform.ShouldBe(loaded.TextTransform);
        // Wider than it takes: as with any classifier, the adapted prototypes rank as it does.
        if (classifier.Residual is null)
            Ranks(loaded.AdaptedPrototypes(), test).ShouldBe(classifier.Predict(test.ImageFeatures).Select(prediction => prediction.Best.Class));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Fit_AnyNumberOfThreads_GivesTheSameBits(FitMethod method, Bridge? bridge)
    {
        var (train, _) = Split(40, 20, classes: 10);
        float[] Fitted(int threads) => LfaTrainer.Fit(train, Options(method, bridge) with { Threads = threads }).Classifier.Transform.Matrix.Values.ToArray();
        Fitted(3).ShouldBe(Fitted(1));
    }

    [Fact]
    public void Fit_Published_IsTheRefinementInTheProjectedSpace()
    {
        var (train, _) = Split(30, 16, classes: 6);
        var refinement = new RefinementOptions { Iterations = 4 };
        var fit = LfaTrainer.Fit(train, new LfaOptions { Method = FitMethod.Lfa, Bridge = Bridge.Projection, Beta = 0.1, Refinement = refinement, Seed = 3 });
        var maps = GaussianProjection.Between(30, 16, seed: 3);
        var square = LfaTrainer.Fit(maps.Apply(train), new LfaOptions { Method = FitMethod.Lfa, Beta = 0.1, Refinement = refinement, Seed = 3 });
        fit.Stages.Lfa!.Matrix.Values.ToArray().ShouldBe(maps.Unfold(square.Stages.Lfa!).Matrix.Values.ToArray());
        fit.Losses.ShouldBe(square.Losses);
    }

    [Fact]
    public void Fit_SpacesOfOneWidth_CanBeBridged()
    {
        var (task, _) = TwoSpaces.Planted(20, 20, classes: 8, shots: 6, seed: 2, spread: 0.3);
        LfaTrainer.Fit(task, new LfaOptions { Method = FitMethod.Lfa }).Bridge.ShouldBeNull();
        var bridged = LfaTrainer.Fit(task, new LfaOptions { Method = FitMethod.Lfa, Bridge = Bridge.CanonicalCorrelation });
        bridged.Classifier.Evaluate(task).Top1.ShouldBeGreaterThan(95);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Auto_OneExampleOrOneClass_IsTheBridge(int shots)
    {
        var (task, _) = TwoSpaces.Planted(20, 12, classes: shots == 1 ? 6 : 1, shots, seed: 3, spread: 0.1);
        var fit = LfaTrainer.Fit(task);
        fit.Auto!.Chosen.ShouldStartWith("cca bridge");
        fit.Auto.NewClasses.Chosen.ShouldBe("the transform of the trained classes");
        fit.Classifier.Evaluate(task).Top1.ShouldBe(100);
        fit.Classifier.Confidence.ShouldBeNull();
    }

    [Fact]
    public void Auto_TextThatSaysNothing_GoesByTheImages()
    {
        // Prototypes of two components cannot keep 20 classes apart; the head of Gaussian classes can.
        var (wide, _) = TwoSpaces.Planted(30, 30, classes: 20, shots: 8, seed: 4, spread: 0.5);
        var blind = new FeatureSet(wide.ImageFeatures, MadeUp.Features(20, 2, seed: 5), wide.Labels);
        int[] training = [.. Enumerable.Range(0, 100)];
        var test = blind.SelectRows([.. Enumerable.Range(100, 60)]);
        var fit = LfaTrainer.Fit(blind.SelectRows(training));
        fit.Classifier.Residual.ShouldNotBeNull();
        fit.Auto!.Chosen.ShouldContain("gaussian");
        fit.Classifier.Evaluate(test).Top1.ShouldBeGreaterThan(90);
    }

    [Fact]
    public void Fit_WhatTwoSpacesHaveNot_IsRefused()
    {
        var (train, _) = Split(16, 10, classes: 4);
        Refusal(new() { Method = FitMethod.ZeroShot }).ShouldBe("imageFeatures is 12 × 16 but classPrototypes is 4 × 10: across a bridge there is no zero-shot classification; give another method, such as auto.");
        Refusal(new() { Bridge = Bridge.Projection }).ShouldStartWith("Method auto bridges by canonical correlation");
        Refusal(new() { Method = FitMethod.Lfa, Bridge = Bridge.Procrustes, Beta = 0.5 }).ShouldStartWith("Between 16 and 10 components there is no identity for beta to weigh");
        Refusal(new() { Method = FitMethod.Lfa, Components = 11 }).ShouldContain("give a number from 1 to 10");
        Should.Throw<ArgumentOutOfRangeException>(() => new LfaOptions { Components = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new LfaOptions { Bridge = (Bridge)9 });

        string Refusal(LfaOptions options) => Should.Throw<ArgumentException>(() => LfaTrainer.Fit(train, options)).Message;
    }

    [Fact]
    public void Update_BridgedClassifier_IsRefused()
    {
        var (train, test) = Split(16, 10, classes: 4);
        Should.Throw<InvalidOperationException>(() => LfaUpdater.Update(LfaTrainer.Fit(train).Classifier, test)).Message.ShouldContain("stands on a bridge");
    }

    private static LfaOptions Options(FitMethod method, Bridge? bridge) =>
        new() { Method = method, Bridge = bridge, Refinement = new() { Iterations = 20 } };

    private static (FeatureSet Train, FeatureSet Test) Split(int inputs, int outputs, int classes)
    {
        var (task, _) = TwoSpaces.Planted(inputs, outputs, classes, shots: 6, seed: 1, spread: 0.4);
        return (task.SelectRows([.. Enumerable.Range(0, 3 * classes)]), task.SelectRows([.. Enumerable.Range(3 * classes, 3 * classes)]));
    }

    private static IEnumerable<int> Ranks(Matrix prototypes, FeatureSet test) =>
        (test.ImageFeatures.ToOracle() * prototypes.ToOracle().Transpose()).EnumerateRows().Select(row => row.MaximumIndex());
}
