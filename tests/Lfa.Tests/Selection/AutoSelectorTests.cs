using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Tests.Support;

namespace Lfa.Tests.Selection;

/// <summary>What the automatic choice comes to where the right answer is known.</summary>
public class AutoSelectorTests
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

    [Fact]
    public void Fit_PlantedRotation_BeatsZeroShotClearly()
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var (train, test) = MadeUpProblem.Create(Rotated, seed);
            var fit = LfaTrainer.Fit(train);
            var accuracies = fit.Evaluate(test);
            fit.Auto!.Adapts.ShouldBeTrue();
            accuracies.Auto!.Top1.ShouldBeGreaterThan(accuracies.ZeroShot.Top1 + 15);
            // What held-out images say is what test images show: five standard errors of the fewer ones, 144.
            HeldOut(fit, fold => fold.Top1).ShouldBe(accuracies.Auto.Top1, 5 * StandardError(accuracies.Auto.Top1, 144));
            HeldOut(fit, fold => fold.ZeroShotTop1).ShouldBe(accuracies.ZeroShot.Top1, 5 * StandardError(accuracies.ZeroShot.Top1, 144));
        }
    }

    [Fact]
    public void Fit_PlantedRotation_DescribesWhatItDid()
    {
        var (train, test) = MadeUpProblem.Create(Rotated);
        var fit = LfaTrainer.Fit(train, new LfaOptions { Seed = 5 });
        var auto = fit.Auto!;
        (fit.Method, fit.Seed, fit.Beta, fit.Iterations).ShouldBe((FitMethod.Auto, 5, null, 0));
        auto.HoldsOutClasses.ShouldBeFalse();
        auto.Images.ShouldBe(144);
        auto.Folds.Sum(fold => fold.Images).ShouldBe(144);
        auto.Step.ShouldBeOneOf(0.25, 0.5, 1);
        auto.Gain.ShouldBeGreaterThan(auto.Threshold * auto.GainError);
        auto.Experts.Select(expert => expert.Name).ShouldBe(["zero-shot", "procrustes", "cross-entropy, 12 iterations", "cross-entropy, 25 iterations", "cross-entropy, 50 iterations",
            "re-ranking, 12 iterations", "re-ranking, 25 iterations", "re-ranking, 50 iterations", "gaussian"]);
        auto.Experts.ShouldAllBe(expert => expert.Share >= 0);
        auto.Experts.Sum(expert => expert.Share).ShouldBe(1, 1e-9);
        auto.Experts[1].Top1.ShouldBeGreaterThan(auto.Experts[0].Top1 + 15, "the orthogonal transform undoes the rotation");
        auto.Experts[1].LogLoss.ShouldBeLessThan(auto.Experts[0].LogLoss);
        foreach (var expert in auto.Experts.Where(expert => expert.Share >= 0.005))
            auto.Chosen.ShouldContain(Invariant($"{100 * expert.Share:0} % {expert.Name}"));
        auto.Reason.ShouldStartWith("a first step from zero-shot gains ");
        fit.Classifier.Provenance.Method.ShouldBe("auto");
        fit.Classifier.Provenance.Options.ShouldBe(auto.Chosen);
        fit.Classifier.Confidence!.Samples.ShouldBe(144);
        fit.Classifier.Confidence.HeldOutClasses.ShouldBeFalse();
        fit.Evaluate(test).Auto.ShouldBe(new Accuracy(fit.Classifier.Evaluate(test).Top1, fit.Classifier.Evaluate(test).Top5));
    }

    [Fact]
    public void Fit_NothingToLearn_KeepsZeroShotAndFitsItsTemperature()
    {
        var kept = 0;
        for (var seed = 1; seed <= 20; seed++)
        {
            var (train, test) = MadeUpProblem.Create(NothingToLearn, seed);
            var fit = LfaTrainer.Fit(train, new LfaOptions { Seed = seed });
            if (fit.Auto!.Adapts)
                continue;
            kept++;
            (fit.Auto.Step, fit.Auto.Chosen).ShouldBe((0, "zero-shot"));
            fit.Auto.Reason.ShouldMatch("^(nothing beats zero-shot beyond noise|on 40 held-out images the log-loss falls)");
            fit.Auto.Experts[0].Share.ShouldBe(1, 1e-12);
            var classifier = fit.Classifier;
            classifier.Transform.Matrix.Values.ToArray().ShouldBe(Transform.Identity(32).Matrix.Values.ToArray());
            classifier.Residual.ShouldBeNull();
            classifier.Confidence!.Samples.ShouldBe(40);
            classifier.Temperature.ShouldBe(classifier.Confidence.Temperature);
            fit.Evaluate(test).Auto.ShouldBe(fit.Evaluate(test).ZeroShot);
            // Within the noise of 40 images of the best temperature on 600; that of the encoder is far off.
            var best = TemperatureScaling.Fit(Scores(test), test.Labels.Span);
            classifier.Temperature.ShouldBeInRange(best / 2, best * 2);
            classifier.Temperature.ShouldBeGreaterThan(0.04);
        }
        kept.ShouldBeGreaterThanOrEqualTo(19); // Two standard errors: nothing passes for something in one of forty.
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
            var accuracies = LfaTrainer.Fit(new FeatureSet(train.ImageFeatures, train.ClassPrototypes, labels)).Evaluate(Unnamed(test));
            accuracies.Auto!.Top1.ShouldBeGreaterThan(accuracies.ZeroShot.Top1 + 12);
        }
    }

    [Fact]
    public void Fit_OneExampleBesideFifty_BeatsZeroShotOnBothClasses()
    {
        var (many, test) = MadeUpProblem.Create(Rotated with { Classes = 6, Shots = 50 });
        var train = many.SelectRows([.. Enumerable.Range(0, 300).Where(row => many.Labels.Span[row] % 2 == 0 || row % 50 == 0)]);
        train.SampleCount.ShouldBe(153);
        var fit = LfaTrainer.Fit(train);
        fit.Auto!.HoldsOutClasses.ShouldBeFalse();
        fit.Auto.Images.ShouldBe(150, "a single example is never held out");
        var (adapted, zeroShot) = (fit.Classifier.Evaluate(test), LfaTrainer.Fit(train, new LfaOptions { Method = FitMethod.ZeroShot }).Classifier.Evaluate(test));
        adapted.Top1.ShouldBeGreaterThan(zeroShot.Top1 + 5);
        foreach (var c in new[] { 0, 1, 2, 3, 4, 5 })
            adapted.PerClass[c].Top1.ShouldBeGreaterThan(zeroShot.PerClass[c].Top1 - 40, "no class is given up for the others");
    }

    [Fact]
    public void Fit_OneExampleAClassAcrossAGap_TakesAShortStep()
    {
        var options = new MadeUpProblemOptions { Classes = 30, Dimension = 64, Shots = 1, TestImages = 20 };
        for (var seed = 1; seed <= 3; seed++)
        {
            var (train, test) = MadeUpProblem.Create(options, seed);
            var fit = LfaTrainer.Fit(train);
            var auto = fit.Auto!;
            (auto.HoldsOutClasses, auto.Images, auto.Folds.Count, auto.Threshold).ShouldBe((true, 30, 4, -2));
            auto.Experts.ShouldNotContain(expert => expert.Name == "gaussian", "one image tells nothing of the scatter");
            auto.Adapts.ShouldBeTrue();
            fit.Classifier.Residual.ShouldBeNull();
            fit.Classifier.Confidence!.HeldOutClasses.ShouldBeTrue();
            fit.Classifier.Confidence.Samples.ShouldBe(30);
            var accuracies = fit.Evaluate(test);
            accuracies.Auto!.Top1.ShouldBeGreaterThan(accuracies.ZeroShot.Top1 - 3); // 600 test images: 1.5 standard errors.
        }
    }

    [Fact]
    public void Fit_OneExampleAClassWithoutAGap_KeepsZeroShot()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var auto = LfaTrainer.Fit(MadeUpProblem.Create(NothingToLearn with { Classes = 20, Shots = 1 }, seed).Train).Auto!;
            (auto.HoldsOutClasses, auto.Threshold, auto.Adapts).ShouldBe((true, 2, false));
            auto.Reason.ShouldStartWith("few classes have two examples, so only whole classes can be held out");
        }
    }

    [Fact]
    public void Fit_ZeroShotKept_DoesNotDependOnTheTemperatureOfTheEncoder()
    {
        var (train, _) = MadeUpProblem.Create(NothingToLearn, seed: 2);
        var fits = new[] { 0.005, 0.01, 0.02 }.Select(temperature => LfaTrainer.Fit(train, new LfaOptions { Temperature = temperature })).ToArray();
        fits.ShouldAllBe(fit => !fit.Auto!.Adapts && fit.Classifier.Temperature == fits[0].Classifier.Temperature);
    }

    [Theory]
    [InlineData(0.005)]
    [InlineData(0.02)]
    [InlineData(0.07)]
    public void Fit_TemperatureOfAnotherEncoder_AdaptsAsWell(double temperature)
    {
        var (train, test) = MadeUpProblem.Create(Rotated);
        var fit = LfaTrainer.Fit(train, new LfaOptions { Temperature = temperature });
        var accuracies = fit.Evaluate(test);
        accuracies.Auto!.Top1.ShouldBeGreaterThan(accuracies.ZeroShot.Top1 + 15);
        // The probabilities are those of the data, whatever the encoder says: five standard errors of 720 test images.
        fit.Classifier.Evaluate(test).LogLoss.ShouldBe(LfaTrainer.Fit(train).Classifier.Evaluate(test).LogLoss, 0.2);
    }

    [Fact]
    public void Fit_SeveralCrops_LearnsFromAllAndJudgesByTheCentre()
    {
        var (train, test) = MadeUpProblem.Create(Rotated);
        var noise = MadeUp.Floats(train.ImageFeatures.Values.Length, seed: 3);
        Matrix[] crops = [new Matrix(train.ImageFeatures.Values.ToArray().Zip(noise, (value, deviate) => value + (0.05f * deviate)).ToArray(), train.SampleCount, train.Dimension), train.ImageFeatures];
        var task = new FeatureSet(crops, train.ClassPrototypes, train.Labels, train.ClassNames);
        var fit = LfaTrainer.Fit(task);
        var accuracies = fit.Evaluate(test);
        accuracies.Auto!.Top1.ShouldBeGreaterThan(accuracies.ZeroShot.Top1 + 15);
        var single = LfaTrainer.Fit(train).Auto!;
        fit.Auto!.Images.ShouldBe(single.Images, "an image counts once, however many crops are stored");
        fit.Auto.Folds.Select(fold => fold.ZeroShotTop1).ShouldBe(single.Folds.Select(fold => fold.ZeroShotTop1));
        fit.Auto.Experts.Select(expert => expert.LogLoss).ShouldNotBe(single.Experts.Select(expert => expert.LogLoss), "the other crop takes part");
    }

    [Fact]
    public void Fit_TwoThousandClasses_AreNoHindrance()
    {
        var (train, test) = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 2000, Dimension = 16, Shots = 1, TestImages = 1, NoiseShare = 0.5 });
        var fit = LfaTrainer.Fit(train);
        (fit.Auto!.HoldsOutClasses, fit.Auto.Images, fit.Auto.Folds.Count).ShouldBe((true, 2000, 4));
        var accuracies = fit.Evaluate(test);
        accuracies.Auto!.Top1.ShouldBeGreaterThan(accuracies.ZeroShot.Top1);
    }

    private static double HeldOut(LfaFit fit, Func<Lfa.Selection.FoldScore, double> value) => fit.Auto!.Folds.Sum(fold => fold.Images * value(fold)) / fit.Auto.Images;

    private static double StandardError(double percent, int images) => Math.Sqrt(percent * (100 - percent) / images);

    private static Matrix Scores(FeatureSet test) =>
        Oracle.ToFeatures(test.ImageFeatures.ToOracle().TransposeAndMultiply(test.ClassPrototypes.ToOracle()));

    private static FeatureSet Unnamed(FeatureSet task) => new(task.ImageFeatures, task.ClassPrototypes, task.Labels);
}
