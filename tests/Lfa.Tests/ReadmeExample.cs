using Lfa.IO;
using Lfa.Model;

namespace ReadmeExamples;

/// <summary>The library example of docs/get-started/csharp.md, letter for letter: a change here is a change there.</summary>
internal static class ReadmeExample
{
    public static void Run()
    {
        var train = FeatureFile.Read("train.npz");
        var model = LfaModel.Fit(train);
        model.Save("model.safetensors");

        var loaded = LfaModel.Load("model.safetensors");
        var evaluation = loaded.Evaluate(FeatureFile.Read("test.npz"));
        Console.WriteLine($"{evaluation.Samples} images, top-1 {evaluation.Top1Accuracy:P1}, log-loss {evaluation.LogLoss:F3}");

        using var images = FeatureReader.Open("new.npz");
        foreach (var prediction in loaded.Predict(images.ReadBlocks(1024), topK: 3))
            Console.WriteLine($"{prediction.Best.ClassName} {prediction.Best.Probability:F2}");
    }
}
