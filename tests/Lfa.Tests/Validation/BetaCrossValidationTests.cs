using Lfa.Alignment;
using Lfa.Data;
using Lfa.Tests.Support;
using Lfa.Validation;

namespace Lfa.Tests.Validation;

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
        var selection = BetaCrossValidation.Select(Task, options, new FitContext { Seed = 5 });
        var splits = Enumerable.Range(0, 4).Select(split => Split(Task, options, (5 * 1_000_003) + split)).ToArray();
        foreach (var (beta, accuracy) in selection.Candidates)
            accuracy.ShouldBe(splits.Average(split => Score(Task, split.Training, split.Validation, beta)), 1e-9);
        selection.Candidates.Select(candidate => candidate.Accuracy).Distinct().Count().ShouldBeGreaterThan(2, "the scores differ, or the test would show nothing");
    }

    [Fact]
    public void Select_EqualScores_TakesTheSmallestBeta()
    {
        // The images equal their prototypes: every β is always right.
        var prototypes = MadeUp.Features(4, 8, seed: 3);
        var labels = MadeUp.Labels(12, 4);
        var selection = BetaCrossValidation.Select(new FeatureSet(prototypes.SelectRows(labels), prototypes, labels));
        selection.Candidates.ShouldAllBe(candidate => candidate.Accuracy == 1);
        selection.Beta.ShouldBe(0);
    }

    [Fact]
    public void Select_EqualNumbersOfRightImages_AreEqualScores()
    {
        // Splits of 7 images give scores such as 5 / 7, whose sums depend on their order in floating point.
        var options = new BetaCrossValidationOptions { Candidates = 13, Splits = 5, ValidationFraction = 0.5 };
        for (var seed = 1; seed <= 200; seed++)
        {
            var task = MadeUp.Task(7, 8, shots: 2, seed, spread: 3);
            var selection = BetaCrossValidation.Select(task, options, new FitContext { Seed = seed });
            var images = selection.Candidates.Select(candidate => (int)Math.Round(candidate.Accuracy * 35)).ToArray();
            selection.Beta.ShouldBe(selection.Candidates[Array.IndexOf(images, images.Max())].Beta, Invariant($"seed {seed}"));
        }
    }

    [Fact]
    public void Select_SameSeed_ChoosesTheSameOnAnyNumberOfThreads()
    {
        var first = Select(seed: 7, threads: 1);
        Select(seed: 7, threads: 3).Candidates.ShouldBe(first.Candidates);
        Select(seed: 8, threads: 1).Candidates.ShouldNotBe(first.Candidates);

        static BetaSelection Select(int seed, int threads) => BetaCrossValidation.Select(Task, context: new FitContext { Seed = seed, MaxDegreeOfParallelism = threads });
    }

    [Fact]
    public void Select_OneImage_SaysWhatToDo() =>
        Should.Throw<LfaDataException>(() => BetaCrossValidation.Select(MadeUp.Task(1, 4, shots: 1, seed: 1)))
            .Message.ShouldBe("Cross-validation of beta needs two images at least; there is one. Give beta a value instead.");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Select_OneShotAClass_LeavesTheHeldOutClassesToTheCompletion(bool stratified)
    {
        var task = MadeUp.Task(5, 12, shots: 1, seed: 4, spread: 2, MadeUp.Rotation(12, seed: 5, spread: 1));
        var options = new BetaCrossValidationOptions { Candidates = 5, Splits = 8, Stratified = stratified };
        var splits = Enumerable.Range(0, 8).Select(split => Split(task, options, 1_000_003 + split)).ToArray();
        splits.ShouldAllBe(split => split.Validation.Length > 0 && split.Training.Length + split.Validation.Length == 5);
        var candidates = BetaCrossValidation.Select(task, options).Candidates;
        foreach (var (beta, accuracy) in candidates)
            accuracy.ShouldBe(splits.Average(split => Score(task, split.Training, split.Validation, beta)), 1e-9);
        candidates.Select(candidate => candidate.Accuracy).Distinct().Count().ShouldBeGreaterThan(1, "the scores differ, or the test would show nothing");
    }

    [Fact]
    public void Select_Cancelled_Throws() =>
        Should.Throw<OperationCanceledException>(() => BetaCrossValidation.Select(Task, context: new FitContext { CancellationToken = new CancellationToken(canceled: true) }));

    [Fact]
    public void Options_OutOfRange_Throw()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new BetaCrossValidationOptions { Candidates = 1 });
        Should.Throw<ArgumentOutOfRangeException>(() => new BetaCrossValidationOptions { Splits = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new BetaCrossValidationOptions { ValidationFraction = 1 });
    }

    [Fact]
    public void Select_PlantedRotation_TrustsItWhereTheNoiseIsSmallAndTheIdentityWhereThereIsNone()
    {
        // Half a turn of the images: without the rotation nothing is right. Without one, a rotation fitted to noise only harms.
        var rotation = MadeUp.Rotation(24, seed: 5);
        BetaCrossValidation.Select(MadeUp.Task(10, 24, shots: 12, seed: 6, spread: 0.5, rotation)).Beta.ShouldBeLessThan(0.3);
        BetaCrossValidation.Select(MadeUp.Task(10, 24, shots: 3, seed: 6, spread: 3)).Beta.ShouldBeGreaterThan(0.5);
    }

    private static (int[] Training, int[] Validation) Split(FeatureSet task, BetaCrossValidationOptions options, int seed)
    {
        if (!options.Stratified)
            return Folds.SplitRandomly(task.SampleCount, options.ValidationFraction, seed);
        var folds = Folds.Stratify(task.Labels.Span, (int)(1 / options.ValidationFraction), seed);
        var rows = Enumerable.Range(0, task.SampleCount).ToArray();
        return (Array.FindAll(rows, row => folds[row] != 0), Array.FindAll(rows, row => folds[row] == 0));
    }

    private static double Score(FeatureSet task, int[] training, int[] validation, double beta)
    {
        var (fitted, held) = (task.SelectRows(training), task.SelectRows(validation));
        var transform = BetaProcrustes.Shrink(OrthogonalProcrustes.Fit(CrossProducts.ClassSums(fitted.ImageFeatures, fitted.Labels.Span, task.ClassCount), task.ClassPrototypes, threads: 1), beta);
        return AlignedModel.Of(transform, task.ClassPrototypes, task.ClassNames).Evaluate(held).Top1Accuracy;
    }
}
