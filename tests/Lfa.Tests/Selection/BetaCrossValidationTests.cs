using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Selection;
using Lfa.Tests.Support;

namespace Lfa.Tests.Selection;

public class BetaCrossValidationTests
{
    // Noisy enough that every β errs, differently.
    private static readonly FeatureSet Task = MadeUp.Task(6, 16, shots: 9, seed: 1, spread: 3, MadeUp.Rotation(16, seed: 2, spread: 0.5));

    [Fact]
    public void Select_ByDefault_TriesTheGridOf25() =>
        BetaCrossValidation.Select(Task).Candidates.Select(candidate => candidate.Beta).ShouldBe(Enumerable.Range(0, 25).Select(i => i / 24.0));

    [Theory]
    [InlineData(false, 0.2)]
    [InlineData(true, 0.2)]
    [InlineData(false, 0.34)]
    [InlineData(true, 0.5)]
    public void Select_Scores_AreThoseOfFittingAndClassifyingForEachBeta(bool stratified, double fraction)
    {
        var options = new BetaCrossValidationOptions { Candidates = 7, Splits = 4, ValidationFraction = fraction, Stratified = stratified };
        var selection = BetaCrossValidation.Select(Task, options, seed: 5);
        var splits = Enumerable.Range(0, 4).Select(split => Split(options, (5 * 1_000_003) + split)).ToArray();
        foreach (var (beta, top1) in selection.Candidates)
            top1.ShouldBe(splits.Average(split => Score(split.Training, split.Validation, beta)), 1e-9);
        selection.Candidates.Select(candidate => candidate.Top1).Distinct().Count().ShouldBeGreaterThan(2, "the scores differ, or the test would show nothing");
    }

    [Fact]
    public void Select_EqualScores_TakesTheSmallestBeta()
    {
        // The images equal their prototypes: every β is always right.
        var prototypes = MadeUp.Features(4, 8, seed: 3);
        var labels = MadeUp.Labels(12, 4);
        var selection = BetaCrossValidation.Select(new FeatureSet(prototypes.SelectRows(labels), prototypes, labels));
        selection.Candidates.ShouldAllBe(candidate => candidate.Top1 == 100);
        selection.Beta.ShouldBe(0);
    }

    [Fact]
    public void Select_EqualNumbersOfRightImages_AreEqualScores()
    {
        // Splits of 7 images give scores such as 100 · 5 / 7, whose sums depend on their order in floating point.
        var options = new BetaCrossValidationOptions { Candidates = 13, Splits = 5, ValidationFraction = 0.5 };
        for (var seed = 1; seed <= 200; seed++)
        {
            var task = MadeUp.Task(7, 8, shots: 2, seed, spread: 3);
            var selection = BetaCrossValidation.Select(task, options, seed);
            var images = selection.Candidates.Select(candidate => (int)Math.Round(candidate.Top1 * 35 / 100)).ToArray();
            selection.Beta.ShouldBe(selection.Candidates[Array.IndexOf(images, images.Max())].Beta, Invariant($"seed {seed}"));
        }
    }

    [Fact]
    public void Select_SameSeed_ChoosesTheSameOnAnyNumberOfThreads()
    {
        var first = BetaCrossValidation.Select(Task, seed: 7, threads: 1);
        BetaCrossValidation.Select(Task, seed: 7, threads: 3).Candidates.ShouldBe(first.Candidates);
        BetaCrossValidation.Select(Task, seed: 8, threads: 1).Candidates.ShouldNotBe(first.Candidates);
    }

    [Fact]
    public void Select_OneImage_SaysWhatToDo() =>
        Should.Throw<ArgumentException>(() => BetaCrossValidation.Select(MadeUp.Task(1, 4, shots: 1, seed: 1)))
            .Message.ShouldBe("Cross-validation of beta needs two images at least; there is one. Give beta a value instead.");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Select_OneShotAClass_LeavesTheHeldOutClassesToTheCompletion(bool stratified)
    {
        var task = MadeUp.Task(5, 12, shots: 1, seed: 4);
        BetaCrossValidation.Select(task, new BetaCrossValidationOptions { Stratified = stratified }).Beta.ShouldBeInRange(0, 1);
    }

    [Fact]
    public void Select_Cancelled_Throws() =>
        Should.Throw<OperationCanceledException>(() => BetaCrossValidation.Select(Task, cancellationToken: new CancellationToken(canceled: true)));

    [Fact]
    public void Options_OutOfRange_Throw()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new BetaCrossValidationOptions { Candidates = 1 });
        Should.Throw<ArgumentOutOfRangeException>(() => new BetaCrossValidationOptions { Splits = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new BetaCrossValidationOptions { ValidationFraction = 1 });
    }

    private static (int[] Training, int[] Validation) Split(BetaCrossValidationOptions options, int seed)
    {
        if (!options.Stratified)
            return Folds.SplitRandomly(Task.SampleCount, options.ValidationFraction, seed);
        var folds = Folds.Stratify(Task.Labels.Span, (int)(1 / options.ValidationFraction), seed);
        var rows = Enumerable.Range(0, Task.SampleCount).ToArray();
        return (Array.FindAll(rows, row => folds[row] != 0), Array.FindAll(rows, row => folds[row] == 0));
    }

    private static double Score(int[] training, int[] validation, double beta)
    {
        var (fitted, held) = (Task.SelectRows(training), Task.SelectRows(validation));
        var transform = BetaProcrustes.Shrink(OrthogonalProcrustes.Fit(CrossProducts.ClassSums(fitted.ImageFeatures, fitted.Labels.Span, Task.ClassCount), Task.ClassPrototypes, threads: 1), beta);
        return new LfaClassifier(transform, Task.ClassPrototypes, Task.ClassNames).Evaluate(held).Top1;
    }
}
