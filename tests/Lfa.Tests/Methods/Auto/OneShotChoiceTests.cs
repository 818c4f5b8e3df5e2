using Lfa.Methods;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods;

/// <summary>Zero-shot classification and a transform that was learned of other classes.</summary>
public class OneShotChoiceTests
{
    private static readonly double[] Direction = [0, 1];

    [Fact]
    public void Of_NamesThatSayLittle_GoesTheWholeWay() =>
        Choose(zeroShotLogLoss: 3, Unclear()).Step.ShouldBe(1);

    [Fact]
    public void Of_NamesThatSayAll_StaysNear()
    {
        Choose(zeroShotLogLoss: 0.1, Objecting()).Step.ShouldBeLessThan(0.25);
        Choose(zeroShotLogLoss: 0, Objecting()).Step.ShouldBe(0);
    }

    [Fact]
    public void Of_LargerLossOfZeroShot_NeverGoesLessFar()
    {
        double[] steps = [.. new[] { 0, 0.2, 0.5, 1, 1.5, 2, 3, 4 }.Select(loss => Choose(loss, Objecting()).Step)];
        steps.ShouldBe([.. steps.Order()]);
        steps[^1].ShouldBeGreaterThan(steps[0]);
    }

    [Fact]
    public void Of_HeldOutClassesThatLose_GoesLessFar()
    {
        var selection = Choose(zeroShotLogLoss: 1.5, Objecting()).Describe([]);
        selection.Step.ShouldBeLessThan(Choose(zeroShotLogLoss: 1.5, Unclear()).Step);
        (selection.HoldsOutClasses, selection.Images).ShouldBe((true, 40));
    }

    [Fact]
    public void Of_SmallPromise_IsWorthAStepAcrossAGapOnly()
    {
        Choose(zeroShotLogLoss: 0.3, Unclear(), hasGap: false).Step.ShouldBe(0);
        Choose(zeroShotLogLoss: 0.3, Unclear(), hasGap: false).Describe([]).Reason.ShouldBe(StepReason.ClassesNoise);
        var taken = Choose(zeroShotLogLoss: 0.3, Unclear(), hasGap: true).Describe([]);
        (taken.Adapts, taken.Reason).ShouldBe((true, StepReason.ClassesDoNotObject));
        taken.ExpectedGain.ShouldBe(0.4 * 0.3 * 0.3 / Math.Log(20) * Math.Sqrt(taken.Step), 1e-12);
    }

    private static OneShotChoice Choose(double zeroShotLogLoss, HeldOutFold fold, bool hasGap = true) =>
        OneShotChoice.Of([fold], Direction, zeroShotLogLoss, classes: 20, hasGap, holdsOutClasses: true);

    // A transform that says what zero-shot says.
    private static HeldOutFold Unclear() => Fold((30, 2, 2), (10, -2, -2));

    // A transform that is wrong of many images that zero-shot knows.
    private static HeldOutFold Objecting() => Fold((20, 2, 4), (16, 2, -3), (4, -2, -2));

    /// <summary>Images by how far zero-shot, and the transform, put the true class ahead.</summary>
    private static HeldOutFold Fold(params (int Count, double ZeroShot, double Transform)[] images) => GivenLogits.OfLeads(0,
        GivenLogits.Times([.. images.Select(run => (run.Count, run.ZeroShot))]), GivenLogits.Times([.. images.Select(run => (run.Count, run.Transform))]));
}
