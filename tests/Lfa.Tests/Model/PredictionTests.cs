using Lfa.Classification;
using Lfa.Data;
using Lfa.Methods;
using Lfa.Model;
using Lfa.Tests.Support;

namespace Lfa.Tests.Model;

/// <summary>Predictions of a model that several threads share, and of one image at a time.</summary>
public sealed class PredictionTests
{
    private const int Threads = 8;

    private static readonly (FeatureSet Train, FeatureSet Test) Split = MadeUp.TrainAndTest(6, 20, shots: 4, testShots: 40, seed: 1, spread: 1);

    private static readonly Dictionary<string, Func<LfaModel>> Models = new()
    {
        ["aligned"] = () => LfaModel.Fit(Split.Train, new ProcrustesMethod()),
        ["aligned, with a residual head"] = () => AlignedModel.Of(MadeUp.Rotation(20, seed: 2), Split.Train.ClassPrototypes, Split.Train.ClassNames, residual: new LinearHead(MadeUp.Features(6, 20, seed: 3), MadeUp.Floats(6, seed: 4))),
        ["linear"] = () => LfaModel.Fit(Split.Train, new RidgeRegressionMethod()),
        ["nearest neighbors"] = () => LfaModel.Fit(Split.Train, new NearestNeighborsMethod()),
        ["kernel"] = () => LfaModel.Fit(Split.Train, new TipAdapterMethod()),
    };

    public static TheoryData<string> ModelNames => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void Predict_FromEightThreads_EqualsOneAfterAnother(string name)
    {
        var images = Split.Test.ImageFeatures;
        var expected = Run(Models[name](), images);
        var model = Models[name](); // Nothing of it is packed yet when the threads start.
        using var start = new Barrier(Threads);
        var results = new float[Threads][];
        var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            start.SignalAndWait();
            results[thread] = Run(model, images);
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        foreach (var result in results)
            result.ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void Predict_OneImageIntoASpan_IsTheRowOfAllAndAllocatesNothing(string name)
    {
        var model = Models[name]();
        var images = Split.Test.ImageFeatures;
        var (probabilities, expected) = (new float[model.ClassCount], model.Probabilities(images));
        for (var i = 0; i < 100; i++)
            model.Predict(images.Row(i), probabilities);
        Allocations.Least(() => model.Predict(images.Row(0), probabilities)).ShouldBe(0);
        for (var i = 0; i < images.Rows; i++)
        {
            var best = model.Predict(images.Row(i), probabilities);
            ((ReadOnlySpan<float>)probabilities).ShouldBeCloseTo(expected.Row(i), 1e-5); // Products of one row and of many, over τ.
            (best.ClassName, best.Probability).ShouldBe((model.ClassNames[best.Class], probabilities[best.Class]));
            probabilities.Max().ShouldBe(probabilities[best.Class]);
        }
    }

    private static float[] Run(LfaModel model, Matrix images)
    {
        var probabilities = new float[model.ClassCount];
        var all = new List<float>();
        for (var i = 0; i < images.Rows; i++)
        {
            model.Predict(images.Row(i), probabilities);
            all.AddRange(probabilities);
        }
        all.AddRange(model.Probabilities(images).Values.Span);
        all.AddRange(model.Predict(images, topK: 2).Select(prediction => (float)prediction.Best.Probability));
        return [.. all];
    }
}
