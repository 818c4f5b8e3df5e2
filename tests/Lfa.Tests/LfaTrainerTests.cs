using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Refinement;
using Lfa.Selection;
using Lfa.Tests.Support;

namespace Lfa.Tests;

public class LfaTrainerTests
{
    private static readonly FeatureSet Task = MadeUp.Task(7, 24, shots: 8, seed: 1, spread: 2, MadeUp.Rotation(24, seed: 2, spread: 0.5));
    private static readonly RefinementOptions Short = new() { Iterations = 10 };

    [Fact]
    public void Fit_Lfa_GoesThroughEveryStage()
    {
        var fit = LfaTrainer.Fit(Task, new LfaOptions { Method = FitMethod.Lfa, Refinement = Short, Seed = 5 });
        fit.Stages.LeastSquares.ShouldBeNull();
        fit.Stages.Procrustes!.Matrix.Values.ToArray().ShouldBe(OrthogonalProcrustes.Fit(Task).Matrix.Values.ToArray());
        fit.BetaSelection!.Candidates.ShouldBe(BetaCrossValidation.Select(Task, seed: 5).Candidates);
        fit.Beta.ShouldBe(fit.BetaSelection.Beta);
        fit.Stages.BetaProcrustes!.Matrix.Values.ToArray().ShouldBe(BetaProcrustes.Fit(Task, fit.Beta!.Value).Matrix.Values.ToArray());
        var refined = TransformRefinement.Run(Task, fit.Stages.BetaProcrustes, Short, seed: 5);
        fit.Stages.Lfa!.Matrix.Values.ToArray().ShouldBe(refined.Transform.Matrix.Values.ToArray());
        fit.Stages.MovingAverage!.Matrix.Values.ToArray().ShouldBe(refined.MovingAverage.Matrix.Values.ToArray());
        fit.Losses.ShouldBe(refined.Losses);
        fit.Classifier.Transform.ShouldBeSameAs(fit.Stages.Lfa);
        fit.Classifier.NewClasses!.Transform.ShouldBeSameAs(fit.Stages.MovingAverage);
        (fit.Iterations, fit.Seed, fit.Method).ShouldBe((10, 5, FitMethod.Lfa));
        fit.Classifier.Provenance.ShouldBe(new ClassifierProvenance
        {
            Method = "lfa",
            Beta = fit.Beta,
            Iterations = 10,
            Seed = 5,
            Options = $"{Short}, beta by cross-validation of 25 values on 3 splits of 0.2",
            LibraryVersion = fit.Classifier.Provenance.LibraryVersion,
        });
        fit.Seconds.Total.ShouldBeGreaterThan(0);
        (fit.Seconds.Procrustes + fit.Seconds.Select + fit.Seconds.Refine).ShouldBeLessThanOrEqualTo(fit.Seconds.Total);
    }

    [Theory]
    [InlineData(FitMethod.ZeroShot, "ZeroShot")]
    [InlineData(FitMethod.LeastSquares, "ZeroShot LeastSquares")]
    [InlineData(FitMethod.Procrustes, "ZeroShot Procrustes")]
    [InlineData(FitMethod.BetaProcrustes, "ZeroShot Procrustes BetaProcrustes")]
    [InlineData(FitMethod.Lfa, "ZeroShot Procrustes BetaProcrustes Lfa MovingAverage")]
    public void Evaluate_EachMethod_MeasuresItsStages(FitMethod method, string stages)
    {
        var fit = LfaTrainer.Fit(Task, new LfaOptions { Method = method, Refinement = Short, Beta = 0.5 });
        var accuracies = fit.Evaluate(Task);
        string.Join(' ', typeof(StageAccuracies).GetProperties().Where(property => property.Name != "EqualityContract" && property.GetValue(accuracies) is not null).Select(property => property.Name)).ShouldBe(stages);
        fit.BetaSelection.ShouldBeNull();
        fit.Beta.ShouldBe(method is FitMethod.Lfa or FitMethod.BetaProcrustes ? 0.5 : null);
        var evaluation = fit.Classifier.Evaluate(Task);
        var last = accuracies.Lfa ?? accuracies.BetaProcrustes ?? accuracies.Procrustes ?? accuracies.LeastSquares ?? accuracies.ZeroShot;
        last.ShouldBe(new Accuracy(evaluation.Top1, evaluation.Top5));
        accuracies.ZeroShot.Top1.ShouldBe(new LfaClassifier(Transform.Identity(24), Task.ClassPrototypes, Task.ClassNames).Evaluate(Task).Top1);
        FitMethodNames.Of(method).ShouldBe(fit.Classifier.Provenance.Method);
    }

