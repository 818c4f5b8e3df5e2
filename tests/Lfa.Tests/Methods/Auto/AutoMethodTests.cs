using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods;

/// <summary>What the automatic choice comes to where the right answer is known.</summary>
public class AutoMethodTests
{
    /// <summary>The prototypes are the class means and the noise is the same in all directions: nothing can beat zero-shot.</summary>
    private static readonly MadeUpProblemOptions NothingToLearn = new()
    {
        Classes = 10,
        Dimension = 32,
        Shots = 4,
        TestImages = 60,
        RotatedShare = 0,
        NoiseDecay = 0,
        TextConcentration = 0,
        ImageConcentration = 0,
        NoiseShare = 0.9,
    };

    /// <summary>An orthogonal transform undoes the domain.</summary>
    private static readonly MadeUpProblemOptions Rotated = NothingToLearn with { Classes = 12, Shots = 12, RotatedShare = 1, RotationAngle = 1.3, NoiseShare = 0.6 };

    // 720 test images of which 97 in 100 are right: the accuracies of two sets differ by 0.9 points by chance, five times as much at most.
    private const double Chance = 0.045;

    [Fact]
    public void Fit_PlantedRotation_IsUndone()
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var (train, test) = MadeUpProblem.Create(Rotated, seed);
            var fit = new AutoMethod().Fit(train);
            var accuracies = fit.Evaluate(test);
            var (auto, zeroShot) = (accuracies.Of("auto").Top1, accuracies.Of("zero-shot").Top1);
            fit.Auto().Adapts.ShouldBeTrue();
            auto.ShouldBeGreaterThan(Unrotated(seed) - Chance);
            // What held-out images say is what test images show: five standard errors of the fewer ones, 144.
            HeldOut(fit, fold => fold.Accuracy).ShouldBe(auto, 5 * StandardError(auto, 144));
            HeldOut(fit, fold => fold.ZeroShotAccuracy).ShouldBe(zeroShot, 5 * StandardError(zeroShot, 144));
        }
    }

    [Fact]
    public void Fit_PlantedRotation_DescribesWhatItDid()
    {
        var (train, test) = MadeUpProblem.Create(Rotated);
        var fit = new AutoMethod().Fit(train, new FitContext { Seed = 5 });
        var (auto, model) = (fit.Auto(), fit.ToModel());
        (fit.Record.Method, fit.Record.Options, fit.Record.Seed, fit.Record.Find("beta"), fit.Record.Iterations).ShouldBe(("auto", new AutoMethod(), 5, null, null));
        auto.HoldsOutClasses.ShouldBeFalse();
        auto.Images.ShouldBe(144);
        auto.Folds.Sum(fold => fold.Images).ShouldBe(144);
        auto.Step.ShouldBeOneOf(0.25, 0.5, 1);
        auto.Gain.ShouldBeGreaterThan(auto.Threshold * auto.GainError);
        auto.Experts.Select(expert => expert.Name).ShouldBe(["zero-shot", "procrustes", "cross-entropy, 12 iterations", "cross-entropy, 25 iterations", "cross-entropy, 50 iterations",
            "re-ranking, 12 iterations", "re-ranking, 25 iterations", "re-ranking, 50 iterations", "shrunk-means", "linear-probe"]);
        auto.Experts.ShouldAllBe(expert => expert.Part >= 0);
        auto.Experts.Sum(expert => expert.Part).ShouldBe(1, 1e-9);
        auto.Experts[1].Accuracy!.Value.ShouldBeGreaterThan(auto.Experts[0].Accuracy!.Value + 0.15, "the orthogonal transform undoes the rotation");
        auto.Experts[1].LogLoss!.Value.ShouldBeLessThan(auto.Experts[0].LogLoss!.Value);
        foreach (var expert in auto.Experts.Where(expert => expert.Part >= 0.005))
            auto.ToString().ShouldContain(Invariant($"{100 * expert.Part:0} % {expert.Name}"));
        (auto.Reason, auto.Origin, fit.Summary).ShouldBe((StepReason.Gains, "zero-shot", auto.ToString()));
        model.Record.Method.ShouldBe("auto");
        auto.Experts.Where(expert => expert.Part > 0).Select(expert => expert.Name).ShouldBeSubsetOf(model.Record.Blend.Select(expert => expert.Name));
        model.Calibration!.Samples.ShouldBe(144);
        model.Calibration.HeldOutClasses.ShouldBeFalse();
        fit.Evaluate(test).Of("auto").ShouldBe(new Accuracy(model.Evaluate(test).Top1Accuracy, model.Evaluate(test).Top5Accuracy));
    }

    [Trait(Speed.Trait, Speed.Slow)]
    [Fact]
    public void Fit_NothingToLearn_KeepsZeroShotAndFitsItsTemperature()
    {
        var (kept, cost) = (0, 0.0);
        for (var seed = 1; seed <= 20; seed++)
        {
            var (train, test) = MadeUpProblem.Create(NothingToLearn, seed);
            var fit = new AutoMethod().Fit(train, new FitContext { Seed = seed });
            var auto = fit.Auto();
            if (auto.Adapts)
            {
                cost += (fit.Evaluate(test).Of("zero-shot").Top1 - fit.Evaluate(test).Of("auto").Top1) / 20;
                continue;
            }
            kept++;
            (auto.Step, auto.ToString(), auto.Images).ShouldBe((0, "zero-shot", 40));
            auto.Reason.ShouldBeOneOf(StepReason.Noise, StepReason.NoMoreRight);
            auto.Experts[0].Part.ShouldBe(1, 1e-12);
            var model = fit.ToModel();
            model.Aligned!.Transform.Matrix.Values.ToArray().ShouldBe(Transform.Identity(32).Matrix.Values.ToArray());
            model.Aligned.Residual.ShouldBeNull();
            model.Calibration!.Samples.ShouldBe(40);
            model.Temperature.ShouldBe(model.Calibration.Temperature);
            fit.Evaluate(test).Of("auto").ShouldBe(fit.Evaluate(test).Of("zero-shot"));
            // Within the noise of 40 images of the best temperature on 600; that of the encoder is far off.
            var best = TemperatureScaling.Fit(Scores(test), test.Labels.Span);
            model.Temperature.ShouldBeInRange(best / 2, best * 2);
            model.Temperature.ShouldBeGreaterThan(0.04);
        }
        // Of 40 images what is expected counts, too: 14 of 100 seeds leave zero-shot, by a short step that costs next to nothing.
        kept.ShouldBeGreaterThanOrEqualTo(16);
        cost.ShouldBeLessThan(0.002);
    }

    [Fact]
    public void Fit_ATenthOfTheLabelsWrong_StillBeatsZeroShot()
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var (train, test) = MadeUpProblem.Create(Rotated, seed);
            var labels = train.Labels.ToArray();
            for (var i = seed; i < labels.Length; i += 10)
                labels[i] = (labels[i] + 1 + (i % 11)) % 12;
            var accuracies = new AutoMethod().Fit(new FeatureSet(train.ImageFeatures, train.ClassPrototypes, labels)).Evaluate(Unnamed(test));
            accuracies.Of("auto").Top1.ShouldBeGreaterThan(Unrotated(seed) - Chance - 0.02, "two points for the labels that mislead");
        }
    }

    [Fact]
    public void Fit_OneExampleBesideFifty_BeatsZeroShotOnEveryClass()
    {
        var (many, test) = MadeUpProblem.Create(Rotated with { Classes = 6, Shots = 50 });
        var train = many.SelectRows([.. Enumerable.Range(0, 300).Where(row => many.Labels.Span[row] % 2 == 0 || row % 50 == 0)]);
        train.SampleCount.ShouldBe(153);
        var fit = new AutoMethod().Fit(train);
        fit.Auto().HoldsOutClasses.ShouldBeFalse();
        fit.Auto().Images.ShouldBe(150, "a single example is never held out");
        var (adapted, zeroShot) = (fit.ToModel().Evaluate(test), new ZeroShotMethod().Fit(train).ToModel().Evaluate(test));
        adapted.Top1Accuracy.ShouldBeGreaterThan(zeroShot.Top1Accuracy + 0.35);
        adapted.PerClass.Count.ShouldBe(6);
        // 60 images a class: the accuracies of both differ by 9 points of 100 by chance, one standard error.
        for (var c = 0; c < 6; c++)
            adapted.PerClass[c].Recall.ShouldBeGreaterThan(zeroShot.PerClass[c].Recall + (c % 2 == 0 ? 0.27 : 0.05), "no class is given up for the others");
    }

    [Fact]
    public void Fit_OneExampleAClassAcrossAGap_AdaptsAndGains()
    {
        var options = new MadeUpProblemOptions { Classes = 30, Dimension = 64, Shots = 1, TestImages = 20 };
        for (var seed = 1; seed <= 3; seed++)
        {
            var (train, test) = MadeUpProblem.Create(options, seed);
            var fit = new AutoMethod().Fit(train);
            var (auto, model) = (fit.Auto(), fit.ToModel());
            (auto.HoldsOutClasses, auto.Images, auto.Folds.Count, auto.Threshold).ShouldBe((true, 30, 4, -1));
            auto.Experts.ShouldNotContain(expert => expert.Name == "linear-probe", "one image a class teaches it little");
            auto.Adapts.ShouldBeTrue();
            model.Aligned!.Residual.ShouldNotBeNull();
            model.Calibration!.HeldOutClasses.ShouldBeTrue();
            model.Calibration.Samples.ShouldBe(30);
            var accuracies = fit.Evaluate(test);
            accuracies.Of("auto").Top1.ShouldBeGreaterThan(accuracies.Of("zero-shot").Top1);
        }
    }

    [Fact]
    public void Fit_OneExampleAClassAndNamesThatSayNothing_LeavesThem()
    {
        var (train, test) = MadeUpProblem.Create(new() { Classes = 30, Dimension = 64, Shots = 1, TestImages = 20, RotatedShare = 1, RotationAngle = Math.PI / 2, NoiseShare = 0.3 }, seed: 1);
        var fit = new AutoMethod().Fit(train);
        fit.Auto().Step.ShouldBeGreaterThan(0.9);
        var accuracies = fit.Evaluate(test);
        accuracies.Of("auto").Top1.ShouldBeGreaterThan(accuracies.Of("zero-shot").Top1 + 0.2);
    }

    [Fact]
    public void Fit_OneExampleAClassWithoutAGap_KeepsZeroShot()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var auto = new AutoMethod().Fit(MadeUpProblem.Create(NothingToLearn with { Classes = 20, Shots = 1, NoiseShare = 0.6 }, seed).Train).Auto();
            (auto.HoldsOutClasses, auto.Threshold, auto.Adapts).ShouldBe((true, -1, false));
            auto.Reason.ShouldBe(StepReason.ClassesNoise);
        }
    }

    [Fact]
    public void Fit_ZeroShotKept_DoesNotDependOnTheTemperatureOfTheEncoder()
    {
        var (train, _) = MadeUpProblem.Create(NothingToLearn, seed: 2);
        var fits = new[] { 0.005, 0.01, 0.02 }.Select(temperature => new AutoMethod().Fit(AtTemperature(train, temperature))).ToArray();
        fits.ShouldAllBe(fit => !fit.Auto().Adapts && fit.Scorer!.Temperature == fits[0].Scorer!.Temperature);
    }

    [Theory]
    [InlineData(0.005)]
    [InlineData(0.02)]
    [InlineData(0.07)]
    public void Fit_TemperatureOfAnotherEncoder_AdaptsAsWell(double temperature)
    {
        var (train, test) = MadeUpProblem.Create(Rotated);
        var fit = new AutoMethod().Fit(AtTemperature(train, temperature));
        var accuracies = fit.Evaluate(test);
        accuracies.Of("auto").Top1.ShouldBeGreaterThan(Unrotated() - Chance);
        // The probabilities are those of the data, whatever the encoder says: 0.126, and at another temperature of the experts 0.012 less.
        fit.ToModel().Evaluate(test).LogLoss.ShouldBe(new AutoMethod().Fit(train).ToModel().Evaluate(test).LogLoss, 0.02);
    }

    [Fact]
    public void Fit_SeveralCrops_LearnsFromAllAndJudgesByTheCenter()
    {
        var (train, test) = MadeUpProblem.Create(Rotated);
        var noise = MadeUp.Floats(train.ImageFeatures.Values.Length, seed: 3);
        Matrix[] crops = [new Matrix(train.ImageFeatures.Values.ToArray().Zip(noise, (value, deviate) => value + (0.05f * deviate)).ToArray(), train.SampleCount, train.Dimension), train.ImageFeatures];
        var task = new FeatureSet(crops, train.ClassPrototypes, train.Labels, train.ClassNames);
        var fit = new AutoMethod().Fit(task);
        var accuracies = fit.Evaluate(test);
        accuracies.Of("auto").Top1.ShouldBeGreaterThan(Unrotated() - Chance);
        var single = new AutoMethod().Fit(train).Auto();
        fit.Auto().Images.ShouldBe(single.Images, "an image counts once, however many crops are stored");
        fit.Auto().Folds.Select(fold => fold.ZeroShotAccuracy).ShouldBe(single.Folds.Select(fold => fold.ZeroShotAccuracy));
        fit.Auto().Experts.Select(expert => expert.LogLoss).ShouldNotBe(single.Experts.Select(expert => expert.LogLoss), "the other crop takes part");
    }

    [Trait(Speed.Trait, Speed.Slow)]
    [Fact]
    public void Fit_TwoThousandClasses_AreNoHindrance()
    {
        var (train, test) = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 2000, Dimension = 16, Shots = 1, TestImages = 1, NoiseShare = 0.5 });
        var fit = new AutoMethod().Fit(train);
        (fit.Auto().HoldsOutClasses, fit.Auto().Images, fit.Auto().Folds.Count).ShouldBe((true, 2000, 4));
        var accuracies = fit.Evaluate(test);
        accuracies.Of("auto").Top1.ShouldBeGreaterThan(accuracies.Of("zero-shot").Top1);
    }

    private static double HeldOut(MethodFit fit, Func<FoldScore, double> value) => fit.Auto().Folds.Sum(fold => fold.Images * value(fold)) / fit.Auto().Images;

    /// <summary>The accuracy of zero-shot on images that nothing rotated: what the planted rotation undone would give.</summary>
    private static double Unrotated(int seed = 1)
    {
        var test = MadeUpProblem.Create(Rotated with { RotatedShare = 0 }, seed).Test;
        return AlignedModel.ZeroShot(test).Evaluate(test).Top1Accuracy;
    }

    private static double StandardError(double fraction, int images) => Math.Sqrt(fraction * (1 - fraction) / images);

    private static Matrix Scores(FeatureSet test) =>
        Oracle.ToFeatures(test.ImageFeatures.ToOracle().TransposeAndMultiply(test.ClassPrototypes.ToOracle()));

    private static FeatureSet AtTemperature(FeatureSet task, double temperature) =>
        task.WithClassPrototypes(task.ClassPrototypes, new EncoderIdentity { Temperature = temperature });

    private static FeatureSet Unnamed(FeatureSet task) => new(task.ImageFeatures, task.ClassPrototypes, task.Labels);
}
