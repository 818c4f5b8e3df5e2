using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Refinement;
using Lfa.Tests.Support;
using Lfa.Validation;

namespace Lfa.Tests.Methods;

/// <summary>The methods that align images with class names: the published one and its parts, each a method of its own.</summary>
public class LfaMethodTests
{
    private static readonly (FeatureSet Train, FeatureSet Test) Split = MadeUp.TrainAndTest(7, 24, shots: 8, testShots: 40, seed: 1, spread: 2, MadeUp.Rotation(24, seed: 2, spread: 0.5));
    private static readonly FeatureSet Task = Split.Train;
    private static readonly RefinementOptions Short = new() { Iterations = 10 };

    [Fact]
    public void Fit_Lfa_GoesThroughEveryStage()
    {
        var context = new FitContext { Seed = 5 };
        var method = new LfaMethod { Refinement = Short };
        var fit = method.Fit(Task, context);
        fit.Stages.Select(stage => stage.Name).ShouldBe(["zero-shot", "procrustes", "beta-procrustes", "lfa", "moving-average"]);
        Values(fit.TransformOf("procrustes")).ShouldBe(Values(OrthogonalProcrustes.Fit(Task)));
        var selection = fit.Detail<BetaSelection>().ShouldNotBeNull();
        selection.Candidates.ShouldBe(BetaCrossValidation.Select(Task, context: context).Candidates);
        fit.Record.Find("beta").ShouldBe(selection.Beta);
        Values(fit.TransformOf("beta-procrustes")).ShouldBe(Values(BetaProcrustes.Fit(Task, selection.Beta)));
        var refined = TransformRefinement.Run(Task, fit.TransformOf("beta-procrustes"), Short, context);
        Values(fit.TransformOf("lfa")).ShouldBe(Values(refined.Transform));
        Values(fit.TransformOf("moving-average")).ShouldBe(Values(refined.MovingAverage));
        fit.Losses.ShouldBe(refined.Losses);
        fit.Aligned().Transform.ShouldBeSameAs(fit.TransformOf("lfa"));
        fit.Aligned().NewClasses!.Transform.ShouldBeSameAs(fit.TransformOf("moving-average"));
        fit.Record.ShouldBe(new FitRecord
        {
            Method = "lfa",
            Options = method,
            Chosen = fit.Record.Chosen,
            Blend = fit.Record.Blend,
            Iterations = 10,
            Seed = 5,
            Samples = 56,
            LibraryVersion = fit.Record.LibraryVersion,
        });
        fit.Record.Chosen.ShouldBe([new ChosenValue("beta", selection.Beta, ValueOrigin.HeldOut) { Symbol = "β", Format = "0.###" }]);
        fit.Record.Blend.ShouldBeEmpty();
        fit.Record.LibraryVersion.ShouldNotBeNull();
        fit.Durations.Select(duration => duration.Name).ShouldBe(["procrustes", "select", "refine", "total"]);
        fit.Durations.ShouldAllBe(duration => duration.Time > TimeSpan.Zero);
        fit.Durations.Take(3).Sum(duration => duration.Time.Ticks).ShouldBeLessThanOrEqualTo(fit.Durations[^1].Time.Ticks);
    }

