using System.Numerics.Tensors;
using Lfa.Encoders.Images;

namespace Lfa.Encoders.Pipeline;

/// <summary>Runs the frames and crops of several pictures through the image tower together.</summary>
/// <remarks>Not safe for use by several threads at once, but for <see cref="Prepare"/>.</remarks>
internal sealed class PictureBatches(ImageEncoder encoder, Crops crops)
{
    private readonly int _crops = ImagePreprocessor.CountOf(crops);
    private readonly int _values = encoder.Preprocessor.ValuesPerCrop;
    private readonly float[] _batch = new float[encoder.BatchSize * encoder.Preprocessor.ValuesPerCrop];

    /// <summary>Preprocesses the frames of a picture.</summary>
    public PreparedPicture Prepare(IReadOnlyList<RgbImage> frames) => PreparedPicture.Create(encoder.Preprocessor, frames, crops);

    /// <summary>Encodes pictures and gives their memory back.</summary>
    /// <returns>For each picture the features of its crops, crops × d, each the mean of its frames, of unit length.</returns>
    public IReadOnlyList<float[]> Encode(IReadOnlyList<PreparedPicture> pictures)
    {
        var features = new float[pictures.Sum(picture => picture.Frames) * _crops * encoder.Dimension];
        var (filled, done) = (0, 0);
        foreach (var picture in pictures)
        {
            for (var crop = 0; crop < picture.Frames * _crops; crop++)
            {
                picture.Pixels.AsSpan(crop * _values, _values).CopyTo(_batch.AsSpan(filled++ * _values));
                if (filled == encoder.BatchSize)
                    Flush();
            }
            picture.Return();
        }
        Flush();
        return Split(pictures, features);

        void Flush()
        {
            if (filled == 0)
                return;
            encoder.Encode(_batch.AsMemory(0, filled * _values), filled).Span.CopyTo(features.AsSpan(done * encoder.Dimension));
            (done, filled) = (done + filled, 0);
        }
    }

    private float[][] Split(IReadOnlyList<PreparedPicture> pictures, ReadOnlySpan<float> features)
    {
        var length = _crops * encoder.Dimension;
        var results = new float[pictures.Count][];
        for (var picture = 0; picture < results.Length; picture++)
        {
            var frames = pictures[picture].Frames;
            results[picture] = MeanOfFrames(features[..(frames * length)], length);
            features = features[(frames * length)..];
        }
        return results;
    }

    private float[] MeanOfFrames(ReadOnlySpan<float> frames, int length)
    {
        var mean = frames[..length].ToArray();
        if (frames.Length == length)
            return mean;
        for (var start = length; start < frames.Length; start += length)
            TensorPrimitives.Add(mean, frames.Slice(start, length), mean);
        return UnitRows.Of(mean, encoder.Dimension).ToArray();
    }
}
