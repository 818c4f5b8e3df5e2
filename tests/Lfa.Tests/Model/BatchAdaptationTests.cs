using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Tests.Support;

namespace Lfa.Tests.Model;

public class BatchAdaptationTests
{
    private static readonly FeatureSet Train = MadeUp.Task(5, 16, shots: 4, seed: 1, spread: 1.5, rotation: MadeUp.Rotation(16, seed: 2, spread: 0.7));
    private static readonly Matrix Images = MadeUp.Features(30, 16, seed: 3);

    [Fact]
    public void Logits_ModelWithTransform_AreStatAOfItsProbabilitiesAndItsPrototypesMappedBack()
    {
        var model = LfaModel.Fit(Train, new ProcrustesMethod());
        var batch = BatchAdaptation.FromModel(model, anchorWeight: 3);
        batch.AnchorWeight.ShouldBe(3);
        var mapped = Oracle.ToFeatures(Train.ClassPrototypes.ToOracle() * model.Aligned!.Transform.Matrix.ToOracle().Transpose()).NormalizeRows();
        batch.ClassAnchors.Values.ShouldBeCloseTo(mapped.Values.Span, 1e-5);
        var expected = PlainTransduction.StatA(labeled: null, Images.NormalizeRows(), model.Logits(Images), mapped, alpha: 3);
        var actual = Array.ConvertAll(PlainTransduction.Rows(batch.Logits(Images)), PlainTransduction.LogSoftmax);
        actual.SelectMany(row => row).ToArray().ShouldBeCloseTo([.. expected.SelectMany(row => row)], 1e-3);
    }

    [Fact]
    public void Logits_AnyNumberOfThreads_HaveTheSameBits()
    {
        var batch = BatchAdaptation.FromModel(LfaModel.Fit(Train, new LfaMethod()));
        batch.Logits(Images, 3).Values.ToArray().ShouldBe(batch.Logits(Images, 1).Values.ToArray());
    }

    [Fact]
    public void Predict_Blocks_AreOneBatch()
    {
        var batch = BatchAdaptation.FromModel(LfaModel.Fit(Train, new ZeroShotMethod()));
        batch.AnchorWeight.ShouldBe(4);
        var predictions = batch.Predict([Images.Slice(0, 7), Images.Slice(7, 1), Images.Slice(8, 22)], new PredictionOptions { TopK = 9 });
        var logits = batch.Logits(Images);
        predictions.Count.ShouldBe(30);
        for (var i = 0; i < 30; i++)
        {
            var probabilities = PlainTransduction.LogSoftmax(Array.ConvertAll(logits.Row(i).ToArray(), value => (double)value)).Select(Math.Exp).ToArray();
            predictions[i].Top.Select(one => one.Class).ShouldBe(Enumerable.Range(0, 5).OrderByDescending(c => probabilities[c]));
            predictions[i].Top.ShouldAllBe(one => Math.Abs(one.Probability - probabilities[one.Class]) < 1e-5 && one.ClassName == Train.ClassNames[one.Class]);
            (predictions[i].PredictionSet, predictions[i].IsUnknown).ShouldBe((null, false));
        }
        batch.Predict([Images.Slice(0, 7)])[0].Best.Probability.ShouldNotBe(predictions[0].Best.Probability, "it depends on the batch");
    }

    [Fact]
    public void Predict_UnsureImagesOfAClass_FollowTheSureOnes()
    {
        var (train, test) = MadeUpProblem.Create(new MadeUpProblemOptions { Classes = 8, Dimension = 128, Shots = 1, TestImages = 30, NoiseShare = 0.9 });
        var model = LfaModel.Fit(train, new ZeroShotMethod());
        var few = test.SelectRows([.. Enumerable.Range(0, test.SampleCount).Where(i => test.Labels.Span[i] < 3)]);
        foreach (var set in new[] { test, few })
            Evaluation.FromLogits(BatchAdaptation.FromModel(model).Logits(set.ImageFeatures), set).Top1Accuracy.ShouldBeGreaterThan(model.Evaluate(set).Top1Accuracy);
    }

