using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Tests.Support;

namespace Lfa.Tests.Model;

/// <summary>Classes that a classifier is given by their names alone.</summary>
public sealed class AddClassesTests
{
    [Theory]
    [InlineData("auto")]
    [InlineData("lfa")]
    [InlineData("procrustes")]
    [InlineData("least-squares")]
    [InlineData("zero-shot")]
    public void AddClasses_NamesAlone_LeaveTheScoresOfTheOthers(string name)
    {
        var task = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 12, Dimension = 32, Shots = 16, TestImages = 1 }).Train;
        var before = LfaModel.Fit(task, name == "lfa" ? new LfaMethod { Refinement = new() { Iterations = 3 } } : MethodRegistry.Methods.Get(name));
        if (name == "auto")
            before.Aligned!.Residual.ShouldNotBeNull();
        var update = ModelUpdater.AddClasses(before, MadeUp.Features(2, 32, seed: 7), ["gnu", "hen"]);
        using var folder = new TemporaryFolder();
        update.Model.Save(folder["m"]);
        var after = LfaModel.Load(folder["m"]);
        after.ClassNames.ShouldBe([.. before.ClassNames, "gnu", "hen"]);
        update.AddedClasses.ShouldBe(["gnu", "hen"]);
        (update.AddedSamples, update.Samples, update.RemovedClasses.Count).ShouldBe((0, 192, 0));
        var (was, now) = (before.Logits(task.ImageFeatures), after.Logits(task.ImageFeatures));
        var added = AlignedModel.Of(before.Aligned!.Transform, MadeUp.Features(2, 32, seed: 7).NormalizeRows(), ["gnu", "hen"], before.Temperature,
            residual: before.Aligned.Residual is null ? null : new LinearHead(new Matrix(new float[64], 2, 32))).Logits(task.ImageFeatures);
        for (var i = 0; i < was.Rows; i++)
        {
            now.Row(i)[..12].ToArray().ShouldBe(was.Row(i).ToArray());
            now.Row(i)[12..].ToArray().ShouldBe(added.Row(i).ToArray());
        }
        update.Parts.Any(part => part.Outcome is PartOutcome.Dropped && part.Name == "calibration").ShouldBe(before.Calibration is not null);
        after.Calibration.ShouldBeNull();
        // An image of a new class is welcome later.
        var later = ModelUpdater.Update(after, new FeatureSet(MadeUp.Features(3, 32, seed: 8), after.ClassPrototypes!.SelectRows([12]), new int[3], ["gnu"]));
        (later.AddedClasses.Count, later.Samples, later.Model.Statistics!.Counts.Span[12]).ShouldBe((0, 195, 3));
    }

    [Fact]
    public void AddClasses_ClassifierOfNothingButItsNumbers_IsEnough()
    {
        var before = AlignedModel.Of(Transform.Identity(4), MadeUp.Features(2, 4, seed: 1).NormalizeRows(), ["a", "b"], residual: new LinearHead(MadeUp.Features(2, 4, seed: 2), new float[] { 3, 4 }));
        var after = ModelUpdater.AddClasses(before, MadeUp.Features(1, 4, seed: 3), ["c"]).Model;
        after.Aligned!.Residual!.Biases.ToArray().ShouldBe([3, 4, 0]);
        after.Aligned.Residual.Weights.Row(2).ToArray().ShouldBe(new float[4]);
        (after.Statistics, after.Record.Method, after.Record.Options).ShouldBe((null, null, null));
    }

    [Fact]
    public void AddClasses_ClassThatIsThere_StaysAndMustBeTheSame()
    {
        var before = AlignedModel.Of(Transform.Identity(24), MadeUp.Features(3, 24, seed: 11).NormalizeRows(), ["ant", "bee", "cat"]);
        var @new = MadeUp.Features(1, before.Dimension, seed: 9).NormalizeRows();
        Matrix With(Matrix first) => new((float[])[.. first.Values.Span, .. @new.Values.Span], 2, before.Dimension);
        ModelUpdater.AddClasses(before, With(before.ClassPrototypes!.SelectRows([2])), ["cat", "gnu"]).AddedClasses.ShouldBe(["gnu"]);
        void Fails(Matrix prototypes, string[] names, string expected) => Should.Throw<LfaDataException>(() => ModelUpdater.AddClasses(before, prototypes, names)).Message.ShouldContain(expected);
        Fails(With(before.ClassPrototypes!.SelectRows([1])), ["cat", "gnu"], "The prototype of the class \"cat\" is another than that of the classifier");
        Fails(before.ClassPrototypes!.SelectRows([2]), ["cat"], "There is no class to add: the classifier has \"cat\" already.");
        Fails(before.ClassPrototypes!.SelectRows([2]), ["kitten"], "The class \"kitten\" has the prototype of the class \"cat\"");
        Fails(With(MadeUp.Features(1, before.Dimension, seed: 10).NormalizeRows()), ["gnu", "gnu"], "\"gnu\" names the classes 0 and 1, whose prototypes differ");
        ModelUpdater.AddClasses(before, With(@new), ["gnu", "gnu"]).AddedClasses.ShouldBe(["gnu", "gnu"], "as ImageNet lists two missiles");
        Fails(MadeUp.Features(1, before.Dimension + 1, seed: 1), ["gnu"], "the class names of the classifier have");
        Fails(With(@new), ["gnu"], "There are 1 class names but 2 rows of class features");
        Fails(new Matrix(default, 0, before.Dimension), [], "There is no class to add");
        Fails(new Matrix(Enumerable.Repeat(float.NaN, before.Dimension).ToArray(), 1, before.Dimension), ["gnu"], "row 0 holds a NaN");
    }
}
