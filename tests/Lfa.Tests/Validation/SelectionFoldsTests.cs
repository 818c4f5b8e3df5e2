using Lfa.Data;
using Lfa.Methods;
using Lfa.Tests.Support;
using Lfa.Validation;

namespace Lfa.Tests.Validation;

public class SelectionFoldsTests
{
    [Theory]
    [InlineData(5, 16, 5)]
    [InlineData(7, 5, 5)]
    [InlineData(4, 3, 3)]
    [InlineData(6, 2, 2)]
    public void Of_SeveralExamples_SpreadsEveryClassOverTheFolds(int classes, int shots, int count)
    {
        var task = MadeUp.Task(classes, 4, shots, seed: 1);
        var folds = SelectionFolds.Of(task, seed: 1);
        folds.HoldsOutClasses.ShouldBeFalse();
        folds.All.Count.ShouldBe(count);
        folds.All.SelectMany(fold => fold.Held).Order().ShouldBe(Enumerable.Range(0, task.SampleCount));
        foreach (var fold in folds.All)
        {
            fold.Held.ShouldBeInOrder();
            fold.Training.ShouldBeInOrder();
            fold.Held.Concat(fold.Training).Order().ShouldBe(Enumerable.Range(0, task.SampleCount));
            for (var c = 0; c < classes; c++)
                Of(task, c, fold.Held).ShouldBeInRange(shots / count, ((shots - 1) / count) + 1);
        }
    }

    [Fact]
    public void Of_ClassesOfOneExample_AlwaysTrain()
    {
        int[] labels = [0, 0, 0, 1, 2, 2, 3];
        var folds = SelectionFolds.Of(Task(labels), seed: 3);
        folds.HoldsOutClasses.ShouldBeFalse();
        folds.All.SelectMany(fold => fold.Held).Order().ShouldBe([0, 1, 2, 4, 5]);
        foreach (var fold in folds.All)
        {
            fold.Training.ShouldContain(3);
            fold.Training.ShouldContain(6);
            fold.Training.Select(row => labels[row]).Distinct().Order().ShouldBe([0, 1, 2, 3]);
        }
    }

    [Theory]
    [InlineData(true, 0, 1, 2, 3)]
    [InlineData(true, 0, 1, 2, 3, 4, 4)] // One class in five has two, two images.
    [InlineData(false, 0, 1, 2, 2, 3, 3)] // Half of the classes have two.
    [InlineData(true, 0, 1, 2, 3, 4, 4, 4, 4, 4)] // One class in five, and whatever it has, it cannot speak for the others.
    [InlineData(true, 0, 1)]
    [InlineData(false, 0, 1, 1)]
    public void Of_FewClassesOfTwoExamples_HoldsOutClasses(bool holdsOutClasses, params int[] labels) =>
        SelectionFolds.Of(Task(labels), seed: 1).HoldsOutClasses.ShouldBe(holdsOutClasses);

    [Fact]
    public void Of_OneExampleAClass_HoldsOutHalfOfTheClassesInTurn()
    {
        int[] labels = [0, 1, 2, 3, 4, 5, 6, 6];
        var folds = SelectionFolds.Of(Task(labels), seed: 2);
        folds.HoldsOutClasses.ShouldBeTrue();
        folds.All.Count.ShouldBe(2);
        folds.All.SelectMany(fold => fold.Held).Order().ShouldBe(Enumerable.Range(0, 8));
        foreach (var fold in folds.All)
        {
            var held = fold.Held.Select(row => labels[row]).Distinct().ToArray();
            held.Length.ShouldBeInRange(3, 4);
            held.Intersect(fold.Training.Select(row => labels[row])).ShouldBeEmpty("a held-out class has no training example");
        }
    }

    [Fact]
    public void Of_OneClass_HoldsOutNothing()
    {
        SelectionFolds.Of(MadeUp.Task(1, 3, shots: 5, seed: 1), seed: 1).All.ShouldBeEmpty();
        SelectionFolds.Of(MadeUp.Task(1, 3, shots: 1, seed: 1), seed: 1).All.ShouldBeEmpty();
    }

