using Lfa;
using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Models;

namespace ReadmeExamples;

/// <summary>The example of README.md on images, letter for letter: a change here is a change there.</summary>
internal static class ReadmeExample
{
    public static async Task Run()
    {
        using var encoder = DatasetEncoder.Open(ModelFolder.Open("samples/emoji/model"));
        var photos = await encoder.EncodeAsync(ImageDataset.FromFolder("photos"));
        var fit = LfaTrainer.Fit(photos.Features, photos.FitOptions);
        fit.Classifier.Save("model.safetensors");

        await foreach (var batch in encoder.EncodeBatchesAsync(ImageDataset.FromUnlabeledFolder("new").Items))
        {
            foreach (var (photo, prediction) in batch.Items.Zip(fit.Classifier.Predict(batch.Blocks)))
                Console.WriteLine($"{photo.Name}: {prediction.Best.ClassName} {prediction.Best.Probability:F2}");
            foreach (var broken in batch.Unreadable)
                Console.WriteLine($"{broken.Name}: {broken.Problem}");
        }
    }
}
