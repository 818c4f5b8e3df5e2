using Lfa.Alignment;
using Lfa.Classification;
using Lfa.Data;
using Lfa.IO;
using Lfa.Model;
using Lfa.Tests.Support;

namespace Lfa.Tests.Classification;

public sealed class FamiliarityTests : IDisposable
{
    private const int Classes = 8;
    private const int Dimension = 16;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_IsTheWeightedSumOfItsViews()
    {
        float[] scores = [0.1f, 0.5f, -0.2f];
        const double Temperature = 0.05;
        var p = Math.Exp(0.5 / 0.15) / scores.Sum(score => Math.Exp(score / 0.15));
        var mean = 0.4 / 3;
        var deviation = Math.Sqrt(scores.Average(score => Math.Pow(score - mean, 2)));
        Familiarity.OfProbability.Of(scores, Temperature).ShouldBe(Math.Log(p), 1e-6);
        new Familiarity([2, 3, 5], new float[] { 7, 0.25f, 9 }).Of(scores, Temperature, nearness: 0.3)
            .ShouldBe((2 * Math.Log(p)) + (3 * (0.5 - mean) / deviation) + (5 * (0.3 - 0.25)), 1e-5);
        new Familiarity([1, 1, 0], default).Of([1, 1, 1], Temperature).ShouldBe(-Math.Log(3), 1e-6, "no class stands out");
    }

    [Fact]
    public void Run_NamesAloneTell_AreWeighed()
    {
        // The scores say nothing but the class; images are near to the name of their class, and to no other.
        var labels = MadeUp.Labels(200, Classes);
        var nearness = MadeUp.Floats(200 * Classes, seed: 3);
        var scores = new float[200 * Classes];
        for (var i = 0; i < 200; i++)
        {
            nearness[(i * Classes) + labels[i]] += 4;
            for (var rank = 0; rank < Classes; rank++)
                scores[(i * Classes) + ((labels[i] + rank) % Classes)] = rank == 0 ? 1 : rank == 1 ? 0.999f : 0;
        }
        var familiarities = new double[200];
        var matrix = new Matrix(scores, 200, Classes);
        var fitted = FamiliarityFit.Run(matrix, labels, 0.1, new Matrix(nearness, 200, Classes), isOfClassifier: true, familiarities);
        fitted.UsesNames.ShouldBeTrue();
        fitted.UsualNearness.ToArray().ShouldAllBe(usual => usual > 3.3 && usual < 4.7);
        // An image's own nearness is left out of what is usual, so the two differ, but little.
        familiarities[5].ShouldBe(fitted.Of(matrix.Row(5), 0.1, nearness[(5 * Classes) + labels[5]]), 0.15 * fitted.Weights[2]);
        familiarities[5].ShouldNotBe(fitted.Of(matrix.Row(5), 0.1, nearness[(5 * Classes) + labels[5]]));
        FamiliarityFit.Run(matrix, labels, 0.1, nearness: null, isOfClassifier: true, familiarities).UsesNames.ShouldBeFalse();
    }

    [Fact]
    public void Run_NamesTellNothing_HaveHardlyAnyWeight()
    {
        var (task, scores) = Problem();
        var noise = new Matrix(MadeUp.Floats(task.SampleCount * Classes, seed: 9), task.SampleCount, Classes);
        var fitted = FamiliarityFit.Run(scores, task.Labels.Span, 0.1, noise, isOfClassifier: true, new double[task.SampleCount]);
        fitted.Weights[2].ShouldBeLessThan(0.2, "of a view of deviation 1");
        fitted.Weights.ShouldContain(weight => weight > 0);
    }

    [Fact]
    public void Run_LittleKnown_KeepsTheProbability()
    {
        var (task, scores) = Problem();
        var all = new double[task.SampleCount];
        FamiliarityFit.Run(scores, task.Labels.Span, 0.1, scores, isOfClassifier: false, all).ShouldBe(Familiarity.OfProbability);
        all[3].ShouldBe(Familiarity.OfScores(scores.Row(3), 0.1), 1e-12);
        FamiliarityFit.Run(scores.Slice(0, 39), task.Labels.Span[..39], 0.1, scores.Slice(0, 39), isOfClassifier: true, new double[39]).ShouldBe(Familiarity.OfProbability);
        FamiliarityFit.Run(scores.Slice(0, 40), task.Labels.Span[..40], 0.1, scores.Slice(0, 40), isOfClassifier: true, new double[40]).ShouldNotBe(Familiarity.OfProbability);
    }

