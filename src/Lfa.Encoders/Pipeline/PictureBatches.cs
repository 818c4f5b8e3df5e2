using System.Buffers;
using System.Numerics.Tensors;
using Lfa.Encoders.Images;

namespace Lfa.Encoders.Pipeline;

/// <summary>Runs the frames and crops of several pictures through the image tower together.</summary>
internal sealed class PictureBatches(ImageEncoder encoder, Crops crops, FramePooling pooling = FramePooling.Mean)
{
    private readonly int _crops = ImagePreprocessor.CountOf(crops);
    private readonly int _values = encoder.Preprocessor.ValuesPerCrop;

    /// <summary>Preprocesses the frames of a picture.</summary>
    public PreparedPicture Prepare(IReadOnlyList<RgbImage> frames) => PreparedPicture.Create(encoder.Preprocessor, frames, crops);

    /// <summary>Encodes pictures and gives their memory back.</summary>
    /// <returns>For each picture the features of its crops, crops × d, each pooled over its frames, of unit length.</returns>
    public IReadOnlyList<EncodedImage> Encode(IReadOnlyList<PreparedPicture> pictures)
    {
        var total = pictures.Sum(picture => picture.Frames) * _crops;
        var features = new float[total * encoder.Dimension];
        var capacity = Math.Min(total, encoder.BatchSize);
        var batch = ArrayPool<float>.Shared.Rent(capacity * _values);
        var (filled, done) = (0, 0);
        foreach (var picture in pictures)
        {
            for (var crop = 0; crop < picture.Frames * _crops; crop++)
            {
                picture.Pixels.AsSpan(crop * _values, _values).CopyTo(batch.AsSpan(filled++ * _values));
                if (filled == capacity)
                    Flush();
            }
            picture.Return();
        }
        Flush();
        ArrayPool<float>.Shared.Return(batch);
        return Split(pictures, features);

        void Flush()
        {
            if (filled == 0)
                return;
            encoder.Run(batch.AsMemory(0, filled * _values), filled).CopyTo(features.AsSpan(done * encoder.Dimension));
            (done, filled) = (done + filled, 0);
        }
    }

    private EncodedImage[] Split(IReadOnlyList<PreparedPicture> pictures, ReadOnlySpan<float> features)
    {
        var length = _crops * encoder.Dimension;
        var results = new EncodedImage[pictures.Count];
        for (var picture = 0; picture < results.Length; picture++)
        {
            var frames = pictures[picture].Frames;
            results[picture] = PoolFrames(features[..(frames * length)].ToArray(), length);
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
        catch (InvalidDataException e)
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
