using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.Model;
using Lfa.Tests.Support;

namespace Lfa.Tests.Model;

public class LfaModelTests
{
    private const double Temperature = 0.05;
    private static readonly FeatureSet Test = MadeUp.Task(9, 20, shots: 130, seed: 1, spread: 2); // 1170 rows: more than one block.
    private static readonly LfaModel Model = AlignedModel.Of(new Transform(MadeUp.Features(20, 20, seed: 2)), Test.ClassPrototypes, Test.ClassNames, Temperature);

    [Fact]
    public void Predict_TwoEnumerationsAtOnce_DoNotDisturbEachOther()
    {
        var task = MadeUp.Task(8, 16, shots: 400, seed: 1); // More rows than one block has.
        var model = AlignedModel.ZeroShot(task);
        var predictions = model.Predict(task.ImageFeatures);
        var classes = predictions.Select(prediction => prediction.Best.Class).ToArray();
        predictions.Zip(predictions.Skip(1100), (first, second) => (first.Best.Class, second.Best.Class))
            .ShouldBe(classes.Zip(classes.Skip(1100)));
    }

    [Fact]
    public void Predict_WrongColumns_ThrowsAtTheCall() =>
        Should.Throw<LfaDataException>(() => { Model.Predict(new Matrix(new float[3], 1, 3)); });

    [Fact]
    public void Probabilities_EqualTheSoftmaxOfTheCosines()
    {
        var probabilities = Model.Probabilities(Test.ImageFeatures);
        var expected = PlainProbabilities();
        for (var i = 0; i < expected.Length; i++)
        {
            probabilities.Row(i).ShouldBeCloseTo(Array.ConvertAll(expected[i], value => (float)value), 1e-5); // Cosines in single precision, over τ.
            probabilities.Row(i).ToArray().Sum(value => (double)value).ShouldBe(1, 1e-6);
        }
    }

    [Fact]
    public void Logits_AreTheCosinesOverTheTemperature()
    {
        var logits = Model.Logits(Test.ImageFeatures);
        var z = Test.ImageFeatures.ToOracle() * Model.Aligned!.Transform.Matrix.ToOracle();
        var expected = z.NormalizeRows(2) * Test.ClassPrototypes.ToOracle().Transpose() / Temperature;
        logits.Values.ShouldBeCloseTo(Oracle.ToFeatures(expected).Values.Span, 2e-6); // Single precision.
    }

    [Fact]
    public void AdaptedPrototypes_RankTheClassesAsTheClassifierDoes()
    {
        var adapted = Model.Aligned!.AdaptedPrototypes().ToOracle();
        var predictions = Model.Predict(Test.ImageFeatures, topK: 9).ToArray();
        var scores = Test.ImageFeatures.ToOracle() * adapted.Transpose();
        for (var i = 0; i < predictions.Length; i++)
            predictions[i].Top.Select(top => top.Class).ShouldBe(Enumerable.Range(0, 9).OrderByDescending(c => scores[i, c]), Invariant($"row {i}"));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(9, 9)]
    [InlineData(50, 9)]
    public void Predict_TopK_AreTheFirstOfASort(int topK, int expected)
    {
        var probabilities = PlainProbabilities();
        var predictions = Model.Predict(Test.ImageFeatures, topK).ToArray();
        predictions.Length.ShouldBe(Test.SampleCount);
        for (var i = 0; i < predictions.Length; i++)
        {
            var order = Enumerable.Range(0, 9).OrderByDescending(c => probabilities[i][c]).Take(expected).ToArray();
            predictions[i].Top.Select(top => top.Class).ShouldBe(order);
            predictions[i].Best.ClassName.ShouldBe(Test.ClassNames[order[0]]);
            foreach (var top in predictions[i].Top)
                top.Probability.ShouldBe(probabilities[i][top.Class], 1e-5);
        }
    }

    [Fact]
    public void Predict_AnyCutIntoBlocks_GivesTheSameBits()
    {
        var whole = Model.Predict(Test.ImageFeatures, topK: 2).SelectMany(prediction => prediction.Top).ToArray();
        foreach (var rows in new[] { 1, 17, 1024, 5000 })
        {
            var blocks = Enumerable.Range(0, (Test.SampleCount + rows - 1) / rows)
                .Select(block => Test.ImageFeatures.Slice(block * rows, Math.Min(rows, Test.SampleCount - (block * rows))));
            Model.Predict(blocks, new PredictionOptions { TopK = 2, MaxDegreeOfParallelism = 1 }).SelectMany(prediction => prediction.Top).ToArray().ShouldBe(whole);
        }
        Model.Predict([]).ShouldBeEmpty();
    }

