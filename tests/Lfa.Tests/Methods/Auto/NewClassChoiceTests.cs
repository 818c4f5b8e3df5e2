using Lfa.Alignment;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods;

/// <summary>Which transform the automatic choice gives to new classes.</summary>
public sealed class NewClassChoiceTests
{
    private static readonly MadeUpProblemOptions Rotated = new() { Dimension = 64, TestImages = 10, NoiseShare = 0.8 };

    [Theory]
    [InlineData(80, 8)]
    [InlineData(240, 1)]
    public void Fit_RotationOfAllClasses_HelpsClassesThatItNeverSaw(int classes, int shots)
    {
        var (train, test) = MadeUpProblem.Create(Rotated with { Classes = classes, Shots = shots });
        var (known, _) = ClassSplit.BaseAndNew(train);
        var (_, unseen) = ClassSplit.BaseAndNew(test);
        var fit = new AutoMethod().Fit(known);
        var chosen = fit.Auto().NewClasses;
        chosen.Step.ShouldBeGreaterThan(0);
        chosen.Gain.ShouldBeGreaterThan(2 * chosen.GainError);
        (chosen.Classes, chosen.Folds.Count).ShouldBe((classes / 2, shots == 1 ? 4 : 2));
        chosen.Step.ShouldBeOneOf(0.25, 0.5, 1);
        (chosen.Reason, Enum.IsDefined(chosen.Target)).ShouldBe((NewClassReason.Gains, true));
        Accuracy(fit.ToModel(), unseen).ShouldBeGreaterThan(ZeroShot(unseen) + 0.01);
    }

    [Fact]
    public void Fit_ShiftOfEachClassAlone_LeavesNewClassesToZeroShot()
    {
        var train = Shifted(classes: 40, shots: 8);
        var fit = new AutoMethod().Fit(train);
        fit.Auto().Adapts.ShouldBeTrue("where the images of a class lie can be learned for that class");
        var chosen = fit.Auto().NewClasses;
        chosen.Step.ShouldBe(0);
        fit.Aligned().NewClasses!.Transform.Matrix.Values.ToArray().ShouldBe(Transform.Identity(train.Dimension).Matrix.Values.ToArray());
        chosen.Reason.ShouldBe(NewClassReason.Noise);
    }

    [Fact]
    public void Fit_ZeroShotKeptForAll_NeedsNoTransformOfItsOwn()
    {
        var train = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 8, Dimension = 24, Shots = 4, RotatedShare = 0, NoiseDecay = 0, TextConcentration = 0, ImageConcentration = 0 }).Train;
        var fit = new AutoMethod().Fit(train);
        (fit.Auto().Adapts, fit.Auto().NewClasses.Step).ShouldBe((false, 0));
        fit.Aligned().NewClasses.ShouldBeNull();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Fit_TooFewClassesThatAdapt_LeaveNewClassesToZeroShot(int classes)
    {
        var train = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = classes, Dimension = 64, Shots = 32, Groups = 1, RotatedShare = 1, NoiseShare = 0.9 }).Train;
        var fit = new AutoMethod().Fit(train);
        (fit.Auto().Adapts, fit.Auto().NewClasses.Step).ShouldBe((true, 0));
        var prototypes = MadeUp.Features(5, 64, seed: 4).NormalizeRows();
        var zeroShot = AlignedModel.Of(Transform.Identity(64), prototypes, ["a", "b", "c", "d", "e"]);
        fit.ToModel().ForClasses(prototypes, zeroShot.ClassNames).Logits(train.ImageFeatures).Values.ToArray().ShouldBe(zeroShot.Logits(train.ImageFeatures).Values.ToArray());
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 4)]
    [InlineData(3, 1)]
    public void Fit_TooFewClasses_SaysSo(int classes, int shots)
    {
        var fit = new AutoMethod().Fit(MadeUp.Task(classes, 12, shots, seed: 3));
        fit.Auto().NewClasses.Reason.ShouldBe(NewClassReason.TooFewClasses);
        (fit.Auto().NewClasses.Classes, fit.Auto().NewClasses.Folds.Count, fit.Aligned().NewClasses).ShouldBe((0, 0, null));
    }

    [Fact]
    public void Of_LabelsGiven_JudgesTheNoiseOverClasses()
    {
        // Forty images of four classes: those of a class gain alike, so there are four gains and not forty.
        var labels = Enumerable.Range(0, 40).Select(i => i / 10).ToArray();
        double[] leads = [.. labels.Select(c => c == 0 ? -1.5 : 2)];
        var folds = new[] { GivenLogits.OfLeads(0, new double[20], leads[..20]), GivenLogits.OfLeads(20, new double[20], leads[20..]) };
        double[][] zeroShot = [[1, 0], [1, 0]], blends = [[1, 1], [1, 1]];
        var byImage = StepChoice.Of(folds, zeroShot, blends, HeldOutEvidence.OfNewClasses);
        var byClass = StepChoice.Of(folds, zeroShot, blends, HeldOutEvidence.OfNewClasses, labels);
        byImage.Step.ShouldBeGreaterThan(0, "of forty images, ten that lose are few");
        byClass.Step.ShouldBe(0, "one class of four loses");
        var described = byClass.DescribeNewClasses(NewClassTarget.FixedBlend);
        described.Classes.ShouldBe(4);
        described.Gain.ShouldBe(byImage.DescribeNewClasses(NewClassTarget.FixedBlend).Gain, 1e-12); // The classes have as many images each.
        described.GainError.ShouldBeGreaterThan(2 * byImage.DescribeNewClasses(NewClassTarget.FixedBlend).GainError);
    }

    /// <summary>Images around a place of their class's own, which its prototype does not tell exactly.</summary>
    private static FeatureSet Shifted(int classes, int shots)
    {
        const int dimension = 64;
        var prototypes = MadeUp.Features(classes, dimension, seed: 1).NormalizeRows();
        var (shifts, noise) = (MadeUp.Features(classes, dimension, seed: 2).NormalizeRows(), MadeUp.Floats(classes * shots * dimension, seed: 3));
        var labels = MadeUp.Labels(classes * shots, classes);
        var values = new float[labels.Length * dimension];
        for (var i = 0; i < values.Length; i++)
            values[i] = prototypes[labels[i / dimension], i % dimension] + (3 * shifts[labels[i / dimension], i % dimension]) + (0.12f * noise[i]);
        return new FeatureSet(new Matrix(values, labels.Length, dimension), prototypes, labels);
    }

    private static double Accuracy(LfaModel model, FeatureSet test) => model.ForClasses(test.ClassPrototypes, test.ClassNames).Evaluate(test).Top1Accuracy;

    private static double ZeroShot(FeatureSet test) => AlignedModel.ZeroShot(test).Evaluate(test).Top1Accuracy;
}
