using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.IO;
using Lfa.Model;
using Lfa.Tests.Support;

namespace Lfa.Tests.Classification;

public sealed class CalibrationTests : IDisposable
{
    private const int Classes = 9;
    private const int Dimension = 20;

    // Images of one kind, of which some are held out: nothing is fitted, so they are exchangeable.
    private static readonly FeatureSet Held = Images(shots: 100, seed: 1);
    private static readonly FeatureSet Test = Images(shots: 600, seed: 2);
    private static readonly LfaModel Plain = AlignedModel.Of(Transform.Identity(Dimension), Held.ClassPrototypes, Held.ClassNames, temperature: 1);
    private static readonly Calibration Learned = Calibration.FromHeldOut(Plain.Logits(Held.ImageFeatures), Held.Labels.Span);
    private static readonly LfaModel Model = Plain.WithCalibration(Learned);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.8)]
    [InlineData(0.9)]
    [InlineData(0.95)]
    public void Predict_ExchangeableImages_CoversAsGuaranteed(double coverage)
    {
        var sets = Model.Predict(Test.ImageFeatures, new PredictionOptions { Coverage = coverage }).Select(prediction => prediction.PredictionSet!).ToArray();
        var covered = sets.Where((set, i) => set.Any(one => one.Class == Test.Labels.Span[i])).Count() / (double)Test.SampleCount;
        var evaluation = Model.Evaluate(Test, new PredictionOptions { Coverage = coverage });
        evaluation.Rejection.ShouldBeNull();
        var guarantee = Learned.Guarantee(coverage).ShouldNotBeNull();
        // There are as many images of each class.
        evaluation.PredictionSets.ShouldBe(new PredictionSetEvaluation(coverage, covered, evaluation.PerClass.Average(one => one.Coverage!.Value), sets.Average(set => set.Count)) { Guarantee = guarantee });
        evaluation.PredictionSets!.MeanClassCoverage.ShouldBe(covered, 1e-12);
        covered.ShouldBe(guarantee.Expected, SamplingError(guarantee.Expected));
        (guarantee.Samples, guarantee.AtLeast).ShouldBe((900, coverage));
        if (coverage == 0.3)
            (guarantee.AtMost, guarantee.Expected).ShouldBe((1, Plain.Evaluate(Held).Top1Accuracy));
        else
            (guarantee.AtMost, guarantee.Expected).ShouldBe((Math.Ceiling(901 * coverage) / 901, guarantee.AtMost));
    }

    [Fact]
    public void Guarantee_ManyDraws_IsTheMeanAndTheDeviationOfTheCoverage()
    {
        // Forty images are held out of 900 again and again; the others are those to come.
        const double Coverage = 0.9;
        var scores = Plain.Logits(Held.ImageFeatures);
        var (covered, guarantee) = (new double[100], (CoverageGuarantee?)null);
        for (var draw = 0; draw < covered.Length; draw++)
        {
            var rows = Enumerable.Range(0, 900).OrderBy(row => MadeUp.Floats(900, seed: 100 + draw)[row]).ToArray();
            var (held, rest) = (rows.Take(40).ToArray(), Held.SelectRows([.. rows.Skip(40)]));
            var calibration = Calibration.FromHeldOut(scores.SelectRows(held), [.. held.Select(row => Held.Labels.Span[row])], heldOutClasses: false);
            guarantee = calibration.Guarantee(Coverage);
            covered[draw] = Plain.WithCalibration(calibration).Evaluate(rest, new PredictionOptions { Coverage = Coverage }).PredictionSets!.Coverage;
        }
        guarantee!.Expected.ShouldBe(37 / 41.0, 1e-12);
        guarantee.Deviation.ShouldBe(Math.Sqrt(37 * 4 / 42.0) / 41, 1e-12, "a beta distribution of 37 and 4");
        covered.Average().ShouldBe(guarantee.Expected, 0.02, "four standard errors of a mean of 100");
        Math.Sqrt(covered.Average(one => Math.Pow(one - covered.Average(), 2))).ShouldBe(guarantee.Deviation, 0.3 * guarantee.Deviation);
    }

    [Fact]
    public void Guarantee_NothingKnown_ClaimsNothing()
    {
        var scores = Plain.Logits(Held.ImageFeatures);
        Calibration.FromHeldOut(scores, Held.Labels.Span, heldOutClasses: true).Guarantee(0.9).ShouldBeNull("other classifiers scored the images");
        Calibration.FromHeldOut(scores.Slice(0, 8), Held.Labels.Span[..8]).Guarantee(0.9).ShouldBe(new CoverageGuarantee(8, 1, 1, 1, 0), "sets hold all classes");
        // As former files have them, of which nobody knows where the most probable class was right.
        CoverageGuarantee.Of(HeldOutQuantiles.Of([.. Enumerable.Range(1, 99).Select(i => (float)i)]), 0.9).AtMost.ShouldBe(1);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.05)]
    [InlineData(0.3)]
    public void Predict_ExchangeableImages_RejectsAsStated(double rate)
    {
        var rejected = Model.Predict(Test.ImageFeatures, new PredictionOptions { FalseRejection = rate }).Count(prediction => prediction.IsUnknown) / (double)Test.SampleCount;
        rejected.ShouldBe(rate, SamplingError(rate));
        var evaluation = Model.Evaluate(Test, new PredictionOptions { FalseRejection = rate });
        evaluation.PredictionSets.ShouldBeNull();
        evaluation.Rejection.ShouldBe(new RejectionEvaluation(rate, rejected));
    }

    [Fact]
    public void Predict_ImagesOfOtherClasses_AreRejectedMoreOften()
    {
        var others = MadeUp.Task(Classes, Dimension, shots: 100, seed: 99, spread: 2);
        Model.Predict(others.ImageFeatures, new PredictionOptions { FalseRejection = 0.1 }).Count(prediction => prediction.IsUnknown)
            .ShouldBeGreaterThan(180, "of 900; 90 if they were told no better than by chance");
    }

    [Fact]
    public void Predict_Set_HoldsTheProbableEnough()
    {
        var thresholds = Learned.LargestNonconformities(0.95, Classes).Select(largest => Math.Exp(-largest)).ToArray();
        Learned.SetProbability(0.95).ShouldBeInRange(thresholds.Min(), thresholds.Max());
        var probabilities = Model.Probabilities(Test.ImageFeatures);
        var predictions = Model.Predict(Test.ImageFeatures, new PredictionOptions { Coverage = 0.95, TopK = 2 }).ToArray();
        var sizes = new HashSet<int>();
        for (var i = 0; i < predictions.Length; i++)
        {
            var row = probabilities.Row(i).ToArray();
            var expected = Enumerable.Range(0, Classes).Where(c => row[c] >= thresholds[c] || row[c] == row.Max()).OrderByDescending(c => row[c]).ToArray();
            predictions[i].PredictionSet!.Select(one => one.Class).ShouldBe(expected, Invariant($"row {i}"));
            predictions[i].Top.Count.ShouldBe(2);
            predictions[i].IsUnknown.ShouldBeFalse("nothing was to be rejected");
            foreach (var one in predictions[i].PredictionSet!)
                one.Probability.ShouldBe(row[one.Class], 1e-6); // Probabilities gives single precision.
            sizes.Add(expected.Length);
        }
        sizes.Count.ShouldBeGreaterThan(2, "sets of several sizes, or the test would show little");
    }

    [Fact]
    public void Predict_EasyOrHardClassesOnly_CoversNearlyAsStated()
    {
        // The noise of class c is 1.12^c-fold: held-out images are as many of each class, those to come are not.
        var (held, test) = (Images(shots: 16, seed: 4, spread: 1, growth: 1.12f), Images(shots: 500, seed: 5, spread: 1, growth: 1.12f));
        var scores = Plain.Logits(held.ImageFeatures);
        var model = Plain.WithCalibration(Calibration.FromHeldOut(scores, held.Labels.Span));
        var without = Plain.WithCalibration(Calibration.FromHeldOut(scores, held.Labels.Span, heldOutClasses: true));
        var difficulties = model.Calibration!.Difficulties.ToArray();
        difficulties.Take(3).Max().ShouldBeLessThan(difficulties.Skip(6).Min());
        foreach (var coverage in new[] { 0.9, 0.95 })
        {
            var options = new PredictionOptions { Coverage = coverage };
            // Sets of easy classes are no smaller than one class, which covers too many.
            foreach (var (part, gain) in new[] { (test.SelectRows(Rows(test, 0, 3)), 0.9), (test.SelectRows(Rows(test, 6, 9)), 0.7) })
            {
                var (error, plainError) = (model.Evaluate(part, options).PredictionSets!.Coverage - coverage, without.Evaluate(part, options).PredictionSets!.Coverage - coverage);
                Math.Abs(error).ShouldBeLessThan(gain * Math.Abs(plainError), Invariant($"{error} and {plainError} at {coverage}"));
            }
            var (all, plain) = (model.Evaluate(test, options).PredictionSets!, without.Evaluate(test, options).PredictionSets!);
            all.Coverage.ShouldBe(coverage, 4 * Math.Sqrt(coverage * (1 - coverage) / held.SampleCount));
            all.MeanSize.ShouldBeLessThan(1.15 * plain.MeanSize, "1.05 on the held-out images");
        }
    }

    [Fact]
    public void FromHeldOut_NothingKnownOfClasses_KeepsNoDifficulties()
    {
        var scores = Plain.Logits(Held.ImageFeatures);
        Calibration.FromHeldOut(scores, Held.Labels.Span, heldOutClasses: true).Difficulties.Length.ShouldBe(0);
        Calibration.FromHeldOut(scores.Slice(0, Classes), Held.Labels.Span[..Classes]).Difficulties.Length.ShouldBe(0, "one image of each class");
        Calibration.FromHeldOut(scores.Slice(0, Classes + 1), Held.Labels.Span[..(Classes + 1)]).Difficulties.ToArray().Count(difficulty => difficulty != 0).ShouldBeLessThanOrEqualTo(1, "two of one class");
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(0.5)]
    [InlineData(50)]
    public void Difficulty_Shift_AddsToTheLogOdds(double nonconformity)
    {
        ClassDifficulty.Shift(nonconformity, 0).ShouldBe(nonconformity);
        ClassDifficulty.Shift(double.PositiveInfinity, -3).ShouldBe(double.PositiveInfinity);
        var shifted = ClassDifficulty.Shift(nonconformity, 1.5);
        ((1 - Math.Exp(-shifted)) / Math.Exp(-shifted)).ShouldBe(Math.Exp(1.5) * (1 - Math.Exp(-nonconformity)) / Math.Exp(-nonconformity), 1e-6 * Math.Exp(nonconformity));
        ClassDifficulty.Shift(shifted, -1.5).ShouldBe(nonconformity, 1e-8 * (1 + nonconformity));
    }

    [Fact]
    public void Predict_TooFewHeldOutImages_GivesAllClassesAndRejectsNone()
    {
        var few = Held.SelectRows([.. Enumerable.Range(0, 18)]);
        var calibration = Calibration.FromHeldOut(Plain.Logits(few.ImageFeatures), few.Labels.Span);
        (calibration.LargestCoverage, calibration.SmallestFalseRejection).ShouldBe((18.0 / 19, 1.0 / 19));
        calibration.SetProbability(0.95).ShouldBe(0);
        calibration.SetProbability(0.94).ShouldBeGreaterThan(0);
        var predictions = Plain.WithCalibration(calibration).Predict(Test.ImageFeatures, new PredictionOptions { Coverage = 0.95, FalseRejection = 0.05 }).ToArray();
        predictions.ShouldAllBe(prediction => prediction.PredictionSet!.Count == Classes && !prediction.IsUnknown);
        Plain.WithCalibration(calibration).Predict(Test.ImageFeatures, new PredictionOptions { FalseRejection = 0.06 }).ShouldContain(prediction => prediction.IsUnknown);
    }

    [Fact]
    public void Predict_CoverageBelowTheAccuracy_GivesTheMostProbableClassAlone()
    {
        var easy = Images(shots: 50, seed: 3, spread: 0.8f);
        var model = Plain.WithCalibration(Calibration.FromHeldOut(Plain.Logits(easy.ImageFeatures), easy.Labels.Span));
        var evaluation = model.Evaluate(easy, new PredictionOptions { Coverage = 0.5 });
        evaluation.Top1Accuracy.ShouldBeGreaterThan(0.9);
        var guarantee = model.Calibration!.Guarantee(0.5)!;
        (guarantee.AtLeast, guarantee.AtMost, guarantee.Expected).ShouldBe((0.5, 1, evaluation.Top1Accuracy));
        (evaluation.PredictionSets!.Coverage, evaluation.PredictionSets.MeanSize).ShouldBe((evaluation.Top1Accuracy, 1));
        evaluation.PerClass.ShouldAllBe(one => one.Coverage == one.Recall);
        model.Calibration.SetProbability(0.5).ShouldBe(1);
        model.Predict(easy.ImageFeatures, new PredictionOptions { Coverage = 0.5 }).ShouldAllBe(prediction => prediction.PredictionSet!.Single() == prediction.Best);
    }

    [Fact]
    public void FromHeldOut_Figures_AreThoseOfAnEvaluation()
    {
        var at = AlignedModel.ZeroShot(Held).Evaluate(Held);
        Learned.Before.Temperature.ShouldBe(Scorer.DefaultTemperature);
        Learned.Before.LogLoss.ShouldBe(at.LogLoss, 1e-12);
        Learned.Before.Ece.ShouldBe(at.Ece, 1e-12);
        var after = Model.Evaluate(Held);
        Learned.After.ShouldBe(new CalibrationMetrics(Model.Temperature, after.LogLoss, after.Ece));
        after.LogLoss.ShouldBeLessThan(at.LogLoss);
        (Learned.Samples, Learned.HeldOutClasses, Learned.Coverage, Learned.FalseRejection).ShouldBe((900, false, null, null));
    }

    [Fact]
    public void FromHeldOut_NoErrorSeen_DoesNotClaimCertainty()
    {
        // Thirty images, all right, with margins around 0.1: at the temperature of least log-loss every probability is 1.
        var scores = new float[30 * 3];
        for (var i = 0; i < 30; i++)
            scores[(3 * i) + (i % 3)] = 0.1f + (0.001f * i);
        var (matrix, labels) = (new Matrix(scores, 30, 3), MadeUp.Labels(30, 3));
        TemperatureScaling.Fit(matrix, labels).ShouldBe(0.001, 1e-6, "the end of its range");
        var calibration = Calibration.FromHeldOut(matrix, labels);
        calibration.Temperature.ShouldBeGreaterThan(0.015);
        (1 - Math.Exp(-calibration.After.LogLoss)).ShouldBe(0.25 / 30.5, 0.5 * 0.25 / 30.5); // About the quarter of an error in thirty and a half.
    }

    [Fact]
    public void WithDefaults_AreUsedWhereNothingIsAsked()
    {
        var model = Plain.WithCalibration(Learned.WithDefaults(0.9, 0.05));
        var expected = Model.Predict(Test.ImageFeatures, new PredictionOptions { Coverage = 0.9, FalseRejection = 0.05 }).ToArray();
        ShouldBeAlike(model.Predict(Test.ImageFeatures).ToArray(), expected);
        ShouldBeAlike(model.Predict([Test.ImageFeatures]).ToArray(), expected);
        model.Evaluate(Test).PredictionSets!.StatedCoverage.ShouldBe(0.9);
        model.Evaluate(Test, new PredictionOptions { Coverage = 0.8 }).PredictionSets!.StatedCoverage.ShouldBe(0.8);
        Model.Predict(Test.ImageFeatures).ShouldAllBe(prediction => prediction.PredictionSet == null && !prediction.IsUnknown);
    }

    [Fact]
    public void Load_AfterSave_PredictsTheSame()
    {
        var options = new PredictionOptions { Coverage = 0.93, FalseRejection = 0.04 };
        foreach (var calibration in new[] { Learned, Learned.WithDefaults(0.9, null), Calibration.FromHeldOut(Plain.Logits(Test.ImageFeatures), Test.Labels.Span, heldOutClasses: true).WithDefaults(null, 0.1) })
        {
            calibration.Difficulties.Length.ShouldBe(calibration.HeldOutClasses ? 0 : Classes);
            var saved = Plain.WithCalibration(calibration);
            saved.Save(_folder["m"]);
            var loaded = LfaModel.Load(_folder["m"]);
            ShouldBeAlike(loaded.Predict(Test.ImageFeatures, options).ToArray(), saved.Predict(Test.ImageFeatures, options).ToArray());
            (loaded.Calibration!.Before, loaded.Calibration.After, loaded.Calibration.Samples, loaded.Calibration.HeldOutClasses, loaded.Calibration.Coverage, loaded.Calibration.FalseRejection)
                .ShouldBe((calibration.Before, calibration.After, calibration.Samples, calibration.HeldOutClasses, calibration.Coverage, calibration.FalseRejection));
            loaded.Save(_folder["again"]);
            File.ReadAllBytes(_folder["again"]).ShouldBe(File.ReadAllBytes(_folder["m"]));
        }
        SafetensorsFile.Read(_folder["m"]).Tensors["held_out_familiarity"].Shape.ShouldBe([1001], "5400 images were held out");
        SafetensorsFile.Read(_folder["m"]).Metadata["format_version"].ShouldBe("3");
    }

    [Theory]
    [InlineData("held_out_images", null, "the metadata have no held_out_images")]
    [InlineData("held_out_images", "0", "held_out_images is 0; expected 1 or more")]
    [InlineData("held_out_images", "899", "the tensor held_out_nonconformity has 900 values but 899 images were held out; expected 899")]
    [InlineData("held_out_images", "many", "held_out_images is not an integer")]
    [InlineData("held_out_ece", null, "the metadata have no held_out_ece")]
    [InlineData("held_out_log_loss_before", "x", "held_out_log_loss_before is not a number")]
    [InlineData("default_coverage", "1.5", "coverage must lie between 0 and 1")]
    public void Load_DamagedMetadata_NamesTheEntry(string key, string? value, string expected)
    {
        Model.Save(_folder["good"]);
        var file = SafetensorsFile.Read(_folder["good"]);
        var metadata = new Dictionary<string, string>(file.Metadata);
        metadata.Remove(key);
        if (value is not null)
            metadata[key] = value;
        SafetensorsFile.Write(_folder["bad"], file.Tensors, metadata);
        Should.Throw<LfaDataException>(() => LfaModel.Load(_folder["bad"])).Message.ShouldContain(expected);
    }

    [Fact]
    public void Load_DamagedTensors_NamesTheTensor()
    {
        void Check(string name, SafetensorsTensor? tensor, string expected)
        {
            Model.Save(_folder["good"]);
            var file = SafetensorsFile.Read(_folder["good"]);
            var tensors = new Dictionary<string, SafetensorsTensor>(file.Tensors);
            tensors.Remove(name);
            if (tensor is not null)
                tensors[name] = tensor;
            SafetensorsFile.Write(_folder["bad"], tensors, file.Metadata);
            Should.Throw<LfaDataException>(() => LfaModel.Load(_folder["bad"])).Message.ShouldContain(expected);
        }
        Check("held_out_familiarity", null, "there is no tensor held_out_familiarity");
        Check("held_out_familiarity", SafetensorsTensor.From(new float[901], 901), "has 901 values but 900 images were held out");
        Check("held_out_nonconformity", SafetensorsTensor.From([.. Enumerable.Range(0, 900).Select(i => i == 450 ? 0f : i)], 900), "the tensor held_out_nonconformity falls at entry 450");
        Check("held_out_nonconformity", SafetensorsTensor.From([.. Enumerable.Range(0, 900).Select(i => i == 450 ? float.NaN : i)], 900), "holds a NaN");
        Check("class_difficulty", SafetensorsTensor.From(new float[8], 8), "knows the difficulties of 8 classes but classPrototypes has 9 rows");
    }

    [Fact]
    public void Predict_NoCalibration_SaysWhatGivesIt()
    {
        foreach (var options in new[] { new PredictionOptions { Coverage = 0.9 }, new PredictionOptions { FalseRejection = 0.1 } })
        {
            Should.Throw<LfaDataException>(() => { Plain.Predict(Test.ImageFeatures, options); }).Message.ShouldContain("fit it with the method auto");
            Should.Throw<LfaDataException>(() => Plain.Evaluate(Test, options));
        }
        var average = AlignedModel.Of(Transform.Identity(Dimension), Held.ClassPrototypes, Held.ClassNames, Learned.Temperature, new(Transform.Identity(Dimension), 1), calibration: Learned);
        average.ForClasses(Held.ClassPrototypes, Held.ClassNames).Calibration.ShouldBeNull("the calibration was learned from the other transform");
    }

    [Fact]
    public void Arguments_OutOfRange_AreNamed()
    {
        var scores = Plain.Logits(Held.ImageFeatures);
        Should.Throw<LfaDataException>(() => Calibration.FromHeldOut(scores, [0])).Message.ShouldContain("scores has 900 rows but labels has 1 entries");
        Should.Throw<LfaDataException>(() => Calibration.FromHeldOut(scores.Slice(0, 1), [9])).Message.ShouldContain("The label 9 is none of the classes 0 to 8");
        Should.Throw<LfaDataException>(() => Calibration.FromHeldOut(new Matrix(new[] { float.NaN, 0 }, 1, 2), [0])).Message.ShouldContain("scores: row 0 holds a NaN");
        Should.Throw<ArgumentOutOfRangeException>(() => Calibration.FromHeldOut(scores, Held.Labels.Span, temperatureBefore: 0));
        Should.Throw<ArgumentOutOfRangeException>(() => TemperatureScaling.Fit(scores, Held.Labels.Span, pseudoErrors: -1));
        foreach (var share in new[] { 0, 1, -0.5, double.NaN })
        {
            Should.Throw<ArgumentOutOfRangeException>(() => Learned.WithDefaults(share, null));
            Should.Throw<ArgumentOutOfRangeException>(() => Learned.WithDefaults(null, share));
            Should.Throw<ArgumentOutOfRangeException>(() => Learned.SetProbability(share));
            Should.Throw<ArgumentOutOfRangeException>(() => Learned.Guarantee(share));
            Should.Throw<ArgumentOutOfRangeException>(() => new PredictionOptions { Coverage = share });
            Should.Throw<ArgumentOutOfRangeException>(() => new PredictionOptions { FalseRejection = share });
        }
        Should.Throw<ArgumentOutOfRangeException>(() => new PredictionOptions { TopK = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new PredictionOptions { MaxDegreeOfParallelism = 0 });
        Should.Throw<LfaDataException>(() => AlignedModel.Of(Transform.Identity(Dimension), Held.ClassPrototypes, Held.ClassNames, 0.5, calibration: Learned)).Message.ShouldContain("both must be the same");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(99)]
    [InlineData(999)]
    [InlineData(1001)]
    [InlineData(1002)]
    [InlineData(54321)]
    public void Quantiles_AreTheOrderStatisticsOrCautious(int samples)
    {
        var values = Enumerable.Range(1, samples).Select(i => (float)i).Reverse().ToArray(); // The i-th smallest is i.
        var quantiles = HeldOutQuantiles.Of(values);
        quantiles.Values.Length.ShouldBe(Math.Min(samples, 1001));
        var slack = samples <= 1001 ? 0 : (samples / 1000) + 1;
        foreach (var tenths in Enumerable.Range(1, 9))
        {
            // In integers: ⌈(n + 1)·t / 10⌉ and ⌊(n + 1)·t / 10⌋, which (n + 1)·(t / 10.0) misses by a rounding.
            var (upper, lower) = ((((samples + 1) * tenths) + 9) / 10, (samples + 1) * tenths / 10);
            if (upper > samples)
                quantiles.Upper(tenths / 10.0).ShouldBe(double.PositiveInfinity);
            else
                quantiles.Upper(tenths / 10.0).ShouldBeInRange(upper, upper + slack);
            if (lower < 1)
                quantiles.Lower(tenths / 10.0).ShouldBe(double.NegativeInfinity);
            else
                quantiles.Lower(tenths / 10.0).ShouldBeInRange(lower - slack, lower);
        }
    }

    private static int[] Rows(FeatureSet images, int from, int to) => [.. Enumerable.Range(0, images.SampleCount).Where(i => images.Labels.Span[i] >= from && images.Labels.Span[i] < to)];

    private static FeatureSet Images(int shots, int seed, float spread = 2, float growth = 1)
    {
        var (prototypes, noise) = (MadeUp.Features(Classes, Dimension, seed: 7).NormalizeRows(), MadeUp.Floats(Classes * shots * Dimension, seed));
        var labels = MadeUp.Labels(Classes * shots, Classes);
        var images = prototypes.SelectRows(labels).Values.ToArray();
        for (var i = 0; i < images.Length; i++)
            images[i] += noise[i] * spread * MathF.Pow(growth, labels[i / Dimension]) / MathF.Sqrt(Dimension);
        return new FeatureSet(new Matrix(images, labels.Length, Dimension), prototypes, labels);
    }

    // Four standard deviations of a share: of the 900 held-out images, which set the threshold, and of the 5400 it meets.
    private static double SamplingError(double share) => 4 * Math.Sqrt(share * (1 - share) * ((1.0 / 900) + (1.0 / 5400)));

    private static void ShouldBeAlike(Prediction[] actual, Prediction[] expected)
    {
        actual.SelectMany(prediction => prediction.Top).ShouldBe(expected.SelectMany(prediction => prediction.Top));
        actual.Select(prediction => prediction.IsUnknown).ShouldBe(expected.Select(prediction => prediction.IsUnknown));
        for (var i = 0; i < actual.Length; i++)
            actual[i].PredictionSet.ShouldBe(expected[i].PredictionSet, Invariant($"row {i}"));
    }
}
