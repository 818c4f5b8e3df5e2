using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Refinement;
using Lfa.Tests.Support;

namespace Lfa.Tests;

public sealed class LfaUpdaterTests : IDisposable
{
    private const int Classes = 6;

    // Sums in another order differ by 1e-16, and single precision rounds by 6e-8; the rest is what polar factors make of it.
    private const double Rounding = 3e-7;

    // XᵀX instead of the rows: the span of fewer rows than components is known to the square root of rounding.
    private const double SpanRounding = 1e-6;

    private static readonly string[] Names = ["ant", "bee", "cat", "dog", "eel", "fox"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<FitMethod, double, double> ClosedForms { get; } = new()
    {
        { FitMethod.ZeroShot, 0, Rounding },
        { FitMethod.Procrustes, 0, Rounding },
        { FitMethod.BetaProcrustes, 0, Rounding },
        { FitMethod.LeastSquares, 0.5, Rounding },
        { FitMethod.LeastSquares, 0, Rounding },
    };

    [Theory]
    [MemberData(nameof(ClosedForms))]
    public void Update_InTwoParts_IsFittingAtOnce(FitMethod method, double ridge, double tolerance)
    {
        var task = Task();
        int[] first = [.. Enumerable.Range(0, task.SampleCount).Where(i => i % 5 < 3)], second = [.. Enumerable.Range(0, task.SampleCount).Except(first)];
        var options = new LfaOptions { Method = method, Beta = 0.375, Ridge = ridge };
        var update = LfaUpdater.Update(Reload(LfaTrainer.Fit(task.SelectRows(first), options).Classifier), task.SelectRows(second));
        ShouldBe(update.Classifier, LfaTrainer.Fit(task, options).Classifier, tolerance);
        update.IsExact.ShouldBeTrue();
        (update.AddedSamples, update.Samples, update.Classifier.Recipe!.Samples).ShouldBe((second.Length, task.SampleCount, task.SampleCount));
        update.AddedClasses.ShouldBeEmpty();
    }

    [Fact]
    public void Update_LeastSquaresOfFewerImagesThanComponents_IsFittingAtOnce()
    {
        var task = Task(shots: 3);
        var options = new LfaOptions { Method = FitMethod.LeastSquares };
        var update = LfaUpdater.Update(LfaTrainer.Fit(task.SelectRows([.. Enumerable.Range(0, 12)]), options).Classifier, task.SelectRows([.. Enumerable.Range(12, 6)]));
        ShouldBe(update.Classifier, LfaTrainer.Fit(task, options).Classifier, SpanRounding);
    }

    [Theory]
    [MemberData(nameof(ClosedForms))]
    public void Update_NewClasses_IsHavingHadThem(FitMethod method, double ridge, double tolerance)
    {
        var task = Task();
        var options = new LfaOptions { Method = method, Beta = 0.375, Ridge = ridge };
        var four = Only(task, 0, 1, 2, 3);
        var update = LfaUpdater.Update(Reload(LfaTrainer.Fit(four, options).Classifier), Only(task, 4, 5));
        ShouldBe(update.Classifier, LfaTrainer.Fit(task, options).Classifier, tolerance);
        update.AddedClasses.ShouldBe(["eel", "fox"]);
        update.IsExact.ShouldBeTrue();
    }

    [Theory]
    [InlineData(FitMethod.ZeroShot)]
    [InlineData(FitMethod.Procrustes)]
    [InlineData(FitMethod.BetaProcrustes)]
    public void Update_RemovedClasses_IsNeverHavingHadThem(FitMethod method)
    {
        var task = Task();
        var options = new LfaOptions { Method = method, Beta = 0.375 };
        var update = LfaUpdater.Update(Reload(LfaTrainer.Fit(task, options).Classifier), null, new UpdateOptions { RemovedClasses = ["eel", "ant"] });
        ShouldBe(update.Classifier, LfaTrainer.Fit(Only(task, 1, 2, 3, 5), options).Classifier, Rounding);
        update.RemovedClasses.ShouldBe(["eel", "ant"]);
        update.IsExact.ShouldBeTrue();
    }

    [Fact]
    public void Update_LeastSquares_ForgetsOnlyClassesOfOneImage()
    {
        var options = new LfaOptions { Method = FitMethod.LeastSquares, Ridge = 0.5 };
        var single = Task().SelectRows([.. Enumerable.Range(0, 48).Where(i => i % Classes < 5 || i == 5)]);
        var update = LfaUpdater.Update(LfaTrainer.Fit(single, options).Classifier, null, new UpdateOptions { RemovedClasses = ["fox"] });
        ShouldBe(update.Classifier, LfaTrainer.Fit(Only(single, 0, 1, 2, 3, 4), options).Classifier, Rounding);
        Should.Throw<InvalidOperationException>(() => LfaUpdater.Update(LfaTrainer.Fit(single, options).Classifier, null, new UpdateOptions { RemovedClasses = ["ant"] }))
            .Message.ShouldContain("cannot forget a class without the images");
    }

    [Fact]
    public void Update_Auto_FitsTheClosedFormsAnewAndKeepsTheRest()
    {
        var task = Task();
        int[] first = [.. Enumerable.Range(0, task.SampleCount).Where(i => i / Classes % 2 == 0)], second = [.. Enumerable.Range(0, task.SampleCount).Except(first)];
        var before = Blended(task.SelectRows(first), out var refined);
        var update = LfaUpdater.Update(Reload(before), task.SelectRows(second));

        var expected = OrthogonalProcrustes.Fit(task).ToBlend(refined);
        update.Classifier.Transform.Matrix.Values.ShouldBeCloseTo(expected, Rounding);
        // The logits of Gaussian classes fall as 1 / (n − 1).
        var head = SharedCovarianceGaussian.Fit(ClassStatistics.Of(task), 1).Times(0.002 * (task.SampleCount - task.ClassCount));
        update.Classifier.Residual!.Weights.Values.ShouldBeCloseTo(head.Weights.Values.Span, Rounding);
        update.Classifier.Residual.Biases.ShouldBeCloseTo(head.Biases.Span, Rounding);
        update.Parts.Select(part => (part.Name, part.Outcome)).ShouldBe([("class prototypes", PartOutcome.Exact), ("orthogonal transform", PartOutcome.Exact), ("refined transforms", PartOutcome.Kept),
            ("weights of the blend, temperature", PartOutcome.Kept), ("head of Gaussian classes", PartOutcome.Exact), ("confidence", PartOutcome.Kept)]);
        update.IsExact.ShouldBeFalse();
        update.Classifier.Confidence.ShouldNotBeNull();
        update.Classifier.Temperature.ShouldBe(before.Temperature);
        (update.Classifier.Recipe!.Samples, update.Samples).ShouldBe((first.Length, task.SampleCount));
    }

    [Fact]
    public void Update_AutoStepByStep_IsInOneStep()
    {
        var task = Task();
        var parts = Enumerable.Range(0, 4).Select(part => task.SelectRows([.. Enumerable.Range(0, 12).Select(i => (12 * part) + i)])).ToArray();
        var start = Blended(parts[0], out _);
        var steps = parts[1..].Aggregate(start, (classifier, part) => LfaUpdater.Update(Reload(classifier), part).Classifier);
        var once = LfaUpdater.Update(start, task.SelectRows([.. Enumerable.Range(12, 36)])).Classifier;
        ShouldBe(steps, once, Rounding);
        steps.Residual!.Weights.Values.ShouldBeCloseTo(once.Residual!.Weights.Values.Span, Rounding);
    }

    [Fact]
    public void Update_AutoWithNewAndRemovedClasses_HasAHeadForEach()
    {
        var task = Task();
        var before = Blended(Only(task, 0, 1, 2, 3), out var refined);
        var update = LfaUpdater.Update(before, Only(task, 4, 5), new UpdateOptions { RemovedClasses = ["bee"] });
        var left = Only(task, 0, 2, 3, 4, 5);
        update.Classifier.ClassNames.ShouldBe(left.ClassNames);
        update.Classifier.Transform.Matrix.Values.ShouldBeCloseTo(OrthogonalProcrustes.Fit(left).ToBlend(refined), Rounding);
        update.Parts.Single(part => part.Name == "head of Gaussian classes").Outcome.ShouldBe(PartOutcome.Estimated);
        update.Parts.Single(part => part.Name == "confidence").Outcome.ShouldBe(PartOutcome.Dropped);
        update.Classifier.Confidence.ShouldBeNull();
        update.Classifier.Statistics!.IsSpreadEstimated.ShouldBeTrue();
        Reload(update.Classifier).Statistics!.IsSpreadEstimated.ShouldBeTrue();

        update.Classifier.Residual!.ClassCount.ShouldBe(5);
        update.Classifier.Accuracy(left, 1).Top1.ShouldBeGreaterThanOrEqualTo(95);
    }

    [Fact]
    public void Update_RemovedClassOfASharedCovariance_LeavesTheHeadOfTheOthers()
    {
        var task = Task(shots: 1000);
        var update = LfaUpdater.Update(Blended(task, out _), null, new UpdateOptions { RemovedClasses = ["bee"] });
        var head = SharedCovarianceGaussian.Fit(ClassStatistics.Of(Only(task, 0, 2, 3, 4, 5)), 1).Times(0.002 * (5000 - 5));
        // Rows of unit length spread less towards their mean, so that classes do differ a little.
        update.Classifier.Residual!.Weights.Values.ShouldBeCloseTo(head.Weights.Values.Span, 0.1);
    }

    [Fact]
    public void Update_AutoOfTheTrainer_KnowsItsBlend()
    {
        var task = Task();
        var classifier = LfaTrainer.Fit(task).Classifier;
        var blend = classifier.Recipe!.Blend!;
        (blend.ZeroShot + blend.Procrustes + blend.Refined).ShouldBe(1, 1e-12);
        (blend.Gaussian > 0).ShouldBe(classifier.Residual is not null);
        classifier.Residual?.Weights.Values.ShouldBeCloseTo(SharedCovarianceGaussian.Fit(ClassStatistics.Of(task), 1).Times(blend.Gaussian * (task.SampleCount - task.ClassCount)).Weights.Values.Span, Rounding);
        // No image more: what is computed anew is what was there.
        var update = LfaUpdater.Update(Reload(LfaUpdater.Update(classifier, Only(task, 0)).Classifier), Only(task, 1));
        update.Classifier.Provenance.Method.ShouldBe("auto");
        update.Classifier.Recipe.ShouldBe(classifier.Recipe with { Options = update.Classifier.Recipe!.Options });
    }

    [Fact]
    public void Update_Lfa_KeepsTheRefinedTransforms()
    {
        var task = Task();
        var before = LfaTrainer.Fit(Only(task, 0, 1, 2, 3), new LfaOptions { Method = FitMethod.Lfa, Refinement = new() { Iterations = 3 } }).Classifier;
        var update = LfaUpdater.Update(before, task);
        update.Classifier.Transform.ShouldBeSameAs(before.Transform);
        update.Classifier.NewClasses.ShouldBeSameAs(before.NewClasses);
        update.Classifier.ClassNames.ShouldBe(Names);
        update.Parts.Single(part => part.Outcome is PartOutcome.Kept).Note.ShouldBe("fitted to the 32 images of the last whole fit");
    }

    [Theory]
    [InlineData(FitMethod.Auto)]
    [InlineData(FitMethod.Lfa)]
    [InlineData(FitMethod.BetaProcrustes)]
    public void Update_WithTheEarlierImages_IsTheFitToAllBitForBit(FitMethod method)
    {
        var task = Task();
        var options = new LfaOptions { Method = method, Seed = 5, Temperature = 0.02, Encoder = "E", CrossValidation = new() { Stratified = true }, Refinement = new() { Iterations = 4, Loss = new CslsLoss(2), MixesPairs = true } };
        var (old, images) = (Only(task, 0, 1, 2, 3), Only(task, 2, 4, 5));
        var classifier = Reload(LfaTrainer.Fit(old, options).Classifier);
        var update = LfaUpdater.Update(classifier, images, new UpdateOptions { EarlierImages = [old], RemovedClasses = ["ant"], Threads = 2 });
        var (first, second) = (Only(task, 1, 2, 3), images);
        var union = new FeatureSet(Stack(first.ImageFeatures, second.ImageFeatures), task.ClassPrototypes.SelectRows([1, 2, 3, 4, 5]),
            (int[])[.. first.Labels.ToArray(), .. second.Labels.ToArray().Select(label => label == 0 ? 1 : label + 2)], Names[1..], normalize: false);
        LfaTrainer.Fit(union, options).Classifier.Save(_folder["expected"]);
        update.Classifier.Save(_folder["actual"]);
        File.ReadAllBytes(_folder["actual"]).ShouldBe(File.ReadAllBytes(_folder["expected"]));
        update.IsExact.ShouldBeTrue();
        update.Fit.ShouldNotBeNull();
        update.Parts.Single().Note.ShouldBe("fitted again with the options of the fit");
        (update.AddedSamples, update.Samples).ShouldBe((24, 48));
    }

    [Fact]
    public void Update_SomeOfTheEarlierImagesMissing_SaysSo()
    {
        var task = Task();
        var classifier = LfaTrainer.Fit(task, new LfaOptions { Method = FitMethod.Procrustes }).Classifier;
        LfaUpdater.Update(classifier, null, new UpdateOptions { EarlierImages = [task.SelectRows([.. Enumerable.Range(0, 12)]), task.SelectRows([.. Enumerable.Range(12, 6)])] })
            .Parts.Single().Note.ShouldBe("fitted again with the options of the fit, to 18 earlier images; the classifier knew 48 of its classes");
    }

    [Fact]
    public void Update_ClassWithoutAnExample_IsClassifiedByItsName()
    {
        var task = Task();
        var known = Only(task, 0, 1, 2, 3, 4);
        var withName = new FeatureSet(known.ImageFeatures.Slice(0, 1), task.ClassPrototypes, known.Labels[..1], Names, normalize: false);
        foreach (var classifier in new[] { LfaTrainer.Fit(known, new LfaOptions { Method = FitMethod.BetaProcrustes, Beta = 0.9 }).Classifier, Blended(known, out _) })
        {
            var update = LfaUpdater.Update(classifier, withName);
            update.AddedClasses.ShouldBe(["fox"]);
            update.Classifier.Statistics!.Counts.Span[5].ShouldBe(0);
            update.Classifier.Residual?.Weights.Row(5).ToArray().ShouldAllBe(value => value == 0);
            update.Classifier.Evaluate(task).Top1.ShouldBeGreaterThan(80);
            // Its first examples make it a class like others.
            LfaUpdater.Update(update.Classifier, Only(task, 5)).Classifier.Statistics!.Counts.Span[5].ShouldBe(8);
        }
    }

    [Fact]
    public void Update_EqualNamesOfEqualPrototypes_AreToldByTheirOrder()
    {
        var task = Task();
        FeatureSet Twice(int[] labels) => new(task.ImageFeatures.Slice(0, labels.Length), task.ClassPrototypes.SelectRows([0, 1, 0]), labels, ["ant", "bee", "ant"], normalize: false);
        var classifier = LfaTrainer.Fit(Twice([0, 1, 2]), new LfaOptions { Method = FitMethod.ZeroShot }).Classifier;
        LfaUpdater.Update(classifier, Twice([2, 2, 0, 1])).Classifier.Statistics!.Counts.ToArray().ShouldBe([2, 2, 3]);
        LfaUpdater.Update(classifier, null, new UpdateOptions { RemovedClasses = ["ant"] }).Classifier.ClassNames.ShouldBe(["bee"]);
        // A second class of that name can come later.
        var one = LfaTrainer.Fit(Only(task, 0, 1), new LfaOptions { Method = FitMethod.ZeroShot }).Classifier;
        LfaUpdater.Update(one, Twice([2, 2])).Classifier.ClassNames.ShouldBe(["ant", "bee", "ant"]);
    }

    [Fact]
    public void Update_WhatCannotBe_IsSaidInOneSentence()
    {
        var task = Task();
        var classifier = LfaTrainer.Fit(task, new LfaOptions { Method = FitMethod.BetaProcrustes, Beta = 0.5 }).Classifier;
        void CheckState(string expected, LfaClassifier other) => Should.Throw<InvalidOperationException>(() => LfaUpdater.Update(other, task)).Message.ShouldContain(expected);
        void Check(string expected, FeatureSet? images, UpdateOptions? options = null)
        {
            var message = Should.Throw<Exception>(() => LfaUpdater.Update(classifier, images, options)).Message;
            message.ShouldContain(expected);
            message.ShouldNotContain('\n');
        }
        UpdateOptions Without(params string[] names) => new() { RemovedClasses = names };

        Check("There is nothing to update", null);
        Check("There is no class \"yak\" to remove; the classifier has \"ant\", \"bee\"", null, Without("yak"));
        Check("\"ant\" is to be removed twice", null, Without("ant", "ant"));
        Check("All 6 classes are to be removed", null, Without(Names));
        Check("yet there are new images of it", task, Without("bee"));
        Check("have no labels", new FeatureSet(task.ImageFeatures, task.ClassPrototypes, default, Names));
        Check("The features are 12 × 5 but the classifier takes 24 columns", MadeUp.Task(6, 5, shots: 2, seed: 1));
        Check("The prototype of the class \"ant\" is another", new FeatureSet(task.ImageFeatures, MadeUp.Features(6, 24, seed: 77), task.Labels, Names));
        Check("The class \"class 0\" has the prototype of the class \"ant\"", new FeatureSet(task.ImageFeatures, task.ClassPrototypes, task.Labels));
        CheckState("does not tell how it was fitted", new LfaClassifier(classifier.Transform, classifier.ClassPrototypes, Names));
        CheckState("does not hold the sums over its images", classifier.WithoutStatistics());
        Check("2 crops an image and another 1", task, new UpdateOptions { EarlierImages = [new FeatureSet([task.ImageFeatures, task.ImageFeatures], task.ClassPrototypes, task.Labels, Names)] });
        Check("Set 2 of the earlier images: The images have no labels", null, new UpdateOptions { EarlierImages = [task, new FeatureSet(task.ImageFeatures, task.ClassPrototypes, default, Names)] });
        Check("No image is left", null, new UpdateOptions { EarlierImages = [Only(task, 0)], RemovedClasses = ["ant"] });
        Check("(\"fox\") has no example", null, new UpdateOptions { EarlierImages = [Only(task, 0, 1, 2, 3, 4)] });
    }

    [Fact]
    public void Update_WithTheEarlierImages_NeedsNoSums()
    {
        var task = Task();
        var classifier = LfaTrainer.Fit(task, new LfaOptions { Method = FitMethod.LeastSquares, Ridge = 1 }).Classifier.WithoutStatistics();
        LfaUpdater.Update(Reload(classifier), null, new UpdateOptions { EarlierImages = [task], RemovedClasses = ["cat"] }).Classifier.ClassCount.ShouldBe(5);
    }

    [Fact]
    public void Update_OfALossOfOnesOwn_CannotBeRepeatedFromAFile()
    {
        var task = Task();
        var classifier = LfaTrainer.Fit(task, new LfaOptions { Method = FitMethod.Lfa, Refinement = new() { Iterations = 1, Loss = new OwnLoss() } }).Classifier;
        LfaUpdater.Update(classifier, null, new UpdateOptions { EarlierImages = [task] }).IsExact.ShouldBeTrue();
        Reload(classifier).Recipe!.IsRepeatable.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => LfaUpdater.Update(Reload(classifier), null, new UpdateOptions { EarlierImages = [task] })).Message.ShouldContain("with a loss that its file cannot tell");
    }