    [Fact]
    public void Of_Seed_DecidesTheFolds()
    {
        foreach (var shots in new[] { 6, 1 })
        {
            var task = MadeUp.Task(20, 4, shots, seed: 1);
            int[][] Held(int seed) => [.. SelectionFolds.Of(task, seed).All.Select(fold => fold.Held)];
            Held(1).ShouldBe(Held(1));
            Held(2).ShouldNotBe(Held(1));
        }
    }

    [Fact]
    public void FoldTask_OfImages_KeepsAllClassesAndDrawsAtMost()
    {
        var task = MadeUp.Task(4, 6, shots: 5, seed: 1);
        var fold = SelectionFolds.Of(task, seed: 1).All[0];
        var all = new FoldTask(task, fold, holdsOutClasses: false, mostHeld: 100, seed: 1);
        all.HeldRows.ShouldBe(fold.Held);
        (all.Training.ClassCount, all.Held.ClassCount, all.Training.SampleCount).ShouldBe((4, 4, fold.Training.Length));
        for (var i = 0; i < fold.Held.Length; i++)
        {
            all.Held.ImageFeatures.Row(i).ToArray().ShouldBe(task.ImageFeatures.Row(fold.Held[i]).ToArray());
            all.Held.Labels.Span[i].ShouldBe(task.Labels.Span[fold.Held[i]]);
        }
        var some = new FoldTask(task, fold, holdsOutClasses: false, mostHeld: 2, seed: 1);
        some.HeldRows.Length.ShouldBe(2);
        some.HeldRows.ShouldBeInOrder();
        some.HeldRows.Except(fold.Held).ShouldBeEmpty();
        some.Held.SampleCount.ShouldBe(2);
        some.Training.SampleCount.ShouldBe(fold.Training.Length);
    }

    [Fact]
    public void FoldTask_OfClasses_CountsTheClassesOfEachSideAgain()
    {
        Matrix[] crops = [MadeUp.Features(5, 3, seed: 1), MadeUp.Features(5, 3, seed: 2)];
        var task = new FeatureSet(crops, MadeUp.Features(5, 3, seed: 3), new[] { 4, 2, 0, 1, 3 });
        var fold = new FoldTask(task, new Fold([1, 2, 4], [0, 3]), holdsOutClasses: true, mostHeld: 9, seed: 1);
        (fold.Training.Crops.Count, fold.Held.Crops.Count).ShouldBe((2, 1));
        fold.HeldRows.ShouldBe([0, 3]);
        fold.Training.Labels.ToArray().ShouldBe([1, 0, 2]); // The classes 2, 0 and 3.
        fold.Held.Labels.ToArray().ShouldBe([1, 0]); // The classes 4 and 1.
        fold.Held.ClassPrototypes.Values.ToArray().ShouldBe(task.ClassPrototypes.SelectRows([1, 4]).Values.ToArray());
        fold.Training.ClassPrototypes.Values.ToArray().ShouldBe(task.ClassPrototypes.SelectRows([0, 2, 3]).Values.ToArray());
        fold.Held.ImageFeatures.Values.ToArray().ShouldBe(task.ImageFeatures.SelectRows([0, 3]).Values.ToArray());
    }

    [Fact]
    public void ModalityGap_ImagesInAConeOfTheirOwn_IsPresent()
    {
        var options = new MadeUpProblemOptions { Classes = 20, Dimension = 64, Shots = 1 };
        for (var seed = 1; seed <= 10; seed++)
        {
            ModalityGap.IsPresent(MadeUpProblem.Create(options, seed).Train).ShouldBeTrue();
            ModalityGap.IsPresent(MadeUpProblem.Create(options with { TextConcentration = 0, ImageConcentration = 0 }, seed).Train).ShouldBeFalse();
        }
    }

    private static int Of(FeatureSet task, int label, int[] rows) => rows.Count(row => task.Labels.Span[row] == label);

    private static FeatureSet Task(int[] labels) => new(MadeUp.Features(labels.Length, 4, seed: 1), MadeUp.Features(labels.Max() + 1, 4, seed: 2), labels);
}
