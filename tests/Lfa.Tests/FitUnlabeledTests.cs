using Lfa.Bridging;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Refinement;
using Lfa.Tests.Support;
using Lfa.Transport;

namespace Lfa.Tests;

public sealed class FitUnlabeledTests : IDisposable
{
    // Nothing to adapt: the prototypes are the classes' own directions.
    private static readonly MadeUpProblemOptions Plain = new() { RotatedShare = 0, NoiseDecay = 0, TextConcentration = 0, ImageConcentration = 0, NoiseShare = 0.9, TestImages = 20 };
    private static readonly MadeUpProblemOptions Small = new() { Classes = 12, Dimension = 48, Shots = 8, Groups = 3, TestImages = 10 };
    private static readonly LfaOptions Published = new() { Method = FitMethod.Lfa, Refinement = new RefinementOptions { Iterations = 20 } };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Auto_PlantedRotation_BeatsZeroShot(int seed)
    {
        var (train, test) = MadeUpProblem.Create(seed: seed);
        var fit = LfaTrainer.FitUnlabeled(train, options: new LfaOptions { Seed = seed });
        fit.Auto!.Adapts.ShouldBeTrue();
        var accuracies = fit.Evaluate(test);
        accuracies.Auto.ShouldBeNull();
        accuracies.Unsupervised!.Top1.ShouldBeGreaterThan(accuracies.ZeroShot.Top1 + 3);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    public void Auto_NothingHelps_KeepsZeroShot(int shots)
    {
        var (train, test) = MadeUpProblem.Create(Plain with { Shots = shots });
        var fit = LfaTrainer.FitUnlabeled(train);
        fit.Auto!.Adapts.ShouldBeFalse();
        (fit.Classifier.Temperature, fit.Classifier.Residual, fit.Classifier.Confidence).ShouldBe((LfaClassifier.DefaultTemperature, null, null));
        var accuracies = fit.Evaluate(test);
        accuracies.Unsupervised.ShouldBe(accuracies.ZeroShot);
    }

    [Fact]
    public void Auto_HalfOfTheClassesHaveNoImage_IsNotMisledByUniformShares()
    {
        var (train, test) = MadeUpProblem.Create();
        train = OfClasses(train, c => c % 2 == 0);
        var fit = LfaTrainer.FitUnlabeled(train);
        fit.Unsupervised!.Rounds[0].Uniformity!.Value.ShouldBeLessThanOrEqualTo(0.25);
        var accuracies = fit.Evaluate(test);
        accuracies.Unsupervised!.Top1.ShouldBeGreaterThanOrEqualTo(accuracies.ZeroShot.Top1 - 0.5);
    }

    [Fact]
    public void Lfa_Published_GoesThroughItsRounds()
    {
        var (train, _) = MadeUpProblem.Create(Small);
        var fit = LfaTrainer.FitUnlabeled(train, options: Published);
        var unsupervised = fit.Unsupervised!;
        unsupervised.Rounds.Count.ShouldBe(1 + 5);
        (unsupervised.Shares, unsupervised.Images, unsupervised.LabeledImages, unsupervised.Converged).ShouldBe(("uniform", 96, 0, true));
        unsupervised.Rounds.ShouldAllBe(round => round.Uniformity == 1 && round.Kept == 1);
        unsupervised.Rounds[0].Agreement.ShouldBeLessThan(unsupervised.Rounds[^1].Agreement);
        fit.BetaSelection.ShouldNotBeNull();
        fit.Classifier.NewClasses!.Transform.ShouldBeSameAs(fit.Stages.MovingAverage);
        fit.Classifier.Provenance.Method.ShouldBe("lfa, unsupervised");
        fit.Classifier.Provenance.Options!.ShouldEndWith("96 images without labels, uniform shares, epsilon 0.0025, 5 rounds");
    }

    [Fact]
    public void Lfa_OneRound_IsAFitToThePseudoLabelsOfTheSecondTransport()
    {
        var (train, _) = MadeUpProblem.Create(Small);
        var options = Published with { Beta = 0.9, Unsupervised = new() { Rounds = 1 } };
        var fit = LfaTrainer.FitUnlabeled(train, options: options);
        FeatureSet Labeled(Matrix images) => new(train.ImageFeatures, train.ClassPrototypes, PseudoLabels.Of(Sinkhorn.Solve(images, train.ClassPrototypes), images).Labels, train.ClassNames, normalize: false);
        var start = LfaTrainer.Fit(Labeled(train.ImageFeatures), options with { Method = FitMethod.BetaProcrustes }).Classifier.Transform;
        var expected = TransformRefinement.Run(Labeled(start.Apply(train.ImageFeatures).NormalizeRows()), start, options.Refinement).Transform;
        fit.Classifier.Transform.Matrix.Values.ToArray().ShouldBe(expected.Matrix.Values.ToArray());
    }

    [Theory]
    [InlineData(FitMethod.Auto)]
    [InlineData(FitMethod.Lfa)]
    public void Fit_OtherLabelsAndThreads_SameBits(FitMethod method)
    {
        var (train, _) = MadeUpProblem.Create(Small);
        var options = Published with { Method = method };
        var expected = Values(train, 1);
        Values(new FeatureSet(train.ImageFeatures, train.ClassPrototypes, default, train.ClassNames, normalize: false), 3).ShouldBe(expected);
        Values(new FeatureSet(train.ImageFeatures, train.ClassPrototypes, new int[train.SampleCount], train.ClassNames, normalize: false), 2).ShouldBe(expected);

        float[] Values(FeatureSet images, int threads) => LfaTrainer.FitUnlabeled(images, options: options with { Threads = threads }).Classifier.Logits(train.ImageFeatures).Values.ToArray();
    }

    [Fact]
    public void Fit_ProbabilitiesAreAsSureAsZeroShot()
    {
        var (train, _) = MadeUpProblem.Create();
        var zeroShot = LfaTrainer.Fit(train, new LfaOptions { Method = FitMethod.ZeroShot }).Classifier;
        foreach (var method in new[] { FitMethod.Auto, FitMethod.Lfa })
        {
            var fitted = LfaTrainer.FitUnlabeled(train, options: Published with { Method = method }).Classifier;
            fitted.Temperature.ShouldNotBe(zeroShot.Temperature);
            Entropy(fitted).ShouldBe(Entropy(zeroShot), 1e-3);
            fitted.NewClasses.ShouldNotBeNull();
            Entropy(fitted.ForShiftedDomain()).ShouldBe(Entropy(zeroShot), 1e-3);
        }

        double Entropy(LfaClassifier classifier) => classifier.Probabilities(train.ImageFeatures).Values.ToArray().Sum(p => p > 0 ? -p * Math.Log(p) : 0) / train.SampleCount;
    }

    [Theory]
    [InlineData(FitMethod.Auto)]
    [InlineData(FitMethod.Lfa)]
    public void Semisupervised_LabelsOfSomeClasses_Help(FitMethod method)
    {
        var (train, test) = MadeUpProblem.Create(new MadeUpProblemOptions { Shots = 12 });
        var (labeled, images) = FewShot.Split(train, 4, 1);
        labeled = OfClasses(labeled, c => c < 30);
        var options = Published with { Method = method, Unsupervised = new() { Rounds = 2 } };
        var with = LfaTrainer.FitUnlabeled(images, labeled, options);
        (with.Unsupervised!.Images, with.Unsupervised.LabeledImages, with.Classifier.Provenance.Method).ShouldBe((400, 120, $"{FitMethodNames.Of(method)}, semi-supervised"));
        with.Evaluate(test).Unsupervised!.Top1.ShouldBeGreaterThan(LfaTrainer.FitUnlabeled(images, options: options).Evaluate(test).Unsupervised!.Top1);
    }

    [Theory]
    [InlineData(FitMethod.Auto)]
    [InlineData(FitMethod.Lfa)]
    public void Semisupervised_PrototypesOfTheLabeled_TakeNoPart(FitMethod method)
    {
        var (labeled, images) = FewShot.Split(MadeUpProblem.Create(Small).Train, 3, 1);
        var expected = Values(labeled);
        Values(new FeatureSet(labeled.ImageFeatures, MadeUp.Features(12, 48, 3), labeled.Labels, labeled.ClassNames, normalize: false)).ShouldBe(expected);
        Values(new FeatureSet(labeled.ImageFeatures, MadeUp.Features(12, 7, 3), labeled.Labels, labeled.ClassNames, normalize: false)).ShouldBe(expected);

        float[] Values(FeatureSet some) => LfaTrainer.FitUnlabeled(images, some, Published with { Method = method }).Classifier.Logits(images.ImageFeatures).Values.ToArray();
    }

    [Fact]
    public void Confidence_DropsImagesAndPerhapsClasses()
    {
        var (train, _) = MadeUpProblem.Create(Small with { NoiseShare = 0.97 });
        foreach (var method in new[] { FitMethod.Auto, FitMethod.Lfa })
        {
            var options = Published with { Method = method, Unsupervised = new() { Epsilon = 0.02, Confidence = 0.8, Rounds = 1 } };
            var fit = LfaTrainer.FitUnlabeled(train, options: options);
            fit.Unsupervised!.Rounds[^1].Kept.ShouldBeInRange(0.05, 0.95);
            fit.Classifier.Recipe!.Samples.ShouldBe((int)Math.Round(fit.Unsupervised.Rounds[^1].Kept * train.SampleCount));
            Should.Throw<ArgumentException>(() => LfaTrainer.FitUnlabeled(train, options: options with { Unsupervised = new() { Epsilon = 1, Confidence = 1 } }))
                .Message.ShouldStartWith("None of the 96 images goes to a class by 1 or more");
        }
    }

    [Fact]
    public void Fit_ClassLeftWithoutImages_IsStillNamed()
    {
        var (train, _) = MadeUpProblem.Create(Small);
        var few = train.SelectRows([0, 1, 2, 8, 9, 10, 16, 17]); // of the first three of twelve classes
        foreach (var method in new[] { FitMethod.Auto, FitMethod.Lfa })
        {
            var fit = LfaTrainer.FitUnlabeled(few, options: Published with { Method = method, Unsupervised = new() { Rounds = 1 } });
            fit.Unsupervised!.ClassesWithoutImages.ShouldBeGreaterThan(3);
            fit.Classifier.ClassNames.ShouldBe(train.ClassNames);
            fit.Classifier.Logits(train.ImageFeatures).Values.ToArray().ShouldAllBe(value => float.IsFinite(value));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Auto_OneImageOfAFewOfManyClasses_HoldsOutSomeOfThese(int seed)
    {
        var (train, _) = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 200, Dimension = 64, Shots = 1, NoiseShare = 0.1, RotatedShare = 0 });
        var few = train.SelectRows([3, 50, 70, 120, 180]);
        var fit = LfaTrainer.FitUnlabeled(few, options: new LfaOptions { Seed = seed });
        fit.Unsupervised!.ClassesWithoutImages.ShouldBe(195);
        (fit.Auto!.HoldsOutClasses, fit.Auto.Images).ShouldBe((true, 5));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(3, 1)]
    public void Auto_OneImageOrOneClass_KeepsZeroShot(int images, int classes)
    {
        var task = new FeatureSet(MadeUp.Features(images, 8, 1), MadeUp.Features(classes, 8, 2), default);
        LfaTrainer.FitUnlabeled(task).Auto!.Adapts.ShouldBeFalse();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Lfa_ClassesThatAreAlike_KeepTheTemperature(int classes)
    {
        var prototypes = MadeUp.Features(1, 8, 2).SelectRows(new int[classes]);
        var task = new FeatureSet(MadeUp.Features(4, 8, 1), prototypes, default, [.. Enumerable.Repeat("a", classes)]);
        LfaTrainer.FitUnlabeled(task, options: Published).Classifier.Temperature.ShouldBe(LfaClassifier.DefaultTemperature);
    }

    [Fact]
    public void Save_RoundTrips_AndRefusesAnUpdate()
    {
        var (train, _) = MadeUpProblem.Create(Small);
        foreach (var shares in new[] { null, ClassShares.Uniform, ClassShares.Estimated, ClassShares.Of([.. Enumerable.Range(1, 12).Select(c => (double)c)]) })
        {
            var options = new UnsupervisedOptions { Shares = shares, Epsilon = 0.01, Confidence = 0.1, Rounds = 2, Tolerance = 0.01 };
            var classifier = LfaTrainer.FitUnlabeled(train, options: new LfaOptions { Unsupervised = options }).Classifier;
            classifier.Statistics.ShouldBeNull();
            classifier.Save(_folder["m"]);
            var loaded = LfaClassifier.Load(_folder["m"]);
            loaded.Logits(train.ImageFeatures).Values.ToArray().ShouldBe(classifier.Logits(train.ImageFeatures).Values.ToArray());
            var recipe = loaded.Recipe!;
            (recipe.Unlabeled, recipe.Samples).ShouldBe((96, classifier.Recipe!.Samples));
            (recipe.Options.Unsupervised with { Shares = null }).ShouldBe(options with { Shares = null });
            recipe.Options.Unsupervised.Shares?.ToString().ShouldBe(shares?.ToString());
            (recipe.Options.Unsupervised.Shares?.Values.ToArray() ?? []).ShouldBe(shares?.Values.ToArray() ?? []);
            Should.Throw<InvalidOperationException>(() => LfaUpdater.Update(loaded, train)).Message.ShouldStartWith("The classifier was fitted to 96 images without labels");
        }
    }

    [Fact]
    public void Fit_BadInput_NamesIt()
    {
        var (train, _) = MadeUpProblem.Create(Small);
        var (other, _) = MadeUpProblem.Create(Small with { Classes = 5 });
        Refuse("The method is least-squares; without labels it must be auto or lfa.", new LfaOptions { Method = FitMethod.LeastSquares });
        Refuse("imageFeatures is 96 × 48 but classPrototypes is 12 × 48; a bridge between them is fitted to labeled images", new LfaOptions { Method = FitMethod.Lfa, Bridge = Bridge.CanonicalCorrelation });
        Should.Throw<ArgumentException>(() => LfaTrainer.FitUnlabeled(new FeatureSet(train.ImageFeatures, MadeUp.Features(12, 7, 1), default)))
            .Message.ShouldStartWith("imageFeatures is 96 × 48 but classPrototypes is 12 × 7; a bridge between them is fitted to labeled images");
        Refuse("There are 2 shares but 12 classes", new LfaOptions { Unsupervised = new() { Shares = ClassShares.Of([1, 1]) } });
        Refuse("The images that shall have labels have none", labeled: new FeatureSet(train.ImageFeatures, train.ClassPrototypes, default));
        Refuse("The labeled set has 5 classes but the set without labels has 12", labeled: other);
        Refuse("The labeled set holds 2 crops", labeled: new FeatureSet([train.ImageFeatures, train.ImageFeatures], train.ClassPrototypes, train.Labels, train.ClassNames));
        Should.Throw<OperationCanceledException>(() => LfaTrainer.FitUnlabeled(train, cancellationToken: new CancellationToken(canceled: true)));

        void Refuse(string expected, LfaOptions? options = null, FeatureSet? labeled = null) =>
            Should.Throw<Exception>(() => LfaTrainer.FitUnlabeled(train, labeled, options)).Message.ShouldStartWith(expected);
    }

    [Fact]
    public void Options_OutOfRange_NameTheProperty()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new UnsupervisedOptions { Epsilon = 0 }).ParamName.ShouldBe("Epsilon");
        Should.Throw<ArgumentOutOfRangeException>(() => new UnsupervisedOptions { Tolerance = 1 }).ParamName.ShouldBe("Tolerance");
        Should.Throw<ArgumentOutOfRangeException>(() => new UnsupervisedOptions { Rounds = 0 }).ParamName.ShouldBe("Rounds");
        Should.Throw<ArgumentOutOfRangeException>(() => new UnsupervisedOptions { Confidence = 1.1 }).ParamName.ShouldBe("Confidence");
        Should.Throw<ArgumentOutOfRangeException>(() => new SinkhornOptions { Iterations = 0 }).ParamName.ShouldBe("Iterations");
        Should.Throw<ArgumentOutOfRangeException>(() => new SinkhornOptions { Temperature = 0 }).ParamName.ShouldBe("Temperature");
    }

    private static FeatureSet OfClasses(FeatureSet task, Func<int, bool> chosen) =>
        task.SelectRows([.. Enumerable.Range(0, task.SampleCount).Where(row => chosen(task.Labels.Span[row]))]);
}