    [Fact]
    public void Predict_RowsOfAnyLength_AreAlike()
    {
        var scaled = new Matrix(Array.ConvertAll(Test.ImageFeatures.Values.ToArray(), value => 1e-20f * value), Test.SampleCount, 20);
        Model.Predict(scaled).Select(prediction => prediction.Best.Class).ShouldBe(Model.Predict(Test.ImageFeatures).Select(prediction => prediction.Best.Class));
    }

    [Fact]
    public void Predict_ProjectionIsZero_KnowsNothing()
    {
        // A transform of rank one, as least squares on one class gives, and an image at right angles to it.
        var transform = new Transform(new Matrix(new float[] { 1, 0, 0, 0 }, 2, 2));
        var model = AlignedModel.Of(transform, new Matrix(new float[] { 1, 0, 0, 1 }, 2, 2), ["a", "b"]);
        model.Probabilities(new Matrix(new float[] { 0, 1 }, 1, 2)).Values.ToArray().ShouldBe([0.5f, 0.5f]);
    }

    [Fact]
    public void Evaluate_Metrics_EqualTheirDefinitions()
    {
        var evaluation = Model.Evaluate(Test);
        var probabilities = PlainProbabilities();
        var labels = Test.Labels.ToArray();
        var orders = probabilities.Select(row => Enumerable.Range(0, 9).OrderByDescending(c => row[c]).ToArray()).ToArray();
        var right = orders.Select((order, i) => order[0] == labels[i]).ToArray();
        (evaluation.Samples, evaluation.Classes).ShouldBe((1170, 9));
        evaluation.Predicted.ToArray().ShouldBe(orders.Select(order => order[0]));
        evaluation.Top1Accuracy.ShouldBe(right.Count(hit => hit) / 1170.0, 1e-11);
        evaluation.Top5Accuracy.ShouldBe(orders.Where((order, i) => order.Take(5).Contains(labels[i])).Count() / 1170.0, 1e-11);
        evaluation.LogLoss.ShouldBe(probabilities.Select((row, i) => -Math.Log(row[labels[i]])).Average(), 1e-5); // Cosines in single precision, over τ.

        var bins = probabilities.Select((row, i) => (Confidence: row.Max(), Right: right[i]))
            .GroupBy(sample => Enumerable.Range(1, 15).First(bin => sample.Confidence <= bin / 15.0)).ToArray();
        bins.Length.ShouldBeGreaterThan(8, "samples in many bins, or the test would show little");
        evaluation.Ece.ShouldBe(bins.Sum(bin => bin.Count() * Math.Abs(bin.Average(sample => sample.Confidence) - bin.Average(sample => sample.Right ? 1.0 : 0))) / 1170, 1e-5);

        var confusion = evaluation.Confusion();
        for (var c = 0; c < 9; c++)
        {
            for (var other = 0; other < 9; other++)
                confusion[c, other].ShouldBe(Enumerable.Range(0, 1170).Count(i => labels[i] == c && orders[i][0] == other));
            var taken = Enumerable.Range(0, 9).Sum(row => confusion[row, c]);
            evaluation.PerClass[c].Samples.ShouldBe(130);
            evaluation.PerClass[c].ClassName.ShouldBe(Test.ClassNames[c]);
            evaluation.PerClass[c].Recall.ShouldBe(confusion[c, c] / 130.0, 1e-11);
            evaluation.PerClass[c].Precision.ShouldBe((double)confusion[c, c] / taken, 1e-11);
        }
    }