    [Fact]
    public void Evaluate_AnotherTask_SaysWhatDiffers()
    {
        var fit = LfaTrainer.Fit(Task, new LfaOptions { Method = FitMethod.ZeroShot });
        Should.Throw<LfaDataException>(() => fit.Evaluate(MadeUp.Task(6, 24, shots: 1, seed: 1))).Message.ShouldContain("6 classes but the classifier has 7");
        Should.Throw<LfaDataException>(() => fit.Evaluate(MadeUp.Task(7, 25, shots: 1, seed: 1))).Message.ShouldContain("7 × 25 but the classifier takes 24 columns");
        Should.Throw<LfaDataException>(() => fit.Evaluate(new FeatureSet(Task.ImageFeatures, Task.ClassPrototypes, default))).Message.ShouldContain("no labels");
    }

    [Theory]
    [InlineData(FitMethod.LeastSquares)]
    [InlineData(FitMethod.Procrustes)]
    [InlineData(FitMethod.Lfa)]
    public void Fit_ClassesInAnotherOrder_PredictsTheSame(FitMethod method)
    {
        int[] order = [3, 6, 0, 2, 5, 1, 4]; // The new class c was order[c].
        var renamed = new FeatureSet(Task.ImageFeatures, Task.ClassPrototypes.SelectRows(order),
            Array.ConvertAll(Task.Labels.ToArray(), label => Array.IndexOf(order, label)), [.. order.Select(c => Task.ClassNames[c])]);
        var options = new LfaOptions { Method = method, Beta = 0.3, Refinement = Short };
        var test = MadeUp.Features(300, 24, seed: 9);
        var expected = LfaTrainer.Fit(Task, options).Classifier.Predict(test, 7).ToArray();
        var actual = LfaTrainer.Fit(renamed, options).Classifier.Predict(test, 7).ToArray();
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
        foreach (var method in Enum.GetValues<FitMethod>())
        {
            var fit = LfaTrainer.Fit(task, new LfaOptions { Method = method, Beta = 0.5, Refinement = Short });
            fit.Classifier.Transform.Matrix.Values.ToArray().ShouldAllBe(value => float.IsFinite(value));
            if (fit.Stages.Procrustes is { } transform)
                Oracle.Orthogonality(transform.Matrix.ToOracle()).ShouldBeLessThan(1e-6); // Single precision.
            fit.Evaluate(task).ZeroShot.Top1.ShouldBeInRange(0, 100);
        }
    }

    [Fact]
    public void Fit_NotTrainable_SaysWhy()
    {
        Should.Throw<LfaDataException>(() => LfaTrainer.Fit(new FeatureSet(Task.ImageFeatures, Task.ClassPrototypes, default))).Message.ShouldContain("The images have no labels");
        var labels = Array.ConvertAll(Task.Labels.ToArray(), label => label == 2 ? 0 : label);
        Should.Throw<LfaDataException>(() => LfaTrainer.Fit(new FeatureSet(Task.ImageFeatures, Task.ClassPrototypes, labels)))
            .Message.ShouldBe("Class 2 (\"class 2\") has no example among the 56 labeled images; add one or remove the class.");
        Should.Throw<ArgumentException>(() => LfaTrainer.Fit(MadeUp.Task(1, 3, shots: 1, seed: 1), new LfaOptions { Method = FitMethod.Lfa })).Message.ShouldContain("Give beta a value instead");
    }

    [Fact]
    public void Fit_RowsOfOtherLengths_GivesTheSameClassifier()
    {
        // Powers of two, so that scaling itself does not round.
        Matrix Scale(Matrix matrix) =>
            new(matrix.Values.ToArray().Select((value, i) => value * MathF.ScaleB(1, (i / matrix.Columns % 5) - 2)).ToArray(), matrix.Rows, matrix.Columns);
        var options = new LfaOptions { Method = FitMethod.Lfa, Refinement = Short };
        var scaled = new FeatureSet(Scale(Task.ImageFeatures), Scale(Task.ClassPrototypes), Task.Labels);
        LfaTrainer.Fit(scaled, options).Classifier.Transform.Matrix.Values
            .ShouldBeCloseTo(LfaTrainer.Fit(new FeatureSet(Task.ImageFeatures, Task.ClassPrototypes, Task.Labels), options).Classifier.Transform.Matrix.Values.Span, 1e-6);
    }

    [Fact]
    public void Fit_SameSeed_GivesTheSameBitsOnAnyNumberOfThreads()
    {
        var one = LfaTrainer.Fit(Task, new LfaOptions { Method = FitMethod.Lfa, Refinement = Short, Threads = 1 });
        var two = LfaTrainer.Fit(Task, new LfaOptions { Method = FitMethod.Lfa, Refinement = Short, Threads = 2 });
        two.Classifier.Transform.Matrix.Values.ToArray().ShouldBe(one.Classifier.Transform.Matrix.Values.ToArray());
        two.Classifier.NewClasses!.Transform.Matrix.Values.ToArray().ShouldBe(one.Classifier.NewClasses!.Transform.Matrix.Values.ToArray());
    }