    [Theory]
    [InlineData("zero-shot", "zero-shot")]
    [InlineData("least-squares", "zero-shot least-squares")]
    [InlineData("procrustes", "zero-shot procrustes")]
    [InlineData("beta-procrustes", "zero-shot procrustes beta-procrustes")]
    [InlineData("lfa", "zero-shot procrustes beta-procrustes lfa moving-average")]
    public void Evaluate_EachMethod_MeasuresItsStages(string name, string stages)
    {
        var fit = Method(name, beta: 0.5).Fit(Task);
        var accuracies = fit.Evaluate(Split.Test);
        string.Join(' ', accuracies.Select(stage => stage.Name)).ShouldBe(stages);
        fit.Detail<BetaSelection>().ShouldBeNull();
        fit.Record.Find("beta").ShouldBe(name is "lfa" or "beta-procrustes" ? 0.5 : null);
        Values(fit.TransformOf("zero-shot")).ShouldBe(Values(Transform.Identity(24)));
        accuracies.ShouldBe(fit.Stages.Select(stage => new StageAccuracy(stage.Name, Plain(fit.TransformOf(stage.Name)))));
        accuracies.Select(stage => stage.Accuracy).ShouldBeUnique(); // The test tells the stages apart.
        var evaluation = fit.ToModel().Evaluate(Split.Test);
        accuracies.Of(name).ShouldBe(new Accuracy(evaluation.Top1Accuracy, evaluation.Top5Accuracy));
        fit.Record.Method.ShouldBe(name);

        static Accuracy Plain(Transform transform)
        {
            var plain = AlignedModel.Of(transform, Task.ClassPrototypes, Task.ClassNames).Evaluate(Split.Test);
            return new Accuracy(plain.Top1Accuracy, plain.Top5Accuracy);
        }
    }

    [Fact]
    public void Evaluate_AnotherTask_SaysWhatDiffers()
    {
        var fit = new ZeroShotMethod().Fit(Task);
        Should.Throw<LfaDataException>(() => fit.Evaluate(MadeUp.Task(6, 24, shots: 1, seed: 1))).Message.ShouldContain("6 classes but the classifier has 7");
        Should.Throw<LfaDataException>(() => fit.Evaluate(MadeUp.Task(7, 25, shots: 1, seed: 1))).Message.ShouldContain("7 × 25 but the classifier takes 24 columns");
        Should.Throw<LfaDataException>(() => fit.Evaluate(new FeatureSet(Task.ImageFeatures, Task.ClassPrototypes, default))).Message.ShouldContain("no labels");
    }