    [Fact]
    public void FromModel_LinearHead_IsAnchoredAtItsClassNamesOrItsMeans()
    {
        BatchAdaptation.FromModel(LfaModel.Fit(Train, new GaussianMethod())).ClassAnchors.Values.ToArray().ShouldBe(Train.ClassPrototypes.Values.ToArray());
        var (head, other) = (new LinearScorer(new LinearHead(Train.ClassPrototypes)), MadeUp.Features(5, 9, seed: 4));
        var anchors = BatchAdaptation.FromModel(new LfaModel(head, Train.ClassNames, statistics: ClassStatistics.FromTask(Train), classPrototypes: other)).ClassAnchors;
        anchors.Row(2).ToArray().ShouldBe(Oracle.ToFeatures(Oracle.Matrix(ClassStatistics.FromTask(Train).Sums.ToArray(), 5, 16)).NormalizeRows().Row(2).ToArray());
        Should.Throw<LfaDataException>(() => BatchAdaptation.FromModel(new LfaModel(head, Train.ClassNames, classPrototypes: other, record: new FitRecord { Method = "nearest-mean" })))
            .Message.ShouldStartWith("The classifier of method nearest-mean has neither class names in the space of its images nor a map to them");
        var sameWidth = new FitRecord { Method = "linear-probe", ImageEncoder = new EncoderIdentity("eye") { Space = "of eye" }, TextEncoder = new EncoderIdentity("pen") { Space = "of pen" } };
        Should.Throw<LfaDataException>(() => BatchAdaptation.FromModel(new LfaModel(head, Train.ClassNames, classPrototypes: Train.ClassPrototypes, record: sameWidth))).Message.ShouldContain("linear-probe has neither");
    }

    [Theory]
    [InlineData("k-nn")]
    [InlineData("tip-adapter")]
    [InlineData("kernel-ridge")]
    public void FromModel_SupportImages_Throws(string name) =>
        Should.Throw<LfaDataException>(() => BatchAdaptation.FromModel(LfaModel.Fit(Train, MethodRegistry.Methods.Get(name))))
            .Message.ShouldStartWith($"The classifier of method {name} keeps support images, so images cannot be classified together");

    [Fact]
    public void FromModel_TransformBetweenTwoSpaces_IsAnchoredInThatOfTheImages()
    {
        var set = Train.WithClassPrototypes(MadeUp.Features(5, 9, seed: 5).NormalizeRows());
        var batch = BatchAdaptation.FromModel(LfaModel.Fit(set, new ProcrustesMethod()));
        (batch.ClassAnchors.Rows, batch.ClassAnchors.Columns).ShouldBe((5, 16));
        batch.Logits(Images).Values.ToArray().All(float.IsFinite).ShouldBeTrue();
    }

    [Fact]
    public void Run_BadInput_Throws()
    {
        var model = LfaModel.Fit(Train, new ZeroShotMethod());
        var batch = BatchAdaptation.FromModel(model);
        Should.Throw<LfaDataException>(() => batch.Logits(Images.Slice(0, 1))).Message.ShouldBe("features has 1 row; images are classified together from 2 on, so give more, or classify it alone.");
        Should.Throw<LfaDataException>(() => batch.Predict([])).Message.ShouldStartWith("features has 0 row");
        Should.Throw<LfaDataException>(() => batch.Logits(MadeUp.Features(3, 9, seed: 1))).Message.ShouldContain("features is 3 × 9");
        Should.Throw<LfaDataException>(() => batch.Predict([Images, new Matrix(new float[16], 1, 16)])).Message.ShouldContain("row 0");
        Should.Throw<LfaDataException>(() => batch.Predict([Images], new PredictionOptions { Coverage = 0.9 })).Message.ShouldStartWith("Prediction sets and rejection");
        Should.Throw<OperationCanceledException>(() => batch.Logits(Images, cancellationToken: new CancellationToken(canceled: true)));
        foreach (var weight in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Should.Throw<ArgumentOutOfRangeException>(() => BatchAdaptation.FromModel(model, weight)).Message.ShouldStartWith("anchorWeight must be above 0, and finite.");
    }
}
