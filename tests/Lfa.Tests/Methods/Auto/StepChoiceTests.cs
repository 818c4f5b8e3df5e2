using Lfa.Data;
using Lfa.Methods;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods;

/// <summary>Two experts of two classes: what zero-shot says, and what the blend adds to it.</summary>
public class StepChoiceTests
{
    private static readonly double[] ZeroShot = [1, 0];
    private static readonly double[] Blend = [1, 1];

    // 0.95 s(m) + 0.025 of the labels right is what a lead of m predicts: 0.72 at 1, 0.86 at 2, 0.96 at 4.
    [Theory]
    [InlineData(36, 14, 0.25)]
    [InlineData(86, 14, 0.5)]
    [InlineData(96, 4, 1)]
    [InlineData(50, 50, 0)]
    [InlineData(54, 46, 0)] // Gains, but within noise.
    public void Of_LeadsOfFour_GoesAsFarAsTheyAreTrue(int right, int wrong, double step)
    {
        var choice = Choose(HeldOutEvidence.OfImages, [Fold(0, (right, 0, 4), (wrong, 0, -4)), Fold(1000, (right, 0, 4), (wrong, 0, -4))]);
        choice.Step.ShouldBe(step);
        var selection = choice.Describe([]);
        (selection.Adapts, selection.Step, selection.Images).ShouldBe((step > 0, step, 2 * (right + wrong)));
        selection.Threshold.ShouldBe(2 + (10.0 / (4 * ((2 * (right + wrong)) - 1))), 1e-12); // 2 by Student's t
    }

    [Fact]
    public void Of_FirstStep_GainAndItsErrorAreThoseOfTheImages()
    {
        var selection = Choose(HeldOutEvidence.OfImages, [Fold(0, (20, 0, 4), (5, 0, -4))]).Describe([]);
        var (right, wrong) = (Doubted(0) - Doubted(1), Doubted(0) - Doubted(-1));
        var mean = ((20 * right) + (5 * wrong)) / 25;
        selection.Gain.ShouldBe(mean, 1e-6); // Logits in single precision.
        selection.GainError.ShouldBe(Math.Sqrt(((20 * Math.Pow(right - mean, 2)) + (5 * Math.Pow(wrong - mean, 2))) / 24 / 25), 1e-6);
    }

    [Fact]
    public void Describe_GainThatRoundsToNothing_IsANumber()
    {
        var selection = Choose(HeldOutEvidence.OfImages, [Fold(0, (20, 0, -1e-4))]).Describe([]);
        selection.Reason.ShouldBe(StepReason.Noise);
        selection.Gain.ShouldBe(0, 5e-5);
        selection.GainError.ShouldBe(0, 5e-5);
        double.IsNaN(selection.Errors).ShouldBeFalse();
    }

    [Fact]
    public void Of_FirstStepLoses_TriesNoLongerOne()
    {
        // Sixty images are so wrong that a quarter of the way helps little, and all of it much; twenty lose at once.
        var folds = new[] { Fold(0, (60, -12, 16), (20, 0, -2)) };
        var whole = new JudgedFold(folds[0], JudgedFold.Judge(folds[0], ZeroShot), Blend);
        whole.Gains.Average().ShouldBeGreaterThan(2);
        Choose(HeldOutEvidence.OfImages, folds).Step.ShouldBe(0);
        Choose(HeldOutEvidence.OfNewClasses, folds).Step.ShouldBe(0);
    }

    [Fact]
    public void Of_LowerLossButFewerRight_IsRefusedWhereMoreMustBeRight()
    {
        var folds = new[] { Fold(0, (60, -6, 4), (5, 0.5, -4)) };
        var refused = Choose(HeldOutEvidence.OfImages, folds).Describe([]);
        (refused.Step, refused.Adapts).ShouldBe((0, false));
        refused.Gain.ShouldBeGreaterThan(2 * refused.GainError);
        refused.Reason.ShouldBe(StepReason.NoMoreRight);
        Choose(HeldOutEvidence.OfImages with { MustCorrect = false }, folds).Step.ShouldBe(1);
    }

    [Fact]
    public void Of_FewImages_MustGainByStudentsErrors()
    {
        var few = Fold(0, (5, 0, 4), (3, 0, 0), (1, 0, -2));
        var selection = Choose(HeldOutEvidence.OfImages, [few]).Describe([]);
        var many = Enumerable.Range(0, 20).Select(i => Fold(100 * i, (5, 0, 4), (3, 0, 0), (1, 0, -2))).ToArray();
        selection.Errors.ShouldBeInRange(2, 2 + (10.0 / 32)); // beyond noise by the normal quantile
        Choose(HeldOutEvidence.OfImages, many).Step.ShouldBeGreaterThan(0);
        selection.Step.ShouldBe(0);
        selection.Threshold.ShouldBe(2 + (10.0 / 32), 1e-12);
    }

