using Lfa.Encoders.Datasets;
using Lfa.Encoders.Images;
using Lfa.Encoders.Models;

namespace Lfa.Encoders.Pipeline;

/// <summary>Embeds the pictures and videos of a data set with a model of our own, which is loaded on first use.</summary>
internal sealed class EncoderImageSource(ModelFolder model, DatasetEncoderOptions options) : IImageFeatureSource
{
    private readonly Lazy<ImageEncoder> _encoder = new(() => ImageEncoder.Open(model, options.Encoder));
    private readonly Lazy<string> _fingerprint = new(() =>
        Invariant($"{model.Fingerprint(model.VisionGraph)}-{ImagePreprocessor.CountOf(options.Crops)}x{options.Frames}{(options.Decoding.ApplyOrientation ? "-oriented" : "")}"));

    public string Fingerprint => _fingerprint.Value;

    public int CropCount => ImagePreprocessor.CountOf(options.Crops);

    public int BatchSize => Math.Max(1, options.Encoder.BatchSize / CropCount);

    public IEnumerable<EncodedImage[]> Encode(IReadOnlyList<ImageItem> items, int start, CancellationToken cancellationToken)
    {
        if (start == items.Count)
            return [];
        var batches = new PictureBatches(_encoder.Value, options.Crops);
        var pipeline = new BatchPipeline<ImageItem, PreparedPicture>(BatchSize, item => batches.Prepare(Frames(item, cancellationToken)), batches.Encode);
        return pipeline.Run(items, start, cancellationToken);
    }

    public void Dispose()
    {
        if (_encoder.IsValueCreated)
            _encoder.Value.Dispose();
    }

    private IReadOnlyList<RgbImage> Frames(ImageItem item, CancellationToken cancellationToken) =>
        item.IsVideo
            ? VideoFrames.Sample(item.Path, options.Frames, cancellationToken)
            : [ImageDecoder.Decode(PictureFile.Read(item.Path), options.Decoding)];
}