    [Fact]
    public void Fit_SizesThatThread_GiveTheSameBitsOnAnyNumberOfThreads()
    {
        var task = MadeUp.Task(77, 200, shots: 13, seed: 1);
        var options = new LfaOptions { Method = FitMethod.Lfa, Refinement = new RefinementOptions { Iterations = 5, MixesPairs = true }, Threads = 1 };
        var expected = LfaTrainer.Fit(task, options).Classifier;
        foreach (var threads in new[] { 2, 3, 7 })
        {
            var actual = LfaTrainer.Fit(task, options with { Threads = threads }).Classifier;
            actual.Transform.Matrix.Values.ToArray().ShouldBe(expected.Transform.Matrix.Values.ToArray());
            actual.NewClasses!.Transform.Matrix.Values.ToArray().ShouldBe(expected.NewClasses!.Transform.Matrix.Values.ToArray());
        }
    }

    [Fact]
    public void Fit_MoreThreadsThanAnyMachineHas_IsFine() =>
        LfaTrainer.Fit(Task, new LfaOptions { Method = FitMethod.Lfa, Refinement = Short, Threads = int.MaxValue }).Iterations.ShouldBe(Short.Iterations);

    [Fact]
    public void Fit_DimensionWhoseTransformFitsNowhere_SaysSo()
    {
        var row = new Matrix(MadeUp.Floats(60_000, 1), 1, 60_000);
        Should.Throw<LfaDataException>(() => LfaTrainer.Fit(new FeatureSet(row, row, new[] { 0 }))).Message.ShouldContain("60000 columns");
    }

    [Fact]
    public void Fit_MemoryOfTheCaller_IsNotChanged()
    {
        var (images, prototypes, labels) = (MadeUp.Floats(40 * 6, 1), MadeUp.Floats(4 * 6, 2), MadeUp.Labels(40, 4));
        var copies = ((float[])images.Clone(), (float[])prototypes.Clone(), (int[])labels.Clone());
        foreach (var normalize in new[] { true, false })
        {
            var task = new FeatureSet(new Matrix(images, 40, 6), new Matrix(prototypes, 4, 6), labels, normalize: normalize);
            foreach (var method in Enum.GetValues<FitMethod>())
                LfaTrainer.Fit(task, new LfaOptions { Method = method, Refinement = Short with { MixesPairs = true } }).Evaluate(task);
        }
        images.ShouldBe(copies.Item1);
        prototypes.ShouldBe(copies.Item2);
        labels.ShouldBe(copies.Item3);
    }

    [Fact]
    public void Fit_SeveralCrops_UsesTheLastForTheClosedForm()
    {
        Matrix[] crops = [MadeUp.Features(56, 24, seed: 4), Task.ImageFeatures];
        var fit = LfaTrainer.Fit(new FeatureSet(crops, Task.ClassPrototypes, Task.Labels), new LfaOptions { Method = FitMethod.BetaProcrustes });
        var single = LfaTrainer.Fit(new FeatureSet(Task.ImageFeatures, Task.ClassPrototypes, Task.Labels), new LfaOptions { Method = FitMethod.BetaProcrustes });
        fit.Classifier.Transform.Matrix.Values.ToArray().ShouldBe(single.Classifier.Transform.Matrix.Values.ToArray());
    }

    [Fact]
    public void Fit_PlantedRotation_IsLearnedBeyondZeroShot()
    {
        var rotation = MadeUp.Rotation(48, seed: 6, spread: 1.2);
        var all = MadeUp.Task(15, 48, shots: 40, seed: 7, spread: 2, rotation);
        var train = all.SelectRows([.. Enumerable.Range(0, 15 * 16)]);
        var test = all.SelectRows([.. Enumerable.Range(15 * 16, 15 * 24)]);
        var accuracies = LfaTrainer.Fit(train, new LfaOptions { Method = FitMethod.Lfa, Refinement = new RefinementOptions { Iterations = 30 } }).Evaluate(test);
        accuracies.Procrustes!.Top1.ShouldBeGreaterThan(accuracies.ZeroShot.Top1 + 10);
        accuracies.Lfa!.Top1.ShouldBeGreaterThan(accuracies.ZeroShot.Top1 + 10);
    }

    [Fact]
    public void Options_OutOfRange_Throw()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new LfaOptions { Ridge = -1 });
        Should.Throw<ArgumentOutOfRangeException>(() => new LfaOptions { Temperature = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new LfaOptions { Threads = -1 });
        Should.Throw<ArgumentOutOfRangeException>(() => FitMethodNames.Of((FitMethod)9));
        Should.Throw<ArgumentOutOfRangeException>(() => new LfaOptions { Method = (FitMethod)9 });
    }
}
