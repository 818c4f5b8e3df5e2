using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Tests.Support;

namespace Lfa.Tests;

/// <summary>Classes that a classifier is given by their names alone.</summary>
public sealed class AddClassesTests
{
    [Theory]
    [InlineData(FitMethod.Auto)]
    [InlineData(FitMethod.Lfa)]
    [InlineData(FitMethod.Procrustes)]
    [InlineData(FitMethod.LeastSquares)]
    [InlineData(FitMethod.ZeroShot)]
    public void AddClasses_NamesAlone_LeaveTheScoresOfTheOthers(FitMethod method)
    {
        var task = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 12, Dimension = 32, Shots = 16, TestImages = 1 }).Train;
        var before = LfaTrainer.Fit(task, new LfaOptions { Method = method, Refinement = new() { Iterations = 3 } }).Classifier;
        if (method is FitMethod.Auto)
            before.Residual.ShouldNotBeNull();
        var update = LfaUpdater.AddClasses(before, MadeUp.Features(2, 32, seed: 7), ["gnu", "hen"]);
        using var folder = new TemporaryFolder();
        update.Classifier.Save(folder["m"]);
        var after = LfaClassifier.Load(folder["m"]);
        after.ClassNames.ShouldBe([.. before.ClassNames, "gnu", "hen"]);
        update.AddedClasses.ShouldBe(["gnu", "hen"]);
        (update.AddedSamples, update.Samples, update.RemovedClasses.Count).ShouldBe((0, 192, 0));
        var (was, now) = (before.Logits(task.ImageFeatures), after.Logits(task.ImageFeatures));
        var added = new LfaClassifier(before.Transform, MadeUp.Features(2, 32, seed: 7).NormalizeRows(), ["gnu", "hen"], before.Temperature,
            residual: before.Residual is null ? null : new LinearClassifier(new Matrix(new float[64], 2, 32))).Logits(task.ImageFeatures);
        for (var i = 0; i < was.Rows; i++)
        {
            now.Row(i)[..12].ToArray().ShouldBe(was.Row(i).ToArray());
            now.Row(i)[12..].ToArray().ShouldBe(added.Row(i).ToArray());
        }
        update.Parts.Any(part => part.Outcome is PartOutcome.Dropped && part.Name == "confidence").ShouldBe(before.Confidence is not null);
        after.Confidence.ShouldBeNull();
        // An image of a new class is welcome later.
        var later = LfaUpdater.Update(after, new FeatureSet(MadeUp.Features(3, 32, seed: 8), after.ClassPrototypes.SelectRows([12]), new int[3], ["gnu"]));
        (later.AddedClasses.Count, later.Samples, later.Classifier.Statistics!.Counts.Span[12]).ShouldBe((0, 195, 3));
    }

    [Fact]
    public void AddClasses_ClassifierOfNothingButItsNumbers_IsEnough()
    {
        var before = new LfaClassifier(Transform.Identity(4), MadeUp.Features(2, 4, seed: 1).NormalizeRows(), ["a", "b"], residual: new LinearClassifier(MadeUp.Features(2, 4, seed: 2), new float[] { 3, 4 }));
        var after = LfaUpdater.AddClasses(before, MadeUp.Features(1, 4, seed: 3), ["c"]).Classifier;
        after.Residual!.Biases.ToArray().ShouldBe([3, 4, 0]);
        after.Residual.Weights.Row(2).ToArray().ShouldBe(new float[4]);
        (after.Statistics, after.Recipe).ShouldBe((null, null));
    }

    [Fact]
    public void AddClasses_ClassThatIsThere_StaysAndMustBeTheSame()
    {
        var before = new LfaClassifier(Transform.Identity(24), MadeUp.Features(3, 24, seed: 11).NormalizeRows(), ["ant", "bee", "cat"]);
        var @new = MadeUp.Features(1, before.Dimension, seed: 9).NormalizeRows();
        Matrix With(Matrix first) => new((float[])[.. first.Values.Span, .. @new.Values.Span], 2, before.Dimension);
        LfaUpdater.AddClasses(before, With(before.ClassPrototypes.SelectRows([2])), ["cat", "gnu"]).AddedClasses.ShouldBe(["gnu"]);
        void Fails(Matrix prototypes, string[] names, string expected) => Should.Throw<Exception>(() => LfaUpdater.AddClasses(before, prototypes, names)).Message.ShouldContain(expected);
        Fails(With(before.ClassPrototypes.SelectRows([1])), ["cat", "gnu"], "The prototype of the class \"cat\" is another than that of the classifier");
        Fails(before.ClassPrototypes.SelectRows([2]), ["cat"], "There is no class to add: the classifier has \"cat\" already.");
        Fails(before.ClassPrototypes.SelectRows([2]), ["kitten"], "The class \"kitten\" has the prototype of the class \"cat\"");
        Fails(With(MadeUp.Features(1, before.Dimension, seed: 10).NormalizeRows()), ["gnu", "gnu"], "\"gnu\" names the classes 0 and 1, whose prototypes differ");
        LfaUpdater.AddClasses(before, With(@new), ["gnu", "gnu"]).AddedClasses.ShouldBe(["gnu", "gnu"], "as ImageNet lists two missiles");
        Fails(MadeUp.Features(1, before.Dimension + 1, seed: 1), ["gnu"], "the class names of the classifier have");
        Fails(With(@new), ["gnu"], "There are 1 class names but 2 rows of class features");
        Fails(new Matrix(default, 0, before.Dimension), [], "There is no class to add");
        Fails(new Matrix(Enumerable.Repeat(float.NaN, before.Dimension).ToArray(), 1, before.Dimension), ["gnu"], "row 0 holds a NaN");
    }
}
