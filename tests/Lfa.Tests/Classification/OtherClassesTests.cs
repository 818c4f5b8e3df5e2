using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Tests.Support;

namespace Lfa.Tests.Classification;

/// <summary>A classifier for other classes than those of its fit, for some of them, and for images of another domain.</summary>
public sealed class OtherClassesTests
{
    private static readonly (FeatureSet Train, FeatureSet Test) Problem = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 12, Dimension = 32, Shots = 8, TestImages = 10 });
    private static readonly LfaClassifier Fitted = LfaTrainer.Fit(Problem.Train).Classifier;
    private static readonly Transform Other = MadeUp.Rotation(32, seed: 5, spread: 0.3);

    [Fact]
    public void ForClasses_TrainedPrototypesAndW_RanksAsTheClassifier()
    {
        var plain = new LfaClassifier(Fitted.Transform, Fitted.ClassPrototypes, Fitted.ClassNames, temperature: 0.03);
        var again = plain.ForClasses(plain.ClassPrototypes, plain.ClassNames);
        again.Logits(Problem.Test.ImageFeatures).Values.ToArray().ShouldBe(plain.Logits(Problem.Test.ImageFeatures).Values.ToArray());
        (again.Provenance.Method, Fitted.ForShiftedDomain().Provenance.Method).ShouldBe((null, "auto, new classes"));
    }

    [Fact]
    public void ForClasses_NewPrototypes_AreScoredByTheTransformForNewClasses()
    {
        var names = new[] { "x", "y", "z" };
        var (prototypes, residual) = (MadeUp.Features(3, 32, seed: 4), new LinearClassifier(MadeUp.Features(12, 32, seed: 3), MadeUp.Floats(12, seed: 2)));
        var classifier = new LfaClassifier(Fitted.Transform, Fitted.ClassPrototypes, Fitted.ClassNames, newClasses: new(Other, 0.25), residual: residual, statistics: Fitted.Statistics, recipe: Fitted.Recipe).ForClasses(prototypes, names);
        classifier.ClassNames.ShouldBe(names);
        (classifier.Residual, classifier.Confidence, classifier.Statistics, classifier.Recipe).ShouldBe((null, null, null, null));
        var expected = new LfaClassifier(Other, prototypes.NormalizeRows(), names, 0.25);
        classifier.Probabilities(Problem.Test.ImageFeatures).Values.ToArray().ShouldBe(expected.Probabilities(Problem.Test.ImageFeatures).Values.ToArray());
        classifier.ForClasses(prototypes, names).Transform.ShouldBeSameAs(Other, "new classes may change once more");
    }

    [Fact]
    public void ForClasses_WhatDoesNotFit_IsNamed()
    {
        Should.Throw<ArgumentException>(() => Fitted.ForClasses(MadeUp.Features(3, 31, seed: 1), ["a", "b", "c"])).Message.ShouldContain("textFeatures is 3 × 31 but the class names of the classifier have 32 columns");
        Should.Throw<ArgumentException>(() => Fitted.ForClasses(MadeUp.Features(3, 32, seed: 1), ["a", "b"])).Message.ShouldContain("classNames has 2 entries");
        Should.Throw<LfaDataException>(() => Fitted.ForClasses(MadeUp.Features(2, 32, seed: 1), ["a", "a"])).Message.ShouldContain("\"a\" names the classes 0 and 1");
        Should.Throw<LfaDataException>(() => Fitted.ForClasses(new Matrix(new float[32], 1, 32), ["a"])).Message.ShouldContain("row 0 is zero");
        Should.Throw<ArgumentException>(() => Fitted.ForClasses(new Matrix(default, 0, 32), []));
    }

    [Fact]
    public void SelectClasses_SomeInAnotherOrder_CompeteAmongThemselves()
    {
        string[] names = [Fitted.ClassNames[7], Fitted.ClassNames[2], Fitted.ClassNames[11]];
        var some = Fitted.SelectClasses(names);
        some.ClassNames.ShouldBe(names);
        var (all, logits) = (Fitted.Logits(Problem.Test.ImageFeatures), some.Logits(Problem.Test.ImageFeatures));
        for (var i = 0; i < logits.Rows; i++)
            logits.Row(i).ToArray().ShouldBe([all[i, 7], all[i, 2], all[i, 11]]);
        (some.Confidence, some.Recipe).ShouldBe((null, null));
        some.NewClasses.ShouldBeSameAs(Fitted.NewClasses);
    }

    [Fact]
    public void SelectClasses_AllInTheirOrder_IsTheClassifier()
    {
        Fitted.SelectClasses([.. Fitted.ClassNames]).ShouldBeSameAs(Fitted);
        Fitted.SelectClasses([.. Enumerable.Range(0, 12).Select(FeatureSet.DefaultClassName)]).ShouldBeSameAs(Fitted, "a file without names counts its classes");
        Fitted.SelectClasses([.. Fitted.ClassNames.Reverse()]).ClassNames.ShouldBe(Fitted.ClassNames.Reverse());
    }

    [Fact]
    public void SelectClasses_TwoOfOneName_AreTakenInTheirOrder()
    {
        var prototypes = MadeUp.Features(3, 4, seed: 1).SelectRows([0, 1, 0]).NormalizeRows();
        var classifier = new LfaClassifier(Transform.Identity(4), prototypes, ["a", "b", "a"], residual: new LinearClassifier(new Matrix(new float[12], 3, 4), new float[] { 1, 2, 3 }));
        classifier.SelectClasses(["a", "a"]).Residual!.Biases.ToArray().ShouldBe([1, 3]);
        Should.Throw<LfaDataException>(() => classifier.SelectClasses(["a", "b", "b"])).Message.ShouldContain("Class 2 (\"b\")");
        Should.Throw<LfaDataException>(() => classifier.SelectClasses(["a", "c"])).Message.ShouldContain("Class 1 (\"c\") of the images is none of the 3 classes");
    }

    [Fact]
    public void DomainAccuracies_SomeClasses_AreThoseOfEachTransform()
    {
        int[] classes = [9, 4, 0];
        int[] rows = [.. Enumerable.Range(0, Problem.Test.SampleCount).Where(row => classes.Contains(Problem.Test.Labels.Span[row]))];
        var some = new FeatureSet(Problem.Test.ImageFeatures.SelectRows(rows), Problem.Test.ClassPrototypes.SelectRows(classes),
            rows.Select(row => Array.IndexOf(classes, Problem.Test.Labels.Span[row])).ToArray(), [.. classes.Select(c => Problem.Test.ClassNames[c])]);
        var classifier = new LfaClassifier(Fitted.Transform, Fitted.ClassPrototypes, Fitted.ClassNames, newClasses: new(Other, 1), residual: Fitted.Residual);
        var accuracies = DomainAccuracies.Of(classifier, some);
        accuracies.ZeroShot!.Top1.ShouldBe(Top1(Transform.Identity(32)));
        accuracies.NewClasses.Top1.ShouldBe(Top1(Other));
        accuracies.Trained.Top1.ShouldBe(classifier.SelectClasses(some.ClassNames).Evaluate(some).Top1);
        Should.Throw<LfaDataException>(() => DomainAccuracies.Of(classifier, new FeatureSet(some.ImageFeatures, some.ClassPrototypes, default, some.ClassNames))).Message.ShouldContain("no labels");

        double Top1(Transform transform) => new LfaClassifier(transform, some.ClassPrototypes, some.ClassNames).Evaluate(some).Top1;
    }

    [Fact]
    public void DomainAccuracies_RectangularTransform_HasNoZeroShot()
    {
        var (wide, prototypes) = (new Transform(MadeUp.Features(9, 4, seed: 1)), MadeUp.Features(3, 4, seed: 2).NormalizeRows());
        var test = new FeatureSet(MadeUp.Features(6, 9, seed: 3), MadeUp.Features(3, 9, seed: 4), MadeUp.Labels(6, 3), ["a", "b", "c"]);
        var accuracies = DomainAccuracies.Of(new LfaClassifier(wide, prototypes, ["a", "b", "c"]), test);
        accuracies.ZeroShot.ShouldBeNull();
        accuracies.NewClasses.ShouldBe(accuracies.Trained, "W serves both where there is no other transform");
    }

    [Theory]
    [InlineData(80, 60, 68.571428571428569)]
    [InlineData(100, 0, 0)]
    [InlineData(0, 0, 0)]
    public void BaseToNewResult_HarmonicMean_IsItsFormula(double @base, double @new, double mean) => new BaseToNewResult(@base, @new).HarmonicMean.ShouldBe(mean, 1e-12);

    [Fact]
    public void BaseToNewResult_Of_MeasuresEachHalfAmongItself()
    {
        var (known, _) = ClassSplit.BaseAndNew(Problem.Train);
        var (knownTest, newTest) = ClassSplit.BaseAndNew(Problem.Test);
        var fit = LfaTrainer.Fit(known, new LfaOptions { Method = FitMethod.Lfa, Beta = 0.9, Refinement = new() { Iterations = 20 } });
        var result = BaseToNewResult.Of(fit.Classifier, knownTest, newTest);
        result.Base.ShouldBe(fit.Classifier.Evaluate(knownTest).Top1);
        result.New.ShouldBe(new LfaClassifier(fit.Stages.MovingAverage!, newTest.ClassPrototypes, newTest.ClassNames).Evaluate(newTest).Top1);
        Should.Throw<LfaDataException>(() => BaseToNewResult.Of(fit.Classifier, newTest, newTest)).Message.ShouldContain("same classes");
    }
}