    [Theory]
    [InlineData("least-squares")]
    [InlineData("procrustes")]
    [InlineData("lfa")]
    public void Fit_ClassesInAnotherOrder_PredictsTheSame(string name)
    {
        int[] order = [3, 6, 0, 2, 5, 1, 4]; // The new class c was order[c].
        var renamed = new FeatureSet(Task.ImageFeatures, Task.ClassPrototypes.SelectRows(order),
            Array.ConvertAll(Task.Labels.ToArray(), label => Array.IndexOf(order, label)), [.. order.Select(c => Task.ClassNames[c])]);
        var method = Method(name, beta: 0.3);
        var test = MadeUp.Features(300, 24, seed: 9);
        var expected = LfaModel.Fit(Task, method).Predict(test, 7).ToArray();
        var actual = LfaModel.Fit(renamed, method).Predict(test, 7).ToArray();
        for (var i = 0; i < expected.Length; i++)
        {
            actual[i].Best.ClassName.ShouldBe(expected[i].Best.ClassName);
            actual[i].Best.Probability.ShouldBe(expected[i].Best.Probability, 1e-3); // Sums in another order, over τ = 0.01.
        }
    }

    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 4, 5)]
    [InlineData(30, 1, 6)]
    [InlineData(2, 1, 40)]
    [InlineData(12, 3, 4)]
    public void Fit_ExtremeShapes_GivesAnOrthogonalStartAndAFiniteClassifier(int classes, int shots, int dimension)
    {
        var task = MadeUp.Task(classes, dimension, shots, seed: 3);
        foreach (var name in Names)
        {
            var fit = Method(name, beta: 0.5).Fit(task);
            Values(fit.Aligned().Transform).ShouldAllBe(value => float.IsFinite(value));
            fit.ToModel().Logits(MadeUp.Features(9, dimension, seed: 5).NormalizeRows()).Values.ToArray().ShouldAllBe(value => float.IsFinite(value));
            fit.Stages.Any(stage => stage.Name == "procrustes").ShouldBe(name is "procrustes" or "beta-procrustes" or "lfa");
            if (fit.Stages.Any(stage => stage.Name == "procrustes"))
                Oracle.Orthogonality(fit.TransformOf("procrustes").Matrix.ToOracle()).ShouldBeLessThan(1e-6); // Single precision.
            if (name is "zero-shot" || (name is "auto" && classes == 1))
                Values(fit.Aligned().Transform).ShouldBe(Values(Transform.Identity(dimension)));
        }
    }

    [Fact]
    public void Fit_NotTrainable_SaysWhy()
    {
        Should.Throw<LfaDataException>(() => LfaModel.Fit(new FeatureSet(Task.ImageFeatures, Task.ClassPrototypes, default), new LfaMethod())).Message.ShouldContain("The images have no labels");
        var labels = Array.ConvertAll(Task.Labels.ToArray(), label => label == 2 ? 0 : label);
        Should.Throw<LfaDataException>(() => LfaModel.Fit(new FeatureSet(Task.ImageFeatures, Task.ClassPrototypes, labels)))
            .Message.ShouldBe("Class 2 (\"class 2\") has no example among the 56 labeled images; add one or remove the class.");
        Should.Throw<LfaDataException>(() => new LfaMethod().Fit(MadeUp.Task(1, 3, shots: 1, seed: 1))).Message.ShouldContain("Give beta a value instead");
    }

    [Fact]
    public void Fit_RowsOfOtherLengths_GivesTheSameClassifier()
    {
        // Powers of two, so that scaling itself does not round.
        Matrix Scale(Matrix matrix) =>
            new(matrix.Values.ToArray().Select((value, i) => value * MathF.ScaleB(1, (i / matrix.Columns % 5) - 2)).ToArray(), matrix.Rows, matrix.Columns);
        var method = new LfaMethod { Refinement = Short };
        var scaled = new FeatureSet(Scale(Task.ImageFeatures), Scale(Task.ClassPrototypes), Task.Labels);
        method.Fit(scaled).Aligned().Transform.Matrix.Values
            .ShouldBeCloseTo(method.Fit(new FeatureSet(Task.ImageFeatures, Task.ClassPrototypes, Task.Labels)).Aligned().Transform.Matrix.Values.Span, 1e-6);
    }

    [Fact]
    public void Fit_SameSeed_GivesTheSameBitsOnAnyNumberOfThreads()
    {
        var method = new LfaMethod { Refinement = Short };
        var one = method.Fit(Task, new FitContext { MaxDegreeOfParallelism = 1 }).Aligned();
        var two = method.Fit(Task, new FitContext { MaxDegreeOfParallelism = 2 }).Aligned();
        Values(two.Transform).ShouldBe(Values(one.Transform));
        Values(two.NewClasses!.Transform).ShouldBe(Values(one.NewClasses!.Transform));
    }

    [Fact]
    public void Fit_SizesThatThread_GiveTheSameBitsOnAnyNumberOfThreads()
    {
        var task = MadeUp.Task(77, 200, shots: 13, seed: 1);
        var method = new LfaMethod { Refinement = new RefinementOptions { Iterations = 5, MixesPairs = true } };
        var expected = method.Fit(task, new FitContext { MaxDegreeOfParallelism = 1 }).Aligned();
        foreach (var threads in new[] { 2, 3, 7 })
        {
            var actual = method.Fit(task, new FitContext { MaxDegreeOfParallelism = threads }).Aligned();
            Values(actual.Transform).ShouldBe(Values(expected.Transform));
            Values(actual.NewClasses!.Transform).ShouldBe(Values(expected.NewClasses!.Transform));
        }
    }

    [Fact]
    public void Fit_MoreThreadsThanAnyMachineHas_IsFine() =>
        new LfaMethod { Refinement = Short }.Fit(Task, new FitContext { MaxDegreeOfParallelism = int.MaxValue }).Record.Iterations.ShouldBe(Short.Iterations);

    [Fact]
    public void Fit_DimensionWhoseTransformFitsNowhere_SaysSo()
    {
        var row = new Matrix(MadeUp.Floats(60_000, 1), 1, 60_000);
        Should.Throw<LfaDataException>(() => LfaModel.Fit(new FeatureSet(row, row, new[] { 0 }))).Message.ShouldContain("60000 columns");
    }

    [Fact]
    public void Fit_MemoryOfTheCaller_IsNotChanged()
    {
        var (images, prototypes, labels) = (MadeUp.Floats(40 * 6, 1), MadeUp.Floats(4 * 6, 2), MadeUp.Labels(40, 4));
        var copies = ((float[])images.Clone(), (float[])prototypes.Clone(), (int[])labels.Clone());
        foreach (var normalize in new[] { true, false })
        {
            var task = new FeatureSet(new Matrix(images, 40, 6), new Matrix(prototypes, 4, 6), labels, normalize: normalize);
            foreach (var name in Names)
                Method(name, refinement: Short with { MixesPairs = true }).Fit(task).Evaluate(task);
        }
        images.ShouldBe(copies.Item1);
        prototypes.ShouldBe(copies.Item2);
        labels.ShouldBe(copies.Item3);
    }

    [Fact]
    public void Fit_SeveralCrops_UsesTheLastForTheClosedForm()
    {
        Matrix[] crops = [MadeUp.Features(56, 24, seed: 4), Task.ImageFeatures];
        var fit = new BetaProcrustesMethod().Fit(new FeatureSet(crops, Task.ClassPrototypes, Task.Labels));
        var single = new BetaProcrustesMethod().Fit(new FeatureSet(Task.ImageFeatures, Task.ClassPrototypes, Task.Labels));
        Values(fit.Aligned().Transform).ShouldBe(Values(single.Aligned().Transform));
    }

    [Fact]
    public void Fit_PlantedRotation_IsLearnedBeyondZeroShot()
    {
        var rotation = MadeUp.Rotation(48, seed: 6, spread: 1.2);
        var (train, test) = MadeUp.TrainAndTest(15, 48, shots: 16, testShots: 24, seed: 7, spread: 2, rotation);
        var accuracies = new LfaMethod { Refinement = new RefinementOptions { Iterations = 30 } }.Fit(train).Evaluate(test);
        // The planted rotation itself gets 0.933, zero-shot 0.636: of 360 images 0.02 are chance, and 0.04 the price of 16 examples a class.
        var planted = AlignedModel.Of(rotation, test.ClassPrototypes, test.ClassNames).Evaluate(test).Top1Accuracy;
        planted.ShouldBeGreaterThan(accuracies.Of("zero-shot").Top1 + 0.25);
        accuracies.Of("procrustes").Top1.ShouldBeInRange(planted - 0.06, planted);
        accuracies.Of("lfa").Top1.ShouldBeInRange(planted - 0.06, planted);
    }

    [Fact]
    public void Options_OutOfRange_Throw()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new LeastSquaresMethod { Ridge = -1 });
        Should.Throw<ArgumentOutOfRangeException>(() => new LfaMethod { Beta = 1.1 });
        Should.Throw<ArgumentOutOfRangeException>(() => new BetaProcrustesMethod { Beta = -0.1 });
        Should.Throw<ArgumentOutOfRangeException>(() => new FitContext { MaxDegreeOfParallelism = -2 });
        Should.Throw<ArgumentOutOfRangeException>(() => new FitContext { MaxDegreeOfParallelism = 0 });
        MethodRegistry.Find("nothing").ShouldBeNull();
        Should.Throw<LfaDataException>(() => MethodRegistry.Methods.Get("nothing")).Message.ShouldStartWith("There is no method nothing; there are zero-shot, ");
    }

    private static readonly string[] Names = ["zero-shot", "least-squares", "procrustes", "beta-procrustes", "lfa", "auto"];

    private static IMethod Method(string name, double? beta = null, RefinementOptions? refinement = null) => MethodRegistry.Methods.Get(name) switch
    {
        BetaProcrustesMethod method => method with { Beta = beta },
        LfaMethod method => method with { Beta = beta, Refinement = refinement ?? Short },
        var method => method,
    };

    private static float[] Values(Transform transform) => transform.Matrix.Values.ToArray();
}
