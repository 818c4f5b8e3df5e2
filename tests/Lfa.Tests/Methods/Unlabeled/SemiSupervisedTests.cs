using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Tests.Support;

namespace Lfa.Tests.Methods;

public sealed class SemiSupervisedTests : IDisposable
{
    private static readonly MadeUpProblemOptions Small = new() { Classes = 12, Dimension = 48, Shots = 12, Groups = 3, TestImages = 50 };
    private static readonly UnsupervisedAutoMethod Method = new();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Trait(Speed.Trait, Speed.Slow)]
    [Fact]
    public void Fit_PlantedRotation_GainsOnLabeledImagesAloneAndCovers()
    {
        var (train, test) = MadeUpProblem.Create();
        var (labeled, images) = FewShot.Split(train, 4, 1);
        var fit = Method.Fit(new FitTask(labeled, images));
        var selection = Selection(fit);
        (selection.Reason, selection.Images).ShouldBe((UnlabeledReason.Gains, 200));
        selection.Part.ShouldBeInRange(0.3, 1);
        selection.Accuracy!.Value.ShouldBeGreaterThan(selection.LabeledAccuracy!.Value);
        var (alone, both) = (Evaluation.FromScorer(new AutoMethod().Fit(labeled).Scorer!, test), Evaluation.FromScorer(fit.Scorer!, test));
        both.LogLoss.ShouldBeLessThan(alone.LogLoss - 0.05);
        // Half of the labels teach the folds, so that probabilities are a little too low and sets a little too large.
        both.Ece.ShouldBeLessThan(0.08);
        Coverage(fit, test).ShouldBeInRange(0.88, 0.96);
        fit.Evaluate(test).Select(stage => stage.Name).ShouldBe(["zero-shot", "auto", "unsupervised"]);
    }

    [Fact]
    public void Fit_ImagesOfOtherKind_IsTheFitToLabeledImagesAlone()
    {
        var labeled = MadeUpProblem.Create(Small with { Shots = 4 }, seed: 3).Train; // In a quarter of the seeds noise has a part, at no cost.
        var noise = labeled.WithUnlabeled(MadeUp.Features(96, 48, 5));
        var fit = Method.Fit(new FitTask(labeled, noise));
        Selection(fit).ShouldSatisfyAllConditions(
            selection => selection.Part.ShouldBe(0),
            selection => selection.Reason.ShouldBeOneOf(UnlabeledReason.Noise, UnlabeledReason.FewerRight, UnlabeledReason.NothingLearned));
        var alone = new AutoMethod().Fit(labeled);
        fit.Scorer!.Logits(labeled.ImageFeatures).Values.ToArray().ShouldBe(alone.Scorer!.Logits(labeled.ImageFeatures).Values.ToArray());
        fit.Calibration!.SetProbability(0.9).ShouldBe(alone.Calibration!.SetProbability(0.9));
        (fit.Record.Method, fit.Statistics).ShouldBe(("unsupervised-auto", null));
    }

    [Trait(Speed.Trait, Speed.Slow)]
    [Fact]
    public void Fit_OneLabeledImageAClass_NumbersOfImagesDecide()
    {
        var (train, test) = MadeUpProblem.Create();
        var (labeled, images) = FewShot.Split(train, 1, 1);
        var fit = Method.Fit(new FitTask(labeled, images));
        (Selection(fit).Reason, Selection(fit).Images, Selection(fit).Accuracy).ShouldBe((UnlabeledReason.OneExample, 0, null));
        Selection(fit).Part.ShouldBe(750.0 / (750 + 100), 1e-12);
        fit.Calibration!.HeldOutClasses.ShouldBeTrue();
        fit.Calibration.Temperature.ShouldBe(fit.Scorer!.Temperature);
        Evaluation.FromScorer(fit.Scorer, test).LogLoss.ShouldBeLessThan(Evaluation.FromScorer(new AutoMethod().Fit(labeled).Scorer!, test).LogLoss);
    }

    [Fact]
    public void Fit_ClassWithoutLabeledImage_IsNotJudged()
    {
        var (labeled, images) = FewShot.Split(MadeUpProblem.Create(Small).Train, 4, 1);
        var fit = Method.Fit(new FitTask(labeled.SelectRows([.. Enumerable.Range(4, labeled.SampleCount - 4)]), images));
        (fit.Detail<UnlabeledSelection>(), fit.Calibration).ShouldBe((null, null));
    }

    [Fact]
    public void Fit_ImagesThatHaveLabelsToo_CountOnce()
    {
        var (labeled, images) = FewShot.Split(MadeUpProblem.Create(Small).Train, 4, 1);
        Matrix All(FeatureSet set) => Matrix.Stack([set.ImageFeatures, labeled.ImageFeatures]);
        var fit = Method.Fit(new FitTask(labeled, labeled.WithUnlabeled(All(images))));
        fit.Detail<TransportReport>()!.Images.ShouldBe(96);
        fit.Scorer!.Logits(images.ImageFeatures).Values.ToArray().ShouldBe(Method.Fit(new FitTask(labeled, images)).Scorer!.Logits(images.ImageFeatures).Values.ToArray());
        Should.Throw<LfaDataException>(() => Method.Fit(new FitTask(labeled, labeled))).Message.ShouldBe("All 48 images without labels are among the labeled ones, too; give others.");
    }

    [Fact]
    public void Fit_AnyThreads_SameBits_AndRoundTrips()
    {
        var (labeled, images) = FewShot.Split(MadeUpProblem.Create(Small).Train, 4, 1);
        LfaModel Fit(int threads) => LfaModel.Fit(new FitTask(labeled, images), Method, new FitContext { MaxDegreeOfParallelism = threads });
        var model = Fit(1);
        Fit(3).Logits(images.ImageFeatures).Values.ToArray().ShouldBe(model.Logits(images.ImageFeatures).Values.ToArray());
        model.Save(_folder["m"]);
        var loaded = LfaModel.Load(_folder["m"]);
        loaded.Logits(images.ImageFeatures).Values.ToArray().ShouldBe(model.Logits(images.ImageFeatures).Values.ToArray());
        loaded.Calibration!.SetProbability(0.9).ShouldBe(model.Calibration!.SetProbability(0.9));
        loaded.Record.Blend.Select(expert => expert.Name).ShouldBe(model.Record.Blend.Select(expert => expert.Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Blend_OfHeads_IsTheSumOfWeightedLogits(bool hasSecondHead)
    {
        var set = MadeUpProblem.Create(Small with { Shots = 2 }).Train;
        var task = new AutoTask(set, new FitContext());
        AlignedScorer[] scorers =
        [
            new(Rotation(1), set.ClassPrototypes, 0.02, Head(2)),
            new(Rotation(3), set.ClassPrototypes, 0.05, hasSecondHead ? Head(4) : null),
        ];
        double[] weights = [0.7, 1.9];
        var experts = scorers.Select(scorer => ScorerBlend.ToExpert("any", scorer, task).Head!.Apply(set.ImageFeatures, 1)).ToArray();
        var expected = experts[0].Values.ToArray().Zip(experts[1].Values.ToArray(), (a, b) => (float)((weights[0] * a) + (weights[1] * b))).ToArray();
        ScorerBlend.Of(scorers, weights, task).Logits(set.ImageFeatures).Values.ShouldBeCloseTo(expected, 1e-4); // Single precision; logits of some units.
        if (hasSecondHead) // Else x·W was not scaled to unit length.
            experts[1].Values.ShouldBeCloseTo(scorers[1].Logits(set.ImageFeatures).Values.Span, 1e-4);

        static Transform Rotation(int seed) => new(MadeUp.Features(48, 48, seed));
        static LinearHead Head(int seed) => new(MadeUp.Features(12, 48, seed), MadeUp.Features(1, 12, seed).Values);
    }

    private static UnlabeledSelection Selection(MethodFit fit) => fit.Detail<UnlabeledSelection>().ShouldNotBeNull();

    private static double Coverage(MethodFit fit, FeatureSet test) =>
        LfaModel.FromFit(fit).Predict([test.ImageFeatures], new PredictionOptions { Coverage = 0.9 }).Select((image, i) => image.PredictionSet!.Any(one => one.Class == test.Labels.Span[i]) ? 1.0 : 0).Average();
}