    private static FeatureSet Task(int shots = 8)
    {
        var task = MadeUp.Task(Classes, 24, shots, seed: 11, spread: 0.6, MadeUp.Rotation(24, seed: 12, spread: 1));
        return new FeatureSet(task.ImageFeatures, task.ClassPrototypes, task.Labels, Names, normalize: true);
    }

    /// <summary>The images of some classes, with these classes alone.</summary>
    private static FeatureSet Only(FeatureSet task, params int[] classes)
    {
        int[] rows = [.. Enumerable.Range(0, task.SampleCount).Where(i => classes.Contains(task.Labels.Span[i]))];
        return new FeatureSet(task.ImageFeatures.SelectRows(rows), task.ClassPrototypes.SelectRows(classes), rows.Select(row => Array.IndexOf(classes, task.Labels.Span[row])).ToArray(), [.. classes.Select(c => task.ClassNames[c])], normalize: false);
    }

    /// <summary>A blend as the automatic choice makes it: 0.3 of the identity, 0.68 orthogonal, 0.02 refined, and a head.</summary>
    private static LfaClassifier Blended(FeatureSet task, out Transform refined)
    {
        refined = new Transform(MadeUp.Features(24, 24, seed: 3));
        var statistics = ClassStatistics.Of(task);
        var transform = new Transform(new Matrix(OrthogonalProcrustes.Fit(task).ToBlend(refined), 24, 24));
        var residual = SharedCovarianceGaussian.Fit(statistics, 1).Times(0.002 * (statistics.SampleCount - statistics.ClassCount));
        var recipe = new FitRecipe { Options = new LfaOptions(), Samples = task.SampleCount, Blend = new BlendWeights(0.3, 0.68, 0.02, 0.002) };
        var classifier = new LfaClassifier(transform, task.ClassPrototypes, task.ClassNames, residual: residual, statistics: statistics, recipe: recipe);
        return classifier.WithConfidence(Confidence.FromHeldOut(new Matrix(new float[] { 0.5f, 0.2f, 0.1f, 0.3f }, 2, 2), [0, 1]));
    }

