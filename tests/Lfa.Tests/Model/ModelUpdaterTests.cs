using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Refinement;
using Lfa.Tests.Support;
using Lfa.Validation;

namespace Lfa.Tests.Model;

public sealed class ModelUpdaterTests : IDisposable
{
    private const int Classes = 6;

    // Sums in another order differ by 1e-16, and single precision rounds by 6e-8; the rest is what polar factors make of it.
    private const double Rounding = 3e-7;

    // XᵀX instead of the rows: the span of fewer rows than components is known to the square root of rounding.
    private const double SpanRounding = 1e-6;

    private static readonly string[] Names = ["ant", "bee", "cat", "dog", "eel", "fox"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static readonly Dictionary<string, IMethod> ClosedForm = new()
    {
        ["zero-shot"] = new ZeroShotMethod(),
        ["procrustes"] = new ProcrustesMethod(),
        ["beta-procrustes"] = new BetaProcrustesMethod { Beta = 0.375 },
        ["least-squares, ridge 0.5"] = new LeastSquaresMethod { Ridge = 0.5 },
        ["least-squares"] = new LeastSquaresMethod(),
    };

    public static TheoryData<string> ClosedForms { get; } = [.. ClosedForm.Keys];

    [Theory]
    [MemberData(nameof(ClosedForms))]
    public void Update_InTwoParts_IsFittingAtOnce(string name)
    {
        var task = Task();
        int[] first = [.. Enumerable.Range(0, task.SampleCount).Where(i => i % 5 < 3)], second = [.. Enumerable.Range(0, task.SampleCount).Except(first)];
        var method = ClosedForm[name];
        var update = ModelUpdater.Update(Reload(LfaModel.Fit(task.SelectRows(first), method)), task.SelectRows(second));
        ShouldBe(update.Model, LfaModel.Fit(task, method), Rounding);
        update.IsExact.ShouldBeTrue();
        (update.AddedSamples, update.Samples, update.Model.Record.Samples).ShouldBe((second.Length, task.SampleCount, task.SampleCount));
        update.AddedClasses.ShouldBeEmpty();
    }

    [Fact]
    public void Update_LeastSquaresOfFewerImagesThanComponents_IsFittingAtOnce()
    {
        var task = Task(shots: 3);
        var method = new LeastSquaresMethod();
        var update = ModelUpdater.Update(LfaModel.Fit(task.SelectRows([.. Enumerable.Range(0, 12)]), method), task.SelectRows([.. Enumerable.Range(12, 6)]));
        ShouldBe(update.Model, LfaModel.Fit(task, method), SpanRounding);
    }

    [Theory]
    [MemberData(nameof(ClosedForms))]
    public void Update_NewClasses_IsHavingHadThem(string name)
    {
        var task = Task();
        var method = ClosedForm[name];
        var four = Only(task, 0, 1, 2, 3);
        var update = ModelUpdater.Update(Reload(LfaModel.Fit(four, method)), Only(task, 4, 5));
        ShouldBe(update.Model, LfaModel.Fit(task, method), Rounding);
        update.AddedClasses.ShouldBe(["eel", "fox"]);
        update.IsExact.ShouldBeTrue();
    }

    [Theory]
    [InlineData("zero-shot")]
    [InlineData("procrustes")]
    [InlineData("beta-procrustes")]
    public void Update_RemovedClasses_IsNeverHavingHadThem(string name)
    {
        var task = Task();
        var method = ClosedForm[name];
        var update = ModelUpdater.Update(Reload(LfaModel.Fit(task, method)), null, new UpdateOptions { RemovedClasses = ["eel", "ant"] });
        ShouldBe(update.Model, LfaModel.Fit(Only(task, 1, 2, 3, 5), method), Rounding);
        update.RemovedClasses.ShouldBe(["eel", "ant"]);
        update.IsExact.ShouldBeTrue();
    }

    [Fact]
    public void Update_LeastSquares_ForgetsOnlyClassesOfOneImage()
    {
        var method = new LeastSquaresMethod { Ridge = 0.5 };
        var single = Task().SelectRows([.. Enumerable.Range(0, 48).Where(i => i % Classes < 5 || i == 5)]);
        var update = ModelUpdater.Update(LfaModel.Fit(single, method), null, new UpdateOptions { RemovedClasses = ["fox"] });
        ShouldBe(update.Model, LfaModel.Fit(Only(single, 0, 1, 2, 3, 4), method), Rounding);
        Should.Throw<LfaDataException>(() => ModelUpdater.Update(LfaModel.Fit(single, method), null, new UpdateOptions { RemovedClasses = ["ant"] }))
            .Message.ShouldContain("cannot forget a class without the images");
    }

    [Fact]
    public void Update_Auto_FitsTheClosedFormsAnewAndKeepsTheRest()
    {
        var task = Task();
        int[] first = [.. Enumerable.Range(0, task.SampleCount).Where(i => i / Classes % 2 == 0)], second = [.. Enumerable.Range(0, task.SampleCount).Except(first)];
        var before = Blended(task.SelectRows(first), out var refined);
        var update = ModelUpdater.Update(Reload(before), task.SelectRows(second));

        var expected = OrthogonalProcrustes.Fit(task).ToBlend(refined);
        update.Model.Aligned!.Transform.Matrix.Values.ShouldBeCloseTo(expected, Rounding);
        // The logits of Gaussian classes fall as 1 / (n − 1).
        var head = SharedCovarianceGaussian.Fit(ClassStatistics.FromTask(task), 1).Times(0.002 * (task.SampleCount - task.ClassCount));
        update.Model.Aligned!.Residual!.Weights.Values.ShouldBeCloseTo(head.Weights.Values.Span, Rounding);
        update.Model.Aligned!.Residual.Biases.ShouldBeCloseTo(head.Biases.Span, Rounding);
        update.Parts.Select(part => (part.Name, part.Outcome)).ShouldBe([("class prototypes", PartOutcome.Exact), ("procrustes", PartOutcome.Exact), ("gaussian", PartOutcome.Exact),
            ("refined transforms", PartOutcome.Kept), ("weights of the blend, temperature", PartOutcome.Kept), ("calibration", PartOutcome.Kept)]);
        update.IsExact.ShouldBeFalse();
        update.Model.Calibration.ShouldNotBeNull();
        update.Model.Temperature.ShouldBe(before.Temperature);
        (update.Model.Record.Samples, update.Samples).ShouldBe((first.Length, task.SampleCount));
    }

    [Fact]
    public void Update_AutoStepByStep_IsInOneStep()
    {
        var task = Task();
        var parts = Enumerable.Range(0, 4).Select(part => task.SelectRows([.. Enumerable.Range(0, 12).Select(i => (12 * part) + i)])).ToArray();
        var start = Blended(parts[0], out _);
        var steps = parts[1..].Aggregate(start, (model, part) => ModelUpdater.Update(Reload(model), part).Model);
        var once = ModelUpdater.Update(start, task.SelectRows([.. Enumerable.Range(12, 36)])).Model;
        ShouldBe(steps, once, Rounding);
        steps.Aligned!.Residual!.Weights.Values.ShouldBeCloseTo(once.Aligned!.Residual!.Weights.Values.Span, Rounding);
    }

    [Fact]
    public void Update_AutoWithNewAndRemovedClasses_HasAHeadForEach()
    {
        var task = Task();
        var before = Blended(Only(task, 0, 1, 2, 3), out var refined);
        var update = ModelUpdater.Update(before, Only(task, 4, 5), new UpdateOptions { RemovedClasses = ["bee"] });
        var left = Only(task, 0, 2, 3, 4, 5);
        update.Model.ClassNames.ShouldBe(left.ClassNames);
        update.Model.Aligned!.Transform.Matrix.Values.ShouldBeCloseTo(OrthogonalProcrustes.Fit(left).ToBlend(refined), Rounding);
        update.Parts.Single(part => part.Name == "gaussian").Outcome.ShouldBe(PartOutcome.Estimated);
        update.Parts.Single(part => part.Name == "calibration").Outcome.ShouldBe(PartOutcome.Dropped);
        update.Model.Calibration.ShouldBeNull();
        update.Model.Statistics!.IsSpreadEstimated.ShouldBeTrue();
        Reload(update.Model).Statistics!.IsSpreadEstimated.ShouldBeTrue();

        update.Model.Aligned!.Residual!.ClassCount.ShouldBe(5);
        update.Model.Evaluate(left).Top1Accuracy.ShouldBeGreaterThanOrEqualTo(0.95);
    }

    [Fact]
    public void Update_RemovedClassOfASharedCovariance_LeavesTheHeadOfTheOthers()
    {
        var task = Task(shots: 1000);
        var update = ModelUpdater.Update(Blended(task, out _), null, new UpdateOptions { RemovedClasses = ["bee"] });
        var head = SharedCovarianceGaussian.Fit(ClassStatistics.FromTask(Only(task, 0, 2, 3, 4, 5)), 1).Times(0.002 * (5000 - 5));
        // Rows of unit length spread less towards their mean, so that classes do differ a little.
        update.Model.Aligned!.Residual!.Weights.Values.ShouldBeCloseTo(head.Weights.Values.Span, 0.1);
    }

    [Fact]
    public void Update_AutoOfTheTrainer_KnowsItsBlend()
    {
        var task = Task();
        var model = LfaModel.Fit(task);
        var blend = model.Record.Blend;
        var gaussian = blend.SingleOrDefault(part => part.Name == "gaussian")?.Weight ?? 0;
        blend.Where(part => part.Name != "gaussian").Sum(part => part.Weight).ShouldBe(1, 1e-12);
        (gaussian > 0).ShouldBe(model.Aligned!.Residual is not null);
        model.Aligned.Residual?.Weights.Values.ShouldBeCloseTo(SharedCovarianceGaussian.Fit(ClassStatistics.FromTask(task), 1).Times(gaussian * (task.SampleCount - task.ClassCount)).Weights.Values.Span, Rounding);
        var update = ModelUpdater.Update(Reload(ModelUpdater.Update(model, Only(task, 0)).Model), Only(task, 1));
        update.Model.Record.Method.ShouldBe("auto");
        update.Model.Record.ShouldBe(model.Record with { Blend = update.Model.Record.Blend, Chosen = update.Model.Record.Chosen });
        update.Model.Record.Blend.ShouldBe(blend);
        update.Model.Record.Chosen.ShouldBe(model.Record.Chosen);
    }

    [Fact]
    public void Update_Lfa_KeepsTheRefinedTransforms()
    {
        var task = Task();
        var before = LfaModel.Fit(Only(task, 0, 1, 2, 3), new LfaMethod { Refinement = new() { Iterations = 3 } });
        var update = ModelUpdater.Update(before, task);
        update.Model.Aligned!.Transform.ShouldBeSameAs(before.Aligned!.Transform);
        update.Model.Aligned!.NewClasses.ShouldBeSameAs(before.Aligned.NewClasses);
        update.Model.ClassNames.ShouldBe(Names);
        update.Parts.Single(part => part.Outcome is PartOutcome.Kept).Note.ShouldBe("fitted to the 32 images of the last whole fit");
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("lfa")]
    [InlineData("beta-procrustes")]
    public void Update_WithTheEarlierImages_IsTheFitToAllBitForBit(string name)
    {
        var task = Named(Task());
        var crossValidation = new BetaCrossValidationOptions { Stratified = true };
        IMethod method = name switch
        {
            "lfa" => new LfaMethod { CrossValidation = crossValidation, Refinement = new() { Iterations = 4, Loss = new CslsLoss(2), MixesPairs = true } },
            "beta-procrustes" => new BetaProcrustesMethod { CrossValidation = crossValidation },
            _ => new AutoMethod(),
        };
        var context = new FitContext { Seed = 5 };
        var (old, images) = (Only(task, 0, 1, 2, 3), Only(task, 2, 4, 5));
        var union = Named(new FeatureSet(Stack(Only(task, 1, 2, 3).ImageFeatures, images.ImageFeatures), task.ClassPrototypes.SelectRows([1, 2, 3, 4, 5]),
            (int[])[.. Only(task, 1, 2, 3).Labels.ToArray(), .. images.Labels.ToArray().Select(label => label == 0 ? 1 : label + 2)], Names[1..], normalize: false));
        LfaModel.Fit(union, method, context).Save(_folder["expected"]);
        // What the images do not tell of their encoder, the model does.
        foreach (var (earlier, added) in new[] { (old, images), (Anonymous(old), images), (Anonymous(old), Anonymous(images)) })
        {
            var update = ModelUpdater.Update(Reload(LfaModel.Fit(old, method, context)), added, new UpdateOptions { EarlierImages = [earlier], RemovedClasses = ["ant"] }, new FitContext { MaxDegreeOfParallelism = 2 });
            update.Model.Save(_folder["actual"]);
            File.ReadAllBytes(_folder["actual"]).ShouldBe(File.ReadAllBytes(_folder["expected"]));
            update.IsExact.ShouldBeTrue();
            update.Fit.ShouldNotBeNull();
            update.Parts.Single().Note.ShouldBe("fitted again with the options of the fit");
            (update.AddedSamples, update.Samples).ShouldBe((24, 48));
        }
    }

    [Fact]
    public void Update_SomeOfTheEarlierImagesMissing_SaysSo()
    {
        var task = Task();
        var model = LfaModel.Fit(task, new ProcrustesMethod());
        ModelUpdater.Update(model, null, new UpdateOptions { EarlierImages = [task.SelectRows([.. Enumerable.Range(0, 12)]), task.SelectRows([.. Enumerable.Range(12, 6)])] })
            .Parts.Single().Note.ShouldBe("fitted again with the options of the fit, to 18 earlier images; the classifier knew 48 of its classes");
    }

    [Fact]
    public void Update_ClassWithoutAnExample_IsClassifiedByItsName()
    {
        var all = Task(shots: 28);
        var (task, test) = (all.SelectRows([.. Enumerable.Range(0, 8 * Classes)]), all.SelectRows([.. Enumerable.Range(8 * Classes, 20 * Classes)]));
        var known = Only(task, 0, 1, 2, 3, 4);
        var withName = new FeatureSet(known.ImageFeatures.Slice(0, 1), task.ClassPrototypes, known.Labels[..1], Names, normalize: false);
        foreach (var model in new[] { LfaModel.Fit(known, new BetaProcrustesMethod { Beta = 0.9 }), Blended(known, out _) })
        {
            var update = ModelUpdater.Update(model, withName);
            update.AddedClasses.ShouldBe(["fox"]);
            update.Model.Statistics!.Counts.Span[5].ShouldBe(0);
            update.Model.Aligned!.Residual?.Weights.Row(5).ToArray().ShouldAllBe(value => value == 0);
            update.Model.Evaluate(test).Top1Accuracy.ShouldBeGreaterThan(0.8);
            // Its first examples make it a class like others.
            ModelUpdater.Update(update.Model, Only(task, 5)).Model.Statistics!.Counts.Span[5].ShouldBe(8);
        }
    }

    [Fact]
    public void Update_EqualNamesOfEqualPrototypes_AreToldByTheirOrder()
    {
        var task = Task();
        FeatureSet Twice(int[] labels) => new(task.ImageFeatures.Slice(0, labels.Length), task.ClassPrototypes.SelectRows([0, 1, 0]), labels, ["ant", "bee", "ant"], normalize: false);
        var model = LfaModel.Fit(Twice([0, 1, 2]), new ZeroShotMethod());
        ModelUpdater.Update(model, Twice([2, 2, 0, 1])).Model.Statistics!.Counts.ToArray().ShouldBe([2, 2, 3]);
        ModelUpdater.Update(model, null, new UpdateOptions { RemovedClasses = ["ant"] }).Model.ClassNames.ShouldBe(["bee"]);
        // A second class of that name can come later.
        var one = LfaModel.Fit(Only(task, 0, 1), new ZeroShotMethod());
        ModelUpdater.Update(one, Twice([2, 2])).Model.ClassNames.ShouldBe(["ant", "bee", "ant"]);
    }

    [Fact]
    public void Update_WhatCannotBe_IsSaidInOneSentence()
    {
        var task = Task();
        var model = LfaModel.Fit(task, new BetaProcrustesMethod { Beta = 0.5 });
        void CheckModel(string expected, LfaModel other) => Should.Throw<LfaDataException>(() => ModelUpdater.Update(other, task)).Message.ShouldContain(expected);
        void Check(string expected, FeatureSet? images, UpdateOptions? options = null)
        {
            var message = Should.Throw<LfaDataException>(() => ModelUpdater.Update(model, images, options)).Message;
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
        CheckModel("does not tell how it was fitted", AlignedModel.Of(model.Aligned!.Transform, model.Aligned.ClassPrototypes, Names));
        CheckModel("does not hold the sums over its images", model.WithoutStatistics());
        Check("2 crops an image and another 1", task, new UpdateOptions { EarlierImages = [new FeatureSet([task.ImageFeatures, task.ImageFeatures], task.ClassPrototypes, task.Labels, Names)] });
        Check("Set 2 of the earlier images: The images have no labels", null, new UpdateOptions { EarlierImages = [task, new FeatureSet(task.ImageFeatures, task.ClassPrototypes, default, Names)] });
        Check("No image is left", null, new UpdateOptions { EarlierImages = [Only(task, 0)], RemovedClasses = ["ant"] });
        Check("(\"fox\") has no example", null, new UpdateOptions { EarlierImages = [Only(task, 0, 1, 2, 3, 4)] });
    }

    [Fact]
    public void Update_WithTheEarlierImages_NeedsNoSums()
    {
        var task = Task();
        var model = LfaModel.Fit(task, new LeastSquaresMethod { Ridge = 1 }).WithoutStatistics();
        ModelUpdater.Update(Reload(model), null, new UpdateOptions { EarlierImages = [task], RemovedClasses = ["cat"] }).Model.ClassCount.ShouldBe(5);
    }

    [Fact]
    public void Update_OfALossOfOnesOwn_CannotBeRepeatedFromAFile()
    {
        var task = Task();
        var model = LfaModel.Fit(task, new LfaMethod { Refinement = new() { Iterations = 1, Loss = new OwnLoss() } });
        ModelUpdater.Update(model, null, new UpdateOptions { EarlierImages = [task] }).IsExact.ShouldBeTrue();
        Reload(model).Record.Options.ShouldBeNull();
        Should.Throw<LfaDataException>(() => ModelUpdater.Update(Reload(model), null, new UpdateOptions { EarlierImages = [task] })).Message.ShouldContain("a loss that its file cannot tell");
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
        return new FeatureSet(task.ImageFeatures.SelectRows(rows), task.ClassPrototypes.SelectRows(classes), rows.Select(row => Array.IndexOf(classes, task.Labels.Span[row])).ToArray(), [.. classes.Select(c => task.ClassNames[c])], normalize: false) { ImageEncoder = task.ImageEncoder, TextEncoder = task.TextEncoder };
    }

    private static FeatureSet Named(FeatureSet task) => new(task.ImageFeatures, task.ClassPrototypes, task.Labels, task.ClassNames, normalize: false)
    {
        ImageEncoder = new EncoderIdentity("E") { Dimension = 24 },
        TextEncoder = new EncoderIdentity("E") { Temperature = 0.02 },
    };

    private static FeatureSet Anonymous(FeatureSet task) => new(task.ImageFeatures, task.ClassPrototypes, task.Labels, task.ClassNames, normalize: false);

    /// <summary>A blend as the automatic choice makes it: 0.3 of the identity, 0.68 orthogonal, 0.02 refined, and a head.</summary>
    private static LfaModel Blended(FeatureSet task, out Transform refined)
    {
        refined = new Transform(MadeUp.Features(24, 24, seed: 3));
        var statistics = ClassStatistics.FromTask(task);
        var transform = new Transform(new Matrix(OrthogonalProcrustes.Fit(task).ToBlend(refined), 24, 24));
        var residual = SharedCovarianceGaussian.Fit(statistics, 1).Times(0.002 * (statistics.SampleCount - statistics.ClassCount));
        var record = new FitRecord
        {
            Method = "auto",
            Options = new AutoMethod(),
            Samples = task.SampleCount,
            Blend = [new("zero-shot", 0.3), new("procrustes", 0.68), new("re-ranking, 25 iterations", 0.02), new("gaussian", 0.002)],
        };
        var model = AlignedModel.Of(transform, task.ClassPrototypes, task.ClassNames, residual: residual, statistics: statistics, record: record);
        return model.WithCalibration(Calibration.FromHeldOut(new Matrix(new float[] { 0.5f, 0.2f, 0.1f, 0.3f }, 2, 2), [0, 1]));
    }

    private LfaModel Reload(LfaModel model)
    {
        model.Save(_folder["m"]);
        return LfaModel.Load(_folder["m"]);
    }

    private static Matrix Stack(Matrix a, Matrix b) => new((float[])[.. a.Values.Span, .. b.Values.Span], a.Rows + b.Rows, a.Columns);

    private static void ShouldBe(LfaModel actual, LfaModel expected, double tolerance)
    {
        actual.ClassNames.ShouldBe(expected.ClassNames);
        actual.ClassPrototypes!.Values.ToArray().ShouldBe(expected.ClassPrototypes!.Values.ToArray());
        actual.Aligned!.ClassPrototypes.Values.ToArray().ShouldBe(expected.ClassPrototypes.Values.ToArray());
        actual.Aligned.Transform.Matrix.Values.ShouldBeCloseTo(expected.Aligned!.Transform.Matrix.Values.Span, tolerance);
        actual.Temperature.ShouldBe(expected.Temperature);
        actual.Record.Chosen.ShouldBe(expected.Record.Chosen);
        actual.Record.Blend.ShouldBe(expected.Record.Blend);
        actual.Record.ShouldBe(expected.Record with { Samples = actual.Record.Samples, Chosen = actual.Record.Chosen, Blend = actual.Record.Blend });
        actual.Statistics!.Counts.ToArray().ShouldBe(expected.Statistics!.Counts.ToArray());
    }

    private sealed class OwnLoss : IAlignmentLoss
    {
        public string Name => "own";

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
