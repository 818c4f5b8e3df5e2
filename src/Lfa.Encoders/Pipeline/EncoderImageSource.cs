using Lfa.Data;
using Lfa.Encoders.Datasets;
using Lfa.Encoders.Images;
using Lfa.Encoders.Models;

namespace Lfa.Encoders.Pipeline;

/// <summary>Embeds the images and videos of a dataset with a model of our own, which is loaded on first use.</summary>
internal sealed class EncoderImageSource(ModelFolder model, DatasetEncoderOptions options) : IImageFeatureSource
{
    /// <summary>Raised whenever a change of this library changes features, so that no older ones are mixed with new ones.</summary>
    public const int FeaturesVersion = 1;

    private const long LargeImage = 1 << 26;

    private readonly Lazy<ImageEncoder> _encoder = new(() => ImageEncoder.Open(model, options.Encoder));

    public string Fingerprint =>
        Invariant($"{model.VisionFingerprint}-{CropCount}x{options.Frames}{(options.FramePooling == FramePooling.Maximum ? "-maximum" : "")}{(options.Decoding.ApplyOrientation ? "-oriented" : "")}-{options.Encoder.Provider}-v{FeaturesVersion}");

    public EncoderIdentity? Identity => model.ImageIdentity;

    public int CropCount => ImagePreprocessor.CropCount(options.Crops);

    public int BatchSize => Math.Max(1, options.Encoder.BatchSize / CropCount);

    public IEnumerable<EncodedImage[]> Encode(IReadOnlyList<ImageItem> items, int start, CancellationToken cancellationToken)
    {
        if (start == items.Count)
            return [];
        var batches = new ImageBatches(_encoder.Value, options.Crops, options.FramePooling);
        return new BatchPipeline<ImageItem, PreparedImage>(BatchSize, Prepare, batches.Encode).Run(items, start, cancellationToken);

        PreparedImage Prepare(ImageItem item)
        {
            var (prepared, bytes) = PrepareFrames(item);
            // The collector is in no hurry with large arrays, and two images may fill a good part of the memory.
            if (bytes >= LargeImage)
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
            return prepared;
        }

        // Apart, so that nothing holds on to the pixels when this returns.
        (PreparedImage Prepared, long Bytes) PrepareFrames(ImageItem item)
        {
            var frames = Frames(item, cancellationToken);
            return (batches.Prepare(frames), frames.Sum(frame => (long)frame.Pixels.Length));
        }
    }

    public void Dispose()
    {
        if (_encoder.IsValueCreated)
            _encoder.Value.Dispose();
    }

    private IReadOnlyList<RgbImage> Frames(ImageItem item, CancellationToken cancellationToken) =>
        item.IsVideo
            ? VideoFrames.Sample(item.Path ?? throw new LfaDataException("a video is read from a file only; save it, or take frames out of it."), options.Frames, cancellationToken)
            : [ImageDecoder.Decode(ImageFile.Read(item), options.Decoding)];
}