    private LfaClassifier Reload(LfaClassifier classifier)
    {
        classifier.Save(_folder["m"]);
        return LfaClassifier.Load(_folder["m"]);
    }

    private static Matrix Stack(Matrix a, Matrix b) => new((float[])[.. a.Values.Span, .. b.Values.Span], a.Rows + b.Rows, a.Columns);

    private static void ShouldBe(LfaClassifier actual, LfaClassifier expected, double tolerance)
    {
        actual.ClassNames.ShouldBe(expected.ClassNames);
        actual.ClassPrototypes.Values.ToArray().ShouldBe(expected.ClassPrototypes.Values.ToArray());
        actual.Transform.Matrix.Values.ShouldBeCloseTo(expected.Transform.Matrix.Values.Span, tolerance);
        actual.Temperature.ShouldBe(expected.Temperature);
        actual.Provenance.ShouldBe(expected.Provenance);
        actual.Statistics!.Counts.ToArray().ShouldBe(expected.Statistics!.Counts.ToArray());
    }

    private sealed class OwnLoss : IAlignmentLoss
    {
        public bool UsesUnitRows => true;

        public bool CouplesRows => false;

        public double Evaluate(in LossBlock block) => 0;
    }
}

internal static class BlendOfTests
{
    public static float[] ToBlend(this Transform procrustes, Transform refined)
    {
        var identity = Transform.Identity(procrustes.InputDimension).Matrix.Values.ToArray();
        return [.. identity.Select((value, i) => (float)((0.3 * value) + (0.68 * procrustes.Matrix.Values.Span[i]) + (0.02 * refined.Matrix.Values.Span[i])))];
    }
}