    [Fact]
    public void Of_SameImagesTwice_CountOnce()
    {
        var once = Fold(0, (20, 0, 4), (5, 0, -4));
        var one = Choose(HeldOutEvidence.OfNewClasses, [once]).Describe([]);
        var two = Choose(HeldOutEvidence.OfNewClasses, [once, Fold(0, (20, 0, 4), (5, 0, -4))]).Describe([]);
        (two.Images, two.Folds.Count).ShouldBe((25, 2));
        (two.Gain, two.GainError).ShouldBe((one.Gain, one.GainError));
    }

    [Fact]
    public void Of_OneImage_IsNoEvidence()
    {
        var choice = Choose(HeldOutEvidence.OfImages, [Fold(0, (1, 0, 4))]);
        choice.Step.ShouldBe(0);
        choice.Describe([]).GainError.ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public void Of_BlendThatChangesNothing_IsNotTakenAndSaysSoInNumbers()
    {
        var fold = Fold(0, (10, 1, 0));
        var selection = Choose(HeldOutEvidence.OfImages, [fold]).Describe([]);
        (selection.Step, selection.Reason, selection.Errors).ShouldBe((0, StepReason.Noise, 0));
    }

    [Fact]
    public void Between_Steps_LieOnTheLine()
    {
        StepChoice.Between([1, 0, 2], [3, 4, 0], 0.25).ShouldBe([1.5, 1, 1.5]);
        StepChoice.Between([1, 0, 2], [3, 4, 0], 0).ShouldBe([1, 0, 2]);
        StepChoice.Between([1, 0, 2], [3, 4, 0], 1).ShouldBe([3, 4, 0]);
    }

    [Fact]
    public void JudgedFold_ScoresAndGains_AreThoseOfTheirFormulas()
    {
        var fold = Fold(7, (1, 2, -3), (2, -1, 3));
        var judged = new JudgedFold(fold, JudgedFold.Judge(fold, ZeroShot), Blend);
        judged.Images.ShouldBe([7, 8, 9]);
        judged.Corrections.ShouldBe(1); // Leads 2, −1, −1 become −1, 2, 2.
        judged.Score.Images.ShouldBe(3);
        judged.Score.ZeroShotAccuracy.ShouldBe(1.0 / 3, 1e-12);
        judged.Score.Accuracy.ShouldBe(2.0 / 3, 1e-12);
        judged.Score.ZeroShotLogLoss.ShouldBe((LogLoss(2) + (2 * LogLoss(-1))) / 3, 1e-6); // Logits in single precision.
        judged.Score.LogLoss.ShouldBe((LogLoss(-1) + (2 * LogLoss(2))) / 3, 1e-6);
        judged.Gains.Sum().ShouldBe(Doubted(-1) - Doubted(2), 1e-6);
        JudgedFold.Judge(fold, Blend).Select(image => image.IsRight).ShouldBe([false, true, true]);
    }

    [Fact]
    public void HeldOutFold_Spread_IsTheMeanDeviationOfAnExpert()
    {
        var fold = GivenLogits.Fold([new Matrix(new float[] { 1, 3, 4, 0 }, 2, 2), new Matrix(new float[] { 5, 5, -1, -1 }, 2, 2)], [0, 1]);
        fold.Spread(0).ShouldBe((1 + 2) / 2.0, 1e-6); // Single precision.
        fold.Spread(1).ShouldBe(0);
    }

    private static StepChoice Choose(HeldOutEvidence evidence, HeldOutFold[] folds) =>
        StepChoice.Of(folds, [.. folds.Select(_ => ZeroShot)], [.. folds.Select(_ => Blend)], evidence);

    /// <summary>Images by how far zero-shot puts the true class ahead, and how much further the blend puts it.</summary>
    private static HeldOutFold Fold(int firstImage, params (int Count, double ZeroShot, double More)[] images) => GivenLogits.OfLeads(firstImage,
        GivenLogits.Times([.. images.Select(run => (run.Count, run.ZeroShot))]), GivenLogits.Times([.. images.Select(run => (run.Count, run.More))]));

    private static double LogLoss(double lead) => Math.Log(1 + Math.Exp(-lead));

    /// <summary>The log-loss of a lead where a label in twenty may be of either class.</summary>
    private static double Doubted(double lead) => -Math.Log((0.95 / (1 + Math.Exp(-lead))) + 0.025);
}