    [Fact]
    public void Predict_LengthOfAnImage_DoesNotMatter()
    {
        var (model, test) = Model();
        var options = new PredictionOptions { FalseRejection = 0.2 };
        var unknown = model.Predict(test.ImageFeatures, options).Select(prediction => prediction.IsUnknown).ToArray();
        unknown.Count(one => one).ShouldBeInRange(1, test.SampleCount - 1);
        var longer = new Matrix(test.ImageFeatures.Values.ToArray().Select(value => 8 * value).ToArray(), test.SampleCount, Dimension);
        model.Predict(longer, options).Select(prediction => prediction.IsUnknown).ShouldBe(unknown);
        model.Evaluate(test, options).Rejection!.FalseRejection.ShouldBe(unknown.Count(one => one) / (double)test.SampleCount);
    }

    [Fact]
    public void Load_AfterSave_RejectsTheSame()
    {
        var (model, test) = Model();
        var options = new PredictionOptions { FalseRejection = 0.2 };
        model.Save(_folder["m"]);
        var loaded = LfaModel.Load(_folder["m"]);
        loaded.Calibration!.Familiarity.Weights.ShouldBe(model.Calibration!.Familiarity.Weights);
        loaded.Predict(test.ImageFeatures, options).Select(prediction => prediction.IsUnknown).ShouldBe(model.Predict(test.ImageFeatures, options).Select(prediction => prediction.IsUnknown));
        loaded.Save(_folder["again"]);
        File.ReadAllBytes(_folder["again"]).ShouldBe(File.ReadAllBytes(_folder["m"]));
    }

    [Theory]
    [InlineData("familiarity_weights", new float[] { 1, 2 }, "familiarity_weights is not of 3 weights of 0 or more")]
    [InlineData("familiarity_weights", new float[] { 1, -1, 0 }, "familiarity_weights is not of 3 weights of 0 or more")]
    [InlineData("usual_nearness", null, "there is no tensor usual_nearness")]
    [InlineData("usual_nearness", new float[] { 1, 2 }, "calibration knows how near images of 2 classes are to their names but the classifier has 8 classes")]
    public void Load_Damaged_NamesTheTensor(string name, float[]? values, string expected)
    {
        Model().Model.Save(_folder["good"]);
        var file = SafetensorsFile.Read(_folder["good"]);
        var tensors = new Dictionary<string, SafetensorsTensor>(file.Tensors);
        tensors.Remove(name).ShouldBeTrue();
        if (values is not null)
            tensors[name] = SafetensorsTensor.From(values, values.Length);
        SafetensorsFile.Write(_folder["bad"], tensors, file.Metadata);
        Should.Throw<LfaDataException>(() => LfaModel.Load(_folder["bad"])).Message.ShouldContain(expected);
    }

    private static (LfaModel Model, FeatureSet Test) Model()
    {
        var (task, scores) = Problem();
        var plain = AlignedModel.Of(Transform.Identity(Dimension), task.ClassPrototypes, task.ClassNames, temperature: 1);
        var calibration = Calibration.FromHeldOut(scores, task.Labels.Span, heldOutClasses: false, Scorer.DefaultTemperature, Centered(scores));
        calibration.Familiarity.UsesNames.ShouldBeTrue();
        return (plain.WithCalibration(calibration), task);
    }

    private static (FeatureSet Task, Matrix Scores) Problem()
    {
        var task = MadeUp.Task(Classes, Dimension, shots: 30, seed: 2, spread: 1);
        return (task, AlignedModel.Of(Transform.Identity(Dimension), task.ClassPrototypes, task.ClassNames, temperature: 1).Logits(task.ImageFeatures));
    }

    private static Matrix Centered(Matrix scores) =>
        new(Enumerable.Range(0, scores.Rows).SelectMany(i => scores.Row(i).ToArray().Select(score => score - scores.Row(i).ToArray().Average())).ToArray(), scores.Rows, scores.Columns);
}
