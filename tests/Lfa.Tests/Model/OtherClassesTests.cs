using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Tests.Support;

namespace Lfa.Tests.Model;

/// <summary>A model for other classes than those of its fit, for some of them, and for images of another domain.</summary>
public sealed class OtherClassesTests
{
    private static readonly (FeatureSet Train, FeatureSet Test) Problem = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 12, Dimension = 32, Shots = 8, TestImages = 10 });
    private static readonly LfaModel Fitted = LfaModel.Fit(Problem.Train);
    private static readonly AlignedScorer Scorer = Fitted.Aligned!;
    private static readonly Transform Other = MadeUp.Rotation(32, seed: 5, spread: 0.3);

    [Fact]
    public void ForClasses_TrainedPrototypesAndW_RanksAsTheModel()
    {
        var plain = AlignedModel.Of(Scorer.Transform, Scorer.ClassPrototypes, Fitted.ClassNames, temperature: 0.03);
        var again = plain.ForClasses(Scorer.ClassPrototypes, plain.ClassNames);
        again.Logits(Problem.Test.ImageFeatures).Values.ToArray().ShouldBe(plain.Logits(Problem.Test.ImageFeatures).Values.ToArray());
        (again.Record.Method, again.Record.Variant).ShouldBe((null, "new classes"));
        (Fitted.ForShiftedDomain().Record.Method, Fitted.ForShiftedDomain().Record.Variant).ShouldBe(("auto", "new classes"));
    }

    [Fact]
    public void ForClasses_NewPrototypes_AreScoredByTheTransformForNewClasses()
    {
        var names = new[] { "x", "y", "z" };
        var (prototypes, residual) = (MadeUp.Features(3, 32, seed: 4), new LinearHead(MadeUp.Features(12, 32, seed: 3), MadeUp.Floats(12, seed: 2)));
        var model = AlignedModel.Of(Scorer.Transform, Scorer.ClassPrototypes, Fitted.ClassNames, newClasses: new(Other, 0.25), residual: residual, statistics: Fitted.Statistics, record: Fitted.Record).ForClasses(prototypes, names);
        model.ClassNames.ShouldBe(names);
        (model.Aligned!.Residual, model.Calibration, model.Statistics, model.Record.Options).ShouldBe((null, null, null, null));
        var expected = AlignedModel.Of(Other, prototypes.NormalizeRows(), names, 0.25);
        model.Probabilities(Problem.Test.ImageFeatures).Values.ToArray().ShouldBe(expected.Probabilities(Problem.Test.ImageFeatures).Values.ToArray());
        model.ForClasses(prototypes, names).Aligned!.Transform.ShouldBeSameAs(Other, "new classes may change once more");
    }

    [Fact]
    public void ForClasses_WhatDoesNotFit_IsNamed()
    {
        Should.Throw<LfaDataException>(() => Fitted.ForClasses(MadeUp.Features(3, 31, seed: 1), ["a", "b", "c"])).Message.ShouldContain("textFeatures is 3 × 31 but the class names of the classifier have 32 columns");
        Should.Throw<LfaDataException>(() => Fitted.ForClasses(MadeUp.Features(3, 32, seed: 1), ["a", "b"])).Message.ShouldContain("classNames has 2 entries");
        Should.Throw<LfaDataException>(() => Fitted.ForClasses(MadeUp.Features(2, 32, seed: 1), ["a", "a"])).Message.ShouldContain("\"a\" names the classes 0 and 1");
        Should.Throw<LfaDataException>(() => Fitted.ForClasses(new Matrix(new float[32], 1, 32), ["a"])).Message.ShouldContain("row 0 is zero");
        Should.Throw<LfaDataException>(() => Fitted.ForClasses(new Matrix(default, 0, 32), []));
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
        (some.Calibration, some.Statistics, some.Record.Options).ShouldBe((null, null, null));
        some.Aligned!.NewClasses.ShouldBeSameAs(Scorer.NewClasses);
    }

    [Fact]
    public void SelectClasses_AllInTheirOrder_IsTheModel()
    {
        Fitted.SelectClasses([.. Fitted.ClassNames]).ShouldBeSameAs(Fitted);
        Fitted.SelectClasses([.. Enumerable.Range(0, 12).Select(FeatureSet.DefaultClassName)]).ShouldBeSameAs(Fitted, "a file without names counts its classes");
        Fitted.SelectClasses([.. Fitted.ClassNames.Reverse()]).ClassNames.ShouldBe(Fitted.ClassNames.Reverse());
    }

    [Fact]
    public void SelectClasses_TwoOfOneName_AreTakenInTheirOrder()
    {
        var prototypes = MadeUp.Features(3, 4, seed: 1).SelectRows([0, 1, 0]).NormalizeRows();
        var model = AlignedModel.Of(Transform.Identity(4), prototypes, ["a", "b", "a"], residual: new LinearHead(new Matrix(new float[12], 3, 4), new float[] { 1, 2, 3 }));
        model.SelectClasses(["a", "a"]).Aligned!.Residual!.Biases.ToArray().ShouldBe([1, 3]);
        Should.Throw<LfaDataException>(() => model.SelectClasses(["a", "b", "b"])).Message.ShouldContain("Class 2 (\"b\")");
        Should.Throw<LfaDataException>(() => model.SelectClasses(["a", "c"])).Message.ShouldContain("Class 1 (\"c\") of the images is none of the 3 classes");
    }

    [Fact]
    public void DomainAccuracies_SomeClasses_AreThoseOfEachTransform()
    {
        int[] classes = [9, 4, 0];
        int[] rows = [.. Enumerable.Range(0, Problem.Test.SampleCount).Where(row => classes.Contains(Problem.Test.Labels.Span[row]))];
        var some = new FeatureSet(Problem.Test.ImageFeatures.SelectRows(rows), Problem.Test.ClassPrototypes.SelectRows(classes),
            rows.Select(row => Array.IndexOf(classes, Problem.Test.Labels.Span[row])).ToArray(), [.. classes.Select(c => Problem.Test.ClassNames[c])]);
        var model = AlignedModel.Of(Scorer.Transform, Scorer.ClassPrototypes, Fitted.ClassNames, newClasses: new(Other, 1), residual: Scorer.Residual);
        var accuracies = DomainAccuracies.FromModel(model, some);
        accuracies.ZeroShot!.Top1.ShouldBe(Top1(Transform.Identity(32)));
        accuracies.NewClasses!.Top1.ShouldBe(Top1(Other));
        accuracies.Trained.Top1.ShouldBe(model.SelectClasses(some.ClassNames).Evaluate(some).Top1Accuracy);
        Should.Throw<LfaDataException>(() => DomainAccuracies.FromModel(model, new FeatureSet(some.ImageFeatures, some.ClassPrototypes, default, some.ClassNames))).Message.ShouldContain("no labels");

        double Top1(Transform transform) => AlignedModel.Of(transform, some.ClassPrototypes, some.ClassNames).Evaluate(some).Top1Accuracy;
    }

    [Fact]
    public void DomainAccuracies_RectangularTransform_HasNoZeroShot()
    {
        var (wide, prototypes) = (new Transform(MadeUp.Features(9, 4, seed: 1)), MadeUp.Features(3, 4, seed: 2).NormalizeRows());
        var test = new FeatureSet(MadeUp.Features(6, 9, seed: 3), MadeUp.Features(3, 9, seed: 4), MadeUp.Labels(6, 3), ["a", "b", "c"]);
        var accuracies = DomainAccuracies.FromModel(AlignedModel.Of(wide, prototypes, ["a", "b", "c"]), test);
        accuracies.ZeroShot.ShouldBeNull();
        accuracies.NewClasses.ShouldBe(accuracies.Trained, "W serves both where there is no other transform");
    }

    [Theory]
    [InlineData(0.8, 0.6, 0.68571428571428572)]
    [InlineData(1, 0, 0)]
    [InlineData(0, 0, 0)]
    public void BaseToNewResult_HarmonicMean_IsItsFormula(double @base, double @new, double mean) => new BaseToNewResult(@base, @new).HarmonicMean.ShouldBe(mean, 1e-12);

    [Fact]
    public void BaseToNewResult_FromModel_MeasuresEachHalfAmongItself()
    {
        var (known, _) = ClassSplit.BaseAndNew(Problem.Train);
        var (knownTest, newTest) = ClassSplit.BaseAndNew(Problem.Test);
        var fit = new LfaMethod { Beta = 0.9, Refinement = new() { Iterations = 20 } }.Fit(known);
        var result = BaseToNewResult.FromModel(fit.ToModel(), knownTest, newTest);
        result.Base.ShouldBe(fit.ToModel().Evaluate(knownTest).Top1Accuracy);
        result.New.ShouldBe(AlignedModel.Of(fit.TransformOf("moving-average"), newTest.ClassPrototypes, newTest.ClassNames).Evaluate(newTest).Top1Accuracy);
        Should.Throw<LfaDataException>(() => BaseToNewResult.FromModel(fit.ToModel(), newTest, newTest)).Message.ShouldContain("same classes");
    }
}
