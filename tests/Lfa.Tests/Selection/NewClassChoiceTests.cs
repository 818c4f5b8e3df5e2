using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Selection;
using Lfa.Tests.Support;

namespace Lfa.Tests.Selection;

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
        var fit = LfaTrainer.Fit(known);
        var chosen = fit.Auto!.NewClasses;
        chosen.Step.ShouldBeGreaterThan(0);
        chosen.Gain.ShouldBeGreaterThan(2 * chosen.GainError);
        (chosen.Classes, chosen.Folds.Count).ShouldBe((classes / 2, shots == 1 ? 4 : 2));
        chosen.Chosen.ShouldMatch("^(25|50|100) % of the way from zero-shot to ");
        Top1(fit.Classifier, unseen).ShouldBeGreaterThan(ZeroShot(unseen) + 1);
    }

    [Fact]
    public void Fit_ShiftOfEachClassAlone_LeavesNewClassesToZeroShot()
    {
        var train = Shifted(classes: 40, shots: 8);
        var fit = LfaTrainer.Fit(train);
        fit.Auto!.Adapts.ShouldBeTrue("where the images of a class lie can be learned for that class");
        var chosen = fit.Auto.NewClasses;
        (chosen.Step, chosen.Chosen).ShouldBe((0, "zero-shot"));
        fit.Classifier.NewClasses!.Transform.Matrix.Values.ToArray().ShouldBe(Transform.Identity(train.Dimension).Matrix.Values.ToArray());
        chosen.Reason.ShouldContain("the others beyond noise");
    }

    [Fact]
    public void Fit_ZeroShotKeptForAll_NeedsNoTransformOfItsOwn()
    {
        var train = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 8, Dimension = 24, Shots = 4, RotatedShare = 0, NoiseDecay = 0, TextConcentration = 0, ImageConcentration = 0 }).Train;
        var fit = LfaTrainer.Fit(train);
        (fit.Auto!.Adapts, fit.Auto.NewClasses.Step).ShouldBe((false, 0));
        fit.Classifier.NewClasses.ShouldBeNull();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Fit_TooFewClassesThatAdapt_LeaveNewClassesToZeroShot(int classes)
    {
        var train = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = classes, Dimension = 64, Shots = 32, Groups = 1, RotatedShare = 1, NoiseShare = 0.9 }).Train;
        var fit = LfaTrainer.Fit(train);
        (fit.Auto!.Adapts, fit.Auto.NewClasses.Chosen).ShouldBe((true, "zero-shot"));
        var prototypes = MadeUp.Features(5, 64, seed: 4).NormalizeRows();
        var zeroShot = new LfaClassifier(Transform.Identity(64), prototypes, ["a", "b", "c", "d", "e"]);
        fit.Classifier.ForClasses(prototypes, zeroShot.ClassNames).Logits(train.ImageFeatures).Values.ToArray().ShouldBe(zeroShot.Logits(train.ImageFeatures).Values.ToArray());
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 4)]
    [InlineData(3, 1)]
    public void Fit_TooFewClasses_SaysSo(int classes, int shots)
    {
        var fit = LfaTrainer.Fit(MadeUp.Task(classes, 12, shots, seed: 3));
        fit.Auto!.NewClasses.Reason.ShouldBe("there are too few classes to hold any out");
        (fit.Auto.NewClasses.Classes, fit.Auto.NewClasses.Folds.Count, fit.Classifier.NewClasses).ShouldBe((0, 0, null));
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
        var described = byClass.DescribeNewClasses("zero-shot");
        described.Classes.ShouldBe(4);
        described.Gain.ShouldBe(byImage.DescribeNewClasses("x").Gain, 1e-12); // The classes have as many images each.
        described.GainError.ShouldBeGreaterThan(2 * byImage.DescribeNewClasses("x").GainError);
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

    private static double Top1(LfaClassifier classifier, FeatureSet test) => classifier.ForClasses(test.ClassPrototypes, test.ClassNames).Evaluate(test).Top1;

    private static double ZeroShot(FeatureSet test) => new LfaClassifier(Transform.Identity(test.Dimension), test.ClassPrototypes, test.ClassNames).Evaluate(test).Top1;
}
