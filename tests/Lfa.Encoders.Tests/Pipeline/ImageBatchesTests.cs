using Lfa.Data;
using Lfa.Encoders.Models;
using Lfa.Encoders.Pipeline;

namespace Lfa.Encoders.Tests.Pipeline;

public sealed class ImageBatchesTests
{
    private static readonly RgbImage[] Frames = [ImageDecoder.Decode(TinyImage.Png(250, 10, 30)), ImageDecoder.Decode(TinyImage.Png(20, 40, 240))];

    [Theory]
    [InlineData(FramePooling.Mean)]
    [InlineData(FramePooling.Maximum)]
    public void Encode_SeveralFrames_PoolsTheirUnitFeatures(FramePooling pooling)
    {
        using var folder = new TemporaryFolder();
        using var encoder = ImageEncoder.Open(ModelFolder.Open(TinyModel.Write(folder["model"])));
        var batches = new ImageBatches(encoder, Crops.Center, pooling);
        float[] Encode(params RgbImage[] frames) => batches.Encode([batches.Prepare(frames)])[0].Features!;

        var (first, second) = (Encode(Frames[0]), Encode(Frames[1]));
        float[] pooled = [.. first.Zip(second, (a, b) => pooling == FramePooling.Mean ? (a + b) / 2 : Math.Max(a, b))];
        Encode(Frames).ShouldBe(new Matrix(pooled, 1, pooled.Length).NormalizeRows().Values.ToArray(), 1e-6);
    }
}
