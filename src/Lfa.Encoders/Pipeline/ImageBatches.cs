using System.Buffers;
using System.Numerics.Tensors;
using Lfa.Encoders.Images;

namespace Lfa.Encoders.Pipeline;

/// <summary>Runs the frames and crops of several images through the image tower together.</summary>
internal sealed class ImageBatches(ImageEncoder encoder, Crops crops, FramePooling pooling = FramePooling.Mean)
{
    private readonly int _crops = ImagePreprocessor.CropCount(crops);
    private readonly int _values = encoder.Preprocessor.ValuesPerCrop;

    /// <summary>Preprocesses the frames of an image.</summary>
    public PreparedImage Prepare(IReadOnlyList<RgbImage> frames) => PreparedImage.Create(encoder.Preprocessor, frames, crops);

    /// <summary>Encodes images and gives their memory back.</summary>
    /// <returns>For each image the features of its crops, crops × d, each pooled over its frames, of unit length.</returns>
    public IReadOnlyList<EncodedImage> Encode(IReadOnlyList<PreparedImage> images)
    {
        var total = images.Sum(image => image.Frames) * _crops;
        var features = new float[total * encoder.Dimension];
        var capacity = Math.Min(total, encoder.BatchSize);
        var batch = ArrayPool<float>.Shared.Rent(capacity * _values);
        var (filled, done) = (0, 0);
        foreach (var image in images)
        {
            for (var crop = 0; crop < image.Frames * _crops; crop++)
            {
                image.Pixels.AsSpan(crop * _values, _values).CopyTo(batch.AsSpan(filled++ * _values));
                if (filled == capacity)
                    Flush();
            }
            image.Return();
        }
        Flush();
        ArrayPool<float>.Shared.Return(batch);
        return Split(images, features);

        void Flush()
        {
            if (filled == 0)
                return;
            encoder.Run(batch.AsMemory(0, filled * _values), filled).CopyTo(features.AsSpan(done * encoder.Dimension));
            (done, filled) = (done + filled, 0);
        }
    }

    private EncodedImage[] Split(IReadOnlyList<PreparedImage> images, ReadOnlySpan<float> features)
    {
        var length = _crops * encoder.Dimension;
        var results = new EncodedImage[images.Count];
        for (var image = 0; image < results.Length; image++)
        {
            var frames = images[image].Frames;
            results[image] = PoolFrames(features[..(frames * length)].ToArray(), length);
            features = features[(frames * length)..];
        }
        return results;
    }

    private EncodedImage PoolFrames(float[] frames, int length)
    {
        try
        {
            var unit = UnitRows.Of(frames, encoder.Dimension);
            if (frames.Length == length)
                return new EncodedImage(unit.ToArray(), null);
            var pooled = unit[..length].ToArray();
            for (var start = length; start < frames.Length; start += length)
                Pool(pooled, unit.Span.Slice(start, length));
            return new EncodedImage(UnitRows.Of(pooled, encoder.Dimension).ToArray(), null);
        }
        catch (LfaDataException e)
        {
            return new EncodedImage(null, e.Message);
        }
    }

    // A sum has the direction of a mean.
    private void Pool(Span<float> pooled, ReadOnlySpan<float> frame)
    {
        if (pooling == FramePooling.Maximum)
            TensorPrimitives.Max(pooled, frame, pooled);
        else
            TensorPrimitives.Add(pooled, frame, pooled);
    }
}