    [Fact]
    public void Evaluate_ClassNeverTaken_HasNoPrecision()
    {
        var prototypes = new Matrix(new float[] { 1, 0, -1, 0, 0, 1 }, 3, 2);
        var test = new FeatureSet(new Matrix(new float[] { 1, 0.1f, 1, -0.1f }, 2, 2), prototypes, new[] { 0, 1 });
        var evaluation = AlignedModel.ZeroShot(test).Evaluate(test);
        evaluation.PerClass[0].ShouldBe(new ClassEvaluation("class 0", 1, 1, 0.5));
        evaluation.PerClass[1].ShouldBe(new ClassEvaluation("class 1", 1, 0, double.NaN));
        evaluation.PerClass[2].ShouldBe(new ClassEvaluation("class 2", 0, double.NaN, double.NaN));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Evaluate_FewerThanFiveClasses_HasAllInTheTopFive(int classes)
    {
        var test = MadeUp.Task(classes, 6, shots: 20, seed: 3, spread: 4);
        var evaluation = AlignedModel.ZeroShot(test).Evaluate(test);
        evaluation.Top5Accuracy.ShouldBe(1);
        evaluation.Top1Accuracy.ShouldBe((double)evaluation.Predicted.ToArray().Where((c, i) => c == test.Labels.Span[i]).Count() / test.SampleCount, 1e-11);
    }

    [Fact]
    public void Evaluate_AnotherTask_SaysWhatDiffers()
    {
        Should.Throw<LfaDataException>(() => Model.Evaluate(new FeatureSet(Test.ImageFeatures, Test.ClassPrototypes, default))).Message.ShouldContain("no labels");
        Should.Throw<LfaDataException>(() => Model.Evaluate(MadeUp.Task(8, 20, shots: 1, seed: 1)))
            .Message.ShouldBe("The test set has 8 classes but the classifier has 9; both must have the same classes.");
        Should.Throw<LfaDataException>(() => Model.Evaluate(MadeUp.Task(9, 21, shots: 1, seed: 1))).Message.ShouldContain("The test features are 9 × 21 but the classifier takes 20 columns");
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(0f)]
    public void Predict_DegenerateRow_NamesIt(float value)
    {
        var features = new Matrix(Enumerable.Range(0, 40).Select(i => i < 20 ? 1 : value).ToArray(), 2, 20);
        Should.Throw<LfaDataException>(() => Model.Predict(features).Count()).Message.ShouldContain("features: row 1");
        Should.Throw<LfaDataException>(() => Model.Logits(features)).Message.ShouldContain("features: row 1");
    }

    [Fact]
    public void Constructor_PartsThatContradictEachOther_SaysWhich()
    {
        var (identity, prototypes) = (Transform.Identity(3), MadeUp.Features(2, 3, 1).NormalizeRows());
        Should.Throw<LfaDataException>(() => AlignedModel.Of(Transform.Identity(4), prototypes, ["a", "b"])).Message.ShouldStartWith("transform is 4 × 4 but classPrototypes is 2 × 3");
        Should.Throw<LfaDataException>(() => AlignedModel.Of(identity, prototypes, ["a"])).Message.ShouldContain("classNames has 1 entries");
        Should.Throw<LfaDataException>(() => AlignedModel.Of(identity, prototypes, ["a", "b"], newClasses: new(Transform.Identity(4), 1))).Message.ShouldContain("the transform for new classes is 4 × 4");
        var wide = new Transform(MadeUp.Features(5, 3, 1));
        Should.Throw<LfaDataException>(() => AlignedModel.Of(identity, prototypes, ["a", "b"], newClasses: new(wide, 1))).Message.ShouldContain("the transform for new classes is 5 × 3 but transform is 3 × 3");
        Should.Throw<LfaDataException>(() => AlignedModel.Of(identity, new Matrix(default, 0, 3), [])).Message.ShouldContain("classPrototypes has no rows");
        foreach (var temperature in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            Should.Throw<ArgumentOutOfRangeException>(() => AlignedModel.Of(identity, prototypes, ["a", "b"], temperature));
            Should.Throw<ArgumentOutOfRangeException>(() => AlignedModel.Of(identity, prototypes, ["a", "b"], newClasses: new(identity, temperature)));
        }
        Should.Throw<ArgumentOutOfRangeException>(() => Model.Predict(Test.ImageFeatures, topK: 0));
        Should.Throw<ArgumentOutOfRangeException>(() => Model.Logits(Test.ImageFeatures, maxDegreeOfParallelism: -2));
    }

    [Fact]
    public void Rectangular_Transform_TakesTheImagesOfAnotherEncoder()
    {
        var transform = new Transform(MadeUp.Features(30, 20, seed: 4));
        var model = AlignedModel.Of(transform, Test.ClassPrototypes, Test.ClassNames);
        var images = MadeUp.Features(7, 30, seed: 5);
        (model.Aligned!.AdaptedPrototypes().Rows, model.Aligned!.AdaptedPrototypes().Columns).ShouldBe((9, 30));
        model.Predict(images).Select(prediction => prediction.Best.Class).ShouldBe(
            (images.ToOracle() * model.Aligned!.AdaptedPrototypes().ToOracle().Transpose()).EnumerateRows().Select(row => row.MaximumIndex()));
    }

    private static double[][] PlainProbabilities()
    {
        var z = Test.ImageFeatures.ToOracle() * Model.Aligned!.Transform.Matrix.ToOracle();
        var scores = z.NormalizeRows(2) * Test.ClassPrototypes.ToOracle().Transpose() / Temperature;
        return [.. scores.EnumerateRows().Select(row => row.Select(score => Math.Exp(score - row.Maximum()) / row.Sum(other => Math.Exp(other - row.Maximum()))).ToArray())];
    }
}
