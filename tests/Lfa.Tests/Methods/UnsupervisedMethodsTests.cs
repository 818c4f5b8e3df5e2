using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Refinement;
using Lfa.Tests.Support;
using Lfa.Transport;
using Lfa.Validation;

namespace Lfa.Tests.Methods;

public sealed class UnsupervisedMethodsTests : IDisposable
{
    // Nothing to adapt: the prototypes are the classes' own directions.
    private static readonly MadeUpProblemOptions Plain = new() { RotatedShare = 0, NoiseDecay = 0, TextConcentration = 0, ImageConcentration = 0, NoiseShare = 0.9, TestImages = 20 };
    private static readonly MadeUpProblemOptions Small = new() { Classes = 12, Dimension = 48, Shots = 8, Groups = 3, TestImages = 10 };
    private static readonly UnsupervisedLfaMethod Published = new() { Lfa = new() { Refinement = new() { Iterations = 20 } } };
    private static readonly UnsupervisedAutoMethod Auto = new();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Trait(Speed.Trait, Speed.Slow)]
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Auto_PlantedRotation_BeatsZeroShot(int seed)
    {
        var (train, test) = MadeUpProblem.Create(seed: seed);
        var fit = Auto.Fit(Unlabeled(train), new FitContext { Seed = seed });
        fit.Auto().Adapts.ShouldBeTrue();
        var accuracies = fit.Evaluate(test);
        accuracies.ShouldNotContain(stage => stage.Name == "auto");
        accuracies.Of("unsupervised").Top1.ShouldBeGreaterThan(accuracies.Of("zero-shot").Top1 + 0.03);
    }

    [Fact]
    public void Auto_ImagesThatAreLabeledAnew_GetBetterLabels()
    {
        var (train, test) = MadeUpProblem.Create();
        var fit = Auto.Fit(Unlabeled(train));
        var rounds = Report(fit).Rounds;
        rounds.Count.ShouldBeInRange(3, 4);
        // Better scores show that the shares are equal, which zero-shot classification did not.
        (rounds[0].Uniformity < 1, rounds[^1].Uniformity).ShouldBe((true, 1));
        rounds[^1].Agreement.ShouldBeGreaterThan(rounds[1].Agreement);
        // One round reached 73 % over seeds, labels 79 %.
        fit.Evaluate(test).Of("unsupervised").Top1.ShouldBeGreaterThan(0.77);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    public void Auto_NothingHelps_KeepsZeroShot(int shots)
    {
        var (train, test) = MadeUpProblem.Create(Plain with { Shots = shots });
        var fit = Auto.Fit(Unlabeled(train));
        fit.Auto().Adapts.ShouldBeFalse();
        (fit.Aligned().Temperature, fit.Aligned().Residual, fit.Calibration).ShouldBe((Scorer.DefaultTemperature, null, null));
        var accuracies = fit.Evaluate(test);
        accuracies.Of("unsupervised").ShouldBe(accuracies.Of("zero-shot"));
    }

    [Fact]
    public void Auto_HalfOfTheClassesHaveNoImage_IsNotMisledByUniformShares()
    {
        var (train, test) = MadeUpProblem.Create();
        train = OfClasses(train, c => c % 2 == 0);
        var fit = Auto.Fit(Unlabeled(train));
        Report(fit).Rounds[0].Uniformity!.Value.ShouldBeLessThanOrEqualTo(0.25);
        var accuracies = fit.Evaluate(test);
        accuracies.Of("unsupervised").Top1.ShouldBeGreaterThanOrEqualTo(accuracies.Of("zero-shot").Top1 - 0.005);
    }

    [Fact]
    public void Auto_TemperatureThatIsFarTooLow_StillFindsUniformShares()
    {
        var (train, _) = MadeUpProblem.Create(new MadeUpProblemOptions { NoiseShare = 0.8, RotatedShare = 0.9 });
        var encoder = new EncoderIdentity("cold") { Temperature = 0.001 };
        FeatureSet At(FeatureSet set) => new(set.ImageFeatures, set.ClassPrototypes, set.Labels, set.ClassNames, normalize: false) { ImageEncoder = encoder, TextEncoder = encoder };
        // Labels drawn at such a temperature cost nothing, so that all that transport gives seem too dear.
        Sinkhorn.Solve(train.ImageFeatures, train.ClassPrototypes, new SinkhornOptions { ClassPrior = ClassPrior.Estimated, Temperature = 0.001 }).Uniformity!.Value.ShouldBeLessThan(1);
        Report(Auto.Fit(Unlabeled(At(train)))).Rounds[0].Uniformity.ShouldBe(1);
        var uneven = OfClasses(train, c => c % 2 == 0);
        Report(Auto.Fit(Unlabeled(At(uneven)))).Rounds[0].Uniformity!.Value.ShouldBeLessThan(1);
    }

    [Fact]
    public void Auto_EqualSharesOfUnevenImages_Warns()
    {
        var (train, _) = MadeUpProblem.Create(Plain with { Shots = 20 });
        var method = Method("unsupervised-auto", new() { ClassPrior = ClassPrior.Uniform });
        Warnings(train, method).ShouldBeEmpty();
        var uneven = train.SelectRows([.. Enumerable.Range(0, train.SampleCount).Where(row => row % 20 <= train.Labels.Span[row] % 20)]);
        Warnings(uneven, method).ShouldHaveSingleItem().ShouldStartWith("The images do not look equally shared among the classes, and equal shares are assumed");
        Warnings(uneven, Auto).ShouldBeEmpty("nobody asked for equal shares");

        static List<string> Warnings(FeatureSet images, IMethod method)
        {
            var logger = new ListLogger();
            var report = Report(method.Fit(Unlabeled(images), new FitContext { Logger = logger }));
            report.EqualSharesFit.ShouldBe(logger.Warnings.Count == 0);
            return logger.Warnings;
        }
    }

    [Fact]
    public void Lfa_Published_GoesThroughItsRounds()
    {
        var (train, _) = MadeUpProblem.Create(Small);
        var fit = Published.Fit(Unlabeled(train));
        var unsupervised = Report(fit);
        unsupervised.Rounds.Count.ShouldBe(1 + 5);
        (unsupervised.ClassPrior, unsupervised.Images, unsupervised.LabeledImages, unsupervised.Converged).ShouldBe((ClassPrior.Uniform, 96, 0, true));
        unsupervised.Rounds.ShouldAllBe(round => round.Uniformity == 1 && round.Kept == 1);
        unsupervised.Rounds[0].Agreement.ShouldBeLessThan(unsupervised.Rounds[^1].Agreement);
        fit.Detail<BetaSelection>().ShouldNotBeNull();
        fit.Aligned().NewClasses!.Transform.ShouldBeSameAs(fit.TransformOf("moving-average"));
        (fit.Record.Method, fit.Record.UnlabeledSamples, fit.Record.Options).ShouldBe(("unsupervised-lfa", 96, Published));
        (Published.Transport.Epsilon, Published.Rounds).ShouldBe((0.0025, 5));
    }

    [Fact]
    public void Lfa_OneRound_IsAFitToThePseudoLabelsOfTheSecondTransport()
    {
        var (train, _) = MadeUpProblem.Create(Small);
        var method = Published with { Lfa = Published.Lfa with { Beta = 0.9 }, Rounds = 1 };
        var fit = method.Fit(Unlabeled(train));
        FeatureSet Labeled(Matrix images) => new(train.ImageFeatures, train.ClassPrototypes, PseudoLabels.FromPlan(Sinkhorn.Solve(images, train.ClassPrototypes), images).Labels, train.ClassNames, normalize: false);
        var start = new BetaProcrustesMethod { Beta = 0.9 }.Fit(Labeled(train.ImageFeatures)).Aligned().Transform;
        var expected = TransformRefinement.Run(Labeled(start.Apply(train.ImageFeatures).NormalizeRows()), start, method.Lfa.Refinement).Transform;
        fit.Aligned().Transform.Matrix.Values.ToArray().ShouldBe(expected.Matrix.Values.ToArray());
    }

    [Theory]
    [InlineData("unsupervised-auto")]
    [InlineData("unsupervised-lfa")]
    public void Fit_OtherLabelsAndThreads_SameBits(string name)
    {
        var (train, _) = MadeUpProblem.Create(Small);
        var expected = Values(train, 1);
        Values(new FeatureSet(train.ImageFeatures, train.ClassPrototypes, default, train.ClassNames, normalize: false), 3).ShouldBe(expected);
        Values(new FeatureSet(train.ImageFeatures, train.ClassPrototypes, new int[train.SampleCount], train.ClassNames, normalize: false), 2).ShouldBe(expected);

        float[] Values(FeatureSet images, int threads) => Method(name).Fit(Unlabeled(images), new FitContext { MaxDegreeOfParallelism = threads }).Scorer!.Logits(train.ImageFeatures).Values.ToArray();
    }

    [Trait(Speed.Trait, Speed.Slow)]
    [Fact]
    public void Fit_ProbabilitiesAreAsSureAsZeroShot()
    {
        var (train, _) = MadeUpProblem.Create();
        var zeroShot = new ZeroShotMethod().Fit(train).Aligned();
        foreach (var method in new IMethod[] { Auto, Published })
        {
            var fitted = method.Fit(Unlabeled(train)).Aligned();
            fitted.Temperature.ShouldNotBe(zeroShot.Temperature);
            Entropy(fitted).ShouldBe(Entropy(zeroShot), 1e-3);
            fitted.NewClasses.ShouldNotBeNull();
            Entropy(fitted.ForNewClasses(fitted.ClassPrototypes)).ShouldBe(Entropy(zeroShot), 1e-3);
        }

        double Entropy(AlignedScorer scorer) => scorer.Probabilities(train.ImageFeatures).Values.ToArray().Sum(p => p > 0 ? -p * Math.Log(p) : 0) / train.SampleCount;
    }

    [Theory]
    [InlineData("unsupervised-auto")]
    [InlineData("unsupervised-lfa")]
    public void Semisupervised_LabelsOfSomeClasses_Help(string name)
    {
        var (train, test) = MadeUpProblem.Create(new MadeUpProblemOptions { Shots = 12 });
        var (labeled, images) = FewShot.Split(train, 4, 1);
        labeled = OfClasses(labeled, c => c < 30);
        var method = Method(name, rounds: 2);
        var with = method.Fit(new FitTask(labeled, images));
        (Report(with).Images, Report(with).LabeledImages, with.Record.Method, with.Record.UnlabeledSamples, with.Record.Samples).ShouldBe((400, 120, name, 400, 520));
        with.Evaluate(test).Of("unsupervised").Top1.ShouldBeGreaterThan(method.Fit(Unlabeled(images)).Evaluate(test).Of("unsupervised").Top1);
    }

    [Theory]
    [InlineData("unsupervised-auto")]
    [InlineData("unsupervised-lfa")]
    public void Semisupervised_PrototypesOfTheLabeled_TakeNoPart(string name)
    {
        var (labeled, images) = FewShot.Split(MadeUpProblem.Create(Small).Train, 3, 1);
        var expected = Values(labeled);
        Values(new FeatureSet(labeled.ImageFeatures, MadeUp.Features(12, 48, 3), labeled.Labels, labeled.ClassNames, normalize: false)).ShouldBe(expected);
        Values(new FeatureSet(labeled.ImageFeatures, MadeUp.Features(12, 7, 3), labeled.Labels, labeled.ClassNames, normalize: false)).ShouldBe(expected);

        float[] Values(FeatureSet some) => Method(name).Fit(new FitTask(some, images)).Scorer!.Logits(images.ImageFeatures).Values.ToArray();
    }

    [Fact]
    public void Confidence_DropsImagesAndPerhapsClasses()
    {
        var (train, _) = MadeUpProblem.Create(Small with { NoiseShare = 0.97 });
        foreach (var name in new[] { "unsupervised-auto", "unsupervised-lfa" })
        {
            var fit = Method(name, new() { Epsilon = 0.02, Confidence = 0.8 }, rounds: 1).Fit(Unlabeled(train));
            Report(fit).Rounds[^1].Kept.ShouldBeInRange(0.05, 0.95);
            fit.Record.Samples.ShouldBe((int)Math.Round(Report(fit).Rounds[^1].Kept * train.SampleCount));
            Should.Throw<LfaDataException>(() => Method(name, new() { Epsilon = 1, Confidence = 1 }, rounds: 1).Fit(Unlabeled(train)))
                .Message.ShouldStartWith("None of the 96 images goes to a class by 1 or more");
        }
    }

    [Fact]
    public void Fit_ClassLeftWithoutImages_IsStillNamed()
    {
        var (train, _) = MadeUpProblem.Create(Small);
        var few = train.SelectRows([0, 1, 2, 8, 9, 10, 16, 17]); // of the first three of twelve classes
        foreach (var name in new[] { "unsupervised-auto", "unsupervised-lfa" })
        {
            var fit = Method(name, rounds: 1).Fit(Unlabeled(few));
            Report(fit).ClassesWithoutImages.ShouldBeGreaterThan(3);
            fit.ClassNames.ShouldBe(train.ClassNames);
            fit.Scorer!.Logits(train.ImageFeatures).Values.ToArray().ShouldAllBe(value => float.IsFinite(value));
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
        var fit = Auto.Fit(Unlabeled(few), new FitContext { Seed = seed });
        Report(fit).ClassesWithoutImages.ShouldBe(195);
        (fit.Auto().HoldsOutClasses, fit.Auto().Images).ShouldBe((true, 5));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(3, 1)]
    public void Auto_OneImageOrOneClass_KeepsZeroShot(int images, int classes)
    {
        var task = new FeatureSet(MadeUp.Features(images, 8, 1), MadeUp.Features(classes, 8, 2), default);
        Auto.Fit(task).Auto().Adapts.ShouldBeFalse();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Lfa_ClassesThatAreAlike_KeepTheTemperature(int classes)
    {
        var prototypes = MadeUp.Features(1, 8, 2).SelectRows(new int[classes]);
        var task = new FeatureSet(MadeUp.Features(4, 8, 1), prototypes, default, [.. Enumerable.Repeat("a", classes)]);
        Published.Fit(task).Scorer!.Temperature.ShouldBe(Scorer.DefaultTemperature);
    }

    [Fact]
    public void Save_RoundTrips_AndRefusesAnUpdate()
    {
        var (train, _) = MadeUpProblem.Create(Small);
        foreach (var prior in new[] { null, ClassPrior.Uniform, ClassPrior.Estimated, ClassPrior.FromWeights([.. Enumerable.Range(1, 12).Select(c => (double)c)]) })
        {
            var transport = new TransportOptions { ClassPrior = prior, Epsilon = 0.01, Confidence = 0.1, Tolerance = 0.01 };
            foreach (var method in new IMethod[] { new UnsupervisedAutoMethod { Transport = transport }, new UnsupervisedLfaMethod { Lfa = new() { Refinement = new() { Iterations = 1 } }, Transport = transport, Rounds = 2 } })
            {
                var model = LfaModel.Fit(Unlabeled(train), method);
                model.Statistics.ShouldBeNull();
                model.Save(_folder["m"]);
                var loaded = LfaModel.Load(_folder["m"]);
                loaded.Logits(train.ImageFeatures).Values.ToArray().ShouldBe(model.Logits(train.ImageFeatures).Values.ToArray());
                (loaded.Record.UnlabeledSamples, loaded.Record.Samples).ShouldBe((96, model.Record.Samples));
                var read = loaded.Record.Options is UnsupervisedLfaMethod lfa ? lfa.Transport : loaded.Record.Options.ShouldBeOfType<UnsupervisedAutoMethod>().Transport;
                (read with { ClassPrior = null }).ShouldBe(transport with { ClassPrior = null });
                read.ClassPrior?.ToString().ShouldBe(prior?.ToString());
                (read.ClassPrior?.Values.ToArray() ?? []).ShouldBe(prior?.Values.ToArray() ?? []);
                (loaded.Record.Options as UnsupervisedLfaMethod)?.Rounds.ShouldBe(2);
                Should.Throw<LfaDataException>(() => ModelUpdater.Update(loaded, train)).Message.ShouldStartWith("The classifier was fitted to 96 images without labels");
            }
        }
    }

    [Fact]
    public void Fit_BadInput_NamesIt()
    {
        var (train, _) = MadeUpProblem.Create(Small);
        var (other, _) = MadeUpProblem.Create(Small with { Classes = 5 });
        Refuse<LfaDataException>("method least-squares needs one for each image", () => new LeastSquaresMethod().Fit(Unlabeled(train)));
        Refuse<ArgumentException>("Without labels there is no projection between two spaces", () => Published with { Lfa = new() { Projection = new CanonicalCorrelation() } });
        foreach (var method in new IMethod[] { Auto, Published })
        {
            Refuse<LfaDataException>("imageFeatures is 96 × 48 but classPrototypes is 12 × 7", () => method.Fit(new FeatureSet(train.ImageFeatures, MadeUp.Features(12, 7, 1), default)));
            Refuse<LfaDataException>("There are 2 shares but 12 classes", () => Method(method.Name, new() { ClassPrior = ClassPrior.FromWeights([1, 1]) }).Fit(Unlabeled(train)));
            Refuse<LfaDataException>("The images that shall have labels have none", () => method.Fit(new FitTask(new FeatureSet(train.ImageFeatures, train.ClassPrototypes, default), Unlabeled(train).Unlabeled)));
            Refuse<LfaDataException>("The labeled set has 5 classes but the set without labels has 12", () => method.Fit(new FitTask(other, train)));
            Refuse<LfaDataException>("The labeled set holds 2 crops", () => method.Fit(new FitTask(new FeatureSet([train.ImageFeatures, train.ImageFeatures], train.ClassPrototypes, train.Labels, train.ClassNames), train)));
            Should.Throw<OperationCanceledException>(() => method.Fit(Unlabeled(train), new FitContext { CancellationToken = new CancellationToken(canceled: true) }));
        }

        static void Refuse<T>(string expected, Func<object> fit)
            where T : Exception => Should.Throw<T>(() => { fit(); }).Message.ShouldContain(expected);
    }

    [Fact]
    public void Options_OutOfRange_NameTheProperty()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new TransportOptions { Epsilon = 0 }).ParamName.ShouldBe("Epsilon");
        Should.Throw<ArgumentOutOfRangeException>(() => new TransportOptions { Tolerance = 1 }).ParamName.ShouldBe("Tolerance");
        Should.Throw<ArgumentOutOfRangeException>(() => new UnsupervisedLfaMethod { Rounds = 0 }).ParamName.ShouldBe("Rounds");
        Should.Throw<ArgumentOutOfRangeException>(() => new TransportOptions { Confidence = 1.1 }).ParamName.ShouldBe("Confidence");
        Should.Throw<ArgumentOutOfRangeException>(() => new SinkhornOptions { Iterations = 0 }).ParamName.ShouldBe("Iterations");
        Should.Throw<ArgumentOutOfRangeException>(() => new SinkhornOptions { Temperature = 0 }).ParamName.ShouldBe("Temperature");
    }

    /// <summary>The images of a set, those with labels too, as images without.</summary>
    private static FitTask Unlabeled(FeatureSet images) => new(unlabeled: images);

    private static TransportReport Report(MethodFit fit) => fit.Detail<TransportReport>().ShouldNotBeNull();

    private static IMethod Method(string name, TransportOptions? transport = null, int rounds = 5) => name == Auto.Name
        ? Auto with { Transport = transport ?? Auto.Transport }
        : Published with { Transport = transport ?? Published.Transport, Rounds = rounds };

    private static FeatureSet OfClasses(FeatureSet task, Func<int, bool> chosen) =>
        task.SelectRows([.. Enumerable.Range(0, task.SampleCount).Where(row => chosen(task.Labels.Span[row]))]);
}
