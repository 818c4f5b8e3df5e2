using Lfa.Alignment;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods;

/// <summary>Tasks at the edge of what can be fitted: everything stays finite, and the report says what happened in numbers.</summary>
public class AutoMethodEdgeTests
{
    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(1, 6, 5)]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 5)]
    [InlineData(2, 1, 1)]
    [InlineData(3, 1, 4)]
    [InlineData(2, 2, 5)]
    [InlineData(2, 6, 5)]
    [InlineData(2, 6, 1)]
    [InlineData(5, 4, 1)]
    [InlineData(30, 1, 6)]
    [InlineData(30, 3, 2)]
    [InlineData(40, 1, 2)]
    [InlineData(2, 2, 60)]
    public void Fit_ExtremeShapes_IsFinite(int classes, int shots, int dimension)
    {
        var fit = Fit(MadeUp.Task(classes, dimension, shots, seed: 3));
        if (classes == 1)
            ShouldBeUntouched(fit, StepReason.TooFewExamples);
    }

    [Fact]
    public void Fit_OneImage_IsZeroShot()
    {
        var fit = Fit(MadeUp.Task(1, 4, shots: 1, seed: 1));
        ShouldBeUntouched(fit, StepReason.TooFewExamples);
        (fit.Auto().Images, fit.Auto().Folds.Count, fit.Auto().Experts.Count).ShouldBe((0, 0, 0));
    }

    [Fact]
    public void Fit_EveryImageButOneTheSame_IsFinite()
    {
        var images = MadeUp.Features(2, 6, seed: 1).SelectRows([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        Fit(new FeatureSet(images, MadeUp.Features(3, 6, seed: 2), MadeUp.Labels(12, 3)));
    }

    [Fact]
    public void Fit_EveryImageOnItsPrototype_IsFinite()
    {
        var prototypes = MadeUp.Features(5, 8, seed: 1);
        var fit = Fit(new FeatureSet(prototypes.SelectRows(MadeUp.Labels(20, 5)), prototypes, MadeUp.Labels(20, 5)));
        fit.Evaluate(new FeatureSet(prototypes, prototypes, MadeUp.Labels(5, 5))).Last().Top1.ShouldBe(1);
    }

    [Fact]
    public void Fit_EveryImageTwice_IsFinite()
    {
        var task = MadeUp.Task(6, 10, shots: 4, seed: 4, spread: 2);
        Fit(task.SelectRows([.. Enumerable.Range(0, 24), .. Enumerable.Range(0, 24)]));
    }

    [Fact]
    public void Fit_TwoClassesOfOnePrototype_IsFinite()
    {
        var task = MadeUp.Task(4, 10, shots: 5, seed: 5, spread: 1);
        Fit(new FeatureSet(task.ImageFeatures, task.ClassPrototypes.SelectRows([0, 1, 2, 2]), task.Labels));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(12)]
    public void Fit_AllClassesOfOnePrototype_IsFinite(int shots)
    {
        // Zero-shot, and every transform, gives every class the same score: their logits have no spread.
        var task = MadeUp.Task(4, 10, shots, seed: 6, spread: 0.5);
        Fit(new FeatureSet(task.ImageFeatures, task.ClassPrototypes.SelectRows([0, 0, 0, 0]), task.Labels));
    }

    [Theory]
    [InlineData(2, 8, 20)]
    [InlineData(3, 12, 30)]
    [InlineData(5, 5, 40)]
    public void Fit_NamesOfOtherClasses_LearnsFromTheImages(int dimension, int classes, int shots)
    {
        // The names are dealt out in another order, and the encoder's temperature makes zero-shot sure of itself: all labels look wrong to it.
        var (train, test) = MadeUp.TrainAndTest(classes, dimension, shots, testShots: 100, seed: 7, spread: 0.2);
        int[] order = [.. Enumerable.Range(0, classes).Select(c => (c + 1) % classes)];
        FeatureSet Misnamed(FeatureSet task) => new(task.ImageFeatures, task.ClassPrototypes.SelectRows(order), task.Labels);
        var accuracies = Fit(Misnamed(train)).Evaluate(Misnamed(test));
        accuracies[0].Accuracy.Top1.ShouldBeLessThan(0.1);
        var named = AlignedModel.ZeroShot(test).Evaluate(test).Top1Accuracy;
        accuracies.Last().Top1.ShouldBeGreaterThan(named - 0.1, "the images tell what the right names would");
    }

    [Fact]
    public void Fit_PrototypesAtRandom_IsFinite()
    {
        var task = MadeUp.Task(6, 12, shots: 30, seed: 8, spread: 0.3);
        Fit(new FeatureSet(task.ImageFeatures, MadeUp.Features(6, 12, seed: 99), task.Labels));
    }

    private static MethodFit Fit(FeatureSet task)
    {
        var fit = new AutoMethod().Fit(task);
        var model = fit.ToModel();
        fit.Aligned().Transform.Matrix.Values.ToArray().ShouldAllBe(value => float.IsFinite(value));
        model.Temperature.ShouldBeInRange(1e-6, 1e6);
        model.Probabilities(task.ImageFeatures).Values.ToArray().ShouldAllBe(value => value >= 0 && value <= 1);
        model.Calibration.ShouldNotBeNull();
        var auto = fit.Auto();
        Enum.IsDefined(auto.Reason).ShouldBeTrue();
        double.IsNaN(auto.Errors).ShouldBeFalse();
        auto.ToString().ShouldNotBeEmpty();
        auto.ToString().ShouldNotContain("NaN");
        double.IsFinite(auto.Gain).ShouldBeTrue();
        auto.GainError.ShouldBeGreaterThanOrEqualTo(0);
        foreach (var expert in auto.Experts)
        {
            expert.Part.ShouldBeInRange(0, 1, expert.Name);
            (expert.Accuracy is null).ShouldBe(auto.HoldsOutClasses && expert.Name == "shrunk-means", expert.Name);
            (expert.Accuracy ?? 0).ShouldBeInRange(0, 1, expert.Name);
            (expert.LogLoss ?? 0).ShouldBeInRange(0, 1e3, expert.Name);
        }
        foreach (var fold in auto.Folds)
        {
            (fold.LogLoss, fold.ZeroShotLogLoss).ShouldSatisfyAllConditions(both => double.IsFinite(both.LogLoss).ShouldBeTrue(), both => double.IsFinite(both.ZeroShotLogLoss).ShouldBeTrue());
            fold.Images.ShouldBeGreaterThan(0);
        }
        return fit;
    }

    private static void ShouldBeUntouched(MethodFit fit, StepReason reason)
    {
        (fit.Auto().Adapts, fit.Auto().Step, fit.Auto().Reason).ShouldBe((false, 0, reason));
        fit.Aligned().Residual.ShouldBeNull();
        fit.Aligned().Transform.Matrix.Values.ToArray().ShouldBe(Transform.Identity(fit.Aligned().Dimension).Matrix.Values.ToArray());
    }
}
