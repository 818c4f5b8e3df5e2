using Lfa.Encoders;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Models;
using Lfa.Model;

namespace ReadmeExamples;

/// <summary>The example of README.md on images, letter for letter: a change here is a change there.</summary>
internal static class ReadmeExample
{
    public static async Task Run()
    {
        using var encoder = DatasetEncoder.Open(ModelFolder.Open("samples/emoji/model"));
        var photos = await encoder.EncodeAsync(ImageDataset.FromFolder("photos"));
        var model = LfaModel.Fit(photos.Features);
        model.Save("model.safetensors");

        await foreach (var batch in encoder.EncodeBatchesAsync(ImageDataset.FromUnlabeledFolder("new").Items))
            foreach (var (photo, prediction) in batch.Items.Zip(model.Predict(batch.Blocks)))
                Console.WriteLine($"{photo.Name}: {prediction.Best.ClassName} {prediction.Best.Probability:F2}");
    }
}
