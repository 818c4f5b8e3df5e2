using Lfa.Data;
using Lfa.Numerics;
using Lfa.Review;
using Lfa.Tests.Support;

namespace Lfa.Tests.Review;

public class LabelDoubtTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_PlantedFlips_AreRankedFirst(int seed)
    {
        // Classes are less noisy than by default, so that nine flips in ten can be told from the images of alike classes.
        var (task, flipped) = Flip(MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 20, Dimension = 128, NoiseShare = 0.85 }, seed).Train, seed);
        var review = FeatureReview.Run(task, context: new FitContext { Seed = seed });
        review.Doubts.Take(flipped.Count).Count(doubt => flipped.Contains(doubt.Row)).ShouldBeGreaterThanOrEqualTo(9 * flipped.Count / 10);
        var issues = review.Doubts.Where(doubt => doubt.IsIssue).ToArray();
        issues.Count(doubt => flipped.Contains(doubt.Row)).ShouldBeGreaterThanOrEqualTo(85 * issues.Length / 100, "precision");
        issues.Count(doubt => flipped.Contains(doubt.Row)).ShouldBeGreaterThanOrEqualTo(7 * flipped.Count / 10, "recall");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Run_FlipsAmongFewClasses_CountButForOneAndNothingElse(int classes)
    {
        var (task, flipped) = Flip(MadeUp.Task(classes, 24, shots: 20, seed: 13, spread: 0.7), seed: 13);
        var issues = FeatureReview.Run(task).Doubts.Where(doubt => doubt.IsIssue).Select(doubt => doubt.Row).ToArray();
        issues.ShouldBeSubsetOf(flipped);
        issues.Length.ShouldBeGreaterThanOrEqualTo(flipped.Count - 1);
    }

    [Fact]
    public void Run_CleanSeparableClasses_FindsNothing()
    {
        var doubts = FeatureReview.Run(MadeUp.Task(8, 64, shots: 6, seed: 1, spread: 0.3)).Doubts;
        doubts.Count.ShouldBe(48);
        doubts.ShouldAllBe(doubt => !doubt.IsIssue && doubt.Score < 0);
    }

    [Fact]
    public void Run_EveryImage_IsRankedOnceByFallingScore()
    {
        var task = MadeUp.Task(5, 24, shots: 6, seed: 2, spread: 3);
        var doubts = FeatureReview.Run(task).Doubts;
        doubts.Select(doubt => doubt.Row).Order().ShouldBe(Enumerable.Range(0, task.SampleCount));
        foreach (var (before, after) in doubts.Zip(doubts.Skip(1)))
            before.Score.ShouldBeGreaterThanOrEqualTo(after.Score);
        foreach (var doubt in doubts)
        {
            doubt.Label.ShouldBe(task.Labels.Span[doubt.Row]);
            doubt.Suggested.ShouldNotBe(doubt.Label);
            (doubt.LabelProbability + doubt.SuggestedProbability).ShouldBeInRange(0, 1 + 1e-9);
        }
    }

    [Fact]
    public void Run_Scores_AreRatiosToTheMeansOfTheClasses()
    {
        // With two classes all of the definition can be told from what is reported.
        var (task, _) = Flip(MadeUp.Task(2, 24, shots: 40, seed: 3), seed: 3);
        var doubts = FeatureReview.Run(task).Doubts;
        var mean = doubts.Average(doubt => doubt.LabelProbability);
        double[] levels = [.. Enumerable.Range(0, 2).Select(c => doubts.Where(doubt => doubt.Label == c).Select(doubt => doubt.LabelProbability).Append(mean).Average())];
        foreach (var doubt in doubts)
        {
            var ratio = doubt.SuggestedProbability / levels[doubt.Suggested] / (doubt.LabelProbability / levels[doubt.Label]);
            doubt.Score.ShouldBe(Math.Log(ratio), 1e-6);
            doubt.IsIssue.ShouldBe(ratio >= 4);
        }
        doubts.ShouldContain(doubt => doubt.IsIssue);
        doubts.ShouldContain(doubt => !doubt.IsIssue && doubt.Score > 0);
    }

    [Fact]
    public void Run_OneWrongLabelOfTwoClasses_IsFirst()
    {
        var task = MadeUp.Task(2, 16, shots: 10, seed: 4, spread: 0.5);
        var labels = task.Labels.ToArray();
        labels[7] = 1 - labels[7];
        var doubts = FeatureReview.Run(WithLabels(task, labels)).Doubts;
        (doubts[0].Row, doubts[0].Suggested).ShouldBe((7, 1 - labels[7]));
        doubts[0].Score.ShouldBeGreaterThan(0);
        doubts.Skip(1).ShouldAllBe(doubt => doubt.Score < 0);
    }

    [Fact]
    public void Run_SinglesAmongMany_AreJudgedByZeroShot()
    {
        // Class 0 has 24 images, 1 to 4 have 4 each, 5 has one, which lies at the prototype of class 0.
        var whole = MadeUp.Task(6, 32, shots: 24, seed: 5, spread: 0.5);
        int[] rows = [.. Enumerable.Range(0, whole.SampleCount).Where(row => whole.Labels.Span[row] == 0 || (whole.Labels.Span[row] < 5 && row < 24)), 6];
        var labels = Array.ConvertAll(rows, row => whole.Labels.Span[row]);
        labels[^1] = 5;
        var features = whole.ImageFeatures.SelectRows(rows).Values.ToArray();
        features[^1] += 1e-3f; // Else it would be one image twice.
        var review = FeatureReview.Run(new FeatureSet(new Matrix(features, rows.Length, 32), whole.ClassPrototypes, labels));
        (review.Doubts[0].Row, review.Doubts[0].Label, review.Doubts[0].Suggested, review.Doubts[0].IsIssue).ShouldBe((rows.Length - 1, 5, 0, true));
        review.Doubts.Skip(1).ShouldAllBe(doubt => !doubt.IsIssue);
    }

    [Fact]
    public void Run_OneImageAClass_IsZeroShotAlone()
    {
        var task = MadeUp.Task(12, 24, shots: 1, seed: 6, spread: 4);
        var review = FeatureReview.Run(task);
        review.GaussianWeight.ShouldBe(0);
        review.Doubts.Count.ShouldBe(12);
        foreach (var doubt in review.Doubts)
        {
            var image = task.ImageFeatures.Row(doubt.Row).ToArray();
            double Cosine(int c) => image.Zip(task.ClassPrototypes.Row(c).ToArray(), (a, b) => (double)a * b).Sum();
            Math.Log(doubt.SuggestedProbability / doubt.LabelProbability).ShouldBe((Cosine(doubt.Suggested) - Cosine(doubt.Label)) / (0.01 * review.Temperature), 1e-3);
        }
    }

    [Fact]
    public void Run_OneClass_HasNoOtherLabelToSuggest()
    {
        var task = MadeUp.Task(1, 8, shots: 5, seed: 7);
        var review = FeatureReview.Run(task, MadeUp.Features(6, 8, seed: 8), new ReviewOptions { ToLabel = 2 });
        review.Doubts.ShouldBeEmpty();
        review.ToLabel.Count.ShouldBe(2);
        review.ToLabel.ShouldAllBe(one => one.Class == 0 && one.Probability == 1 && one.Uncertainty == 1);
    }

    [Fact]
    public void Run_AllImagesOfAClassEqual_IsZeroShotAlone()
    {
        var prototypes = MadeUp.Features(3, 12, seed: 9);
        var labels = MadeUp.Labels(9, 3);
        FeatureReview.Run(new FeatureSet(prototypes.SelectRows(labels), prototypes, labels)).GaussianWeight.ShouldBe(0);
    }

    [Fact]
    public void Run_SameSeed_IsTheSameOnAnyNumberOfThreads()
    {
        var (task, _) = Flip(MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 12, Dimension = 96, Shots = 8 }, 1).Train, 1);
        var others = MadeUp.Features(2100, 96, seed: 10);
        var first = FeatureReview.Run(task, others, context: new FitContext { MaxDegreeOfParallelism = 1 });
        foreach (var threads in new[] { 2, 3 })
        {
            var again = FeatureReview.Run(task, others, context: new FitContext { MaxDegreeOfParallelism = threads });
            again.Doubts.ShouldBe(first.Doubts);
            again.ToLabel.ShouldBe(first.ToLabel);
            (again.GaussianWeight, again.Temperature).ShouldBe((first.GaussianWeight, first.Temperature));
        }
        FeatureReview.Run(task, context: new FitContext { Seed = 2 }).Doubts.ShouldNotBe(first.Doubts);
    }

    [Fact]
    public void Run_RowsOfAnyLength_AreJudgedByTheirDirection()
    {
        var task = MadeUp.Task(4, 16, shots: 5, seed: 11, spread: 2);
        var scaled = task.ImageFeatures.Values.ToArray().Select(value => 4 * value).ToArray();
        var review = FeatureReview.Run(new FeatureSet(new Matrix(scaled, task.SampleCount, 16), task.ClassPrototypes, task.Labels, normalize: false));
        review.Doubts.Select(doubt => doubt.Row).ShouldBe(FeatureReview.Run(task).Doubts.Select(doubt => doubt.Row));
    }

    [Fact]
    public void Run_NoLabels_SaysSo()
    {
        var task = MadeUp.Task(3, 8, shots: 2, seed: 12);
        Should.Throw<LfaDataException>(() => FeatureReview.Run(new FeatureSet(task.ImageFeatures, task.ClassPrototypes, default))).Message.ShouldContain("no labels");
    }

    [Fact]
    public void Run_ClassWithoutExample_IsNamed()
    {
        var task = MadeUp.Task(3, 8, shots: 2, seed: 12);
        Should.Throw<LfaDataException>(() => FeatureReview.Run(WithLabels(task, [0, 1, 0, 1, 0, 1]))).Message.ShouldStartWith("Class 2 (\"class 2\") has no example");
    }

    [Fact]
    public void Run_UnlabeledOfAnotherDimension_NamesBothShapes() =>
        Should.Throw<LfaDataException>(() => FeatureReview.Run(MadeUp.Task(3, 8, shots: 2, seed: 12), MadeUp.Features(4, 9, seed: 1)))
            .Message.ShouldBe("The unlabeled features are 4 × 9 but the labeled ones are 6 × 8; both must come from the same encoder.");

    [Fact]
    public void Run_Canceled_Throws() =>
        Should.Throw<OperationCanceledException>(() => FeatureReview.Run(MadeUp.Task(3, 8, shots: 4, seed: 12), context: new FitContext { CancellationToken = new CancellationToken(canceled: true) }));

    [Fact]
    public void Options_OutOfRange_AreRefusedByName()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new ReviewOptions { DuplicateCosine = 0 }).Message.ShouldContain("DuplicateCosine");
        Should.Throw<ArgumentOutOfRangeException>(() => new ReviewOptions { DuplicateCosine = double.NaN }).Message.ShouldContain("DuplicateCosine");
        Should.Throw<ArgumentOutOfRangeException>(() => new ReviewOptions { ToLabel = -1 }).Message.ShouldContain("ToLabel");
    }

    /// <summary>Gives a tenth of the images another class.</summary>
    private static (FeatureSet Task, HashSet<int> Flipped) Flip(FeatureSet task, int seed)
    {
        var random = new RandomStream(seed, RandomPurpose.MadeUpProblem, 99);
        var (labels, rows) = (task.Labels.ToArray(), Enumerable.Range(0, task.SampleCount).ToArray());
        random.Shuffle(rows);
        var flipped = rows[..(task.SampleCount / 10)];
        foreach (var row in flipped)
            labels[row] = (labels[row] + 1 + random.NextInteger(task.ClassCount - 1)) % task.ClassCount;
        return (WithLabels(task, labels), [.. flipped]);
    }

    private static FeatureSet WithLabels(FeatureSet task, int[] labels) => new(task.ImageFeatures, task.ClassPrototypes, labels, normalize: false);
}
