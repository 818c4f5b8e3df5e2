using System.Buffers;
using Lfa.Encoders.Images;

namespace Lfa.Encoders.Pipeline;

/// <summary>Represents the preprocessed frames of an image (one) or a video (several), in memory that returns to a pool.</summary>
/// <param name="Pixels">At least frames × crops × 3 × height × width values.</param>
/// <param name="Frames">The number of frames, at least 1.</param>
internal sealed record PreparedImage(float[] Pixels, int Frames)
{
    /// <summary>Preprocesses frames.</summary>
    public static PreparedImage Create(ImagePreprocessor preprocessor, IReadOnlyList<RgbImage> frames, Crops crops)
    {
        var values = preprocessor.ValuesPerCrop * ImagePreprocessor.CropCount(crops);
        var pixels = ArrayPool<float>.Shared.Rent(checked(frames.Count * values));
        for (var frame = 0; frame < frames.Count; frame++)
            preprocessor.Process(frames[frame], crops, pixels.AsSpan(frame * values, values));
        return new PreparedImage(pixels, frames.Count);
    }

    /// <summary>Gives the memory back; the pixels must not be used afterwards.</summary>
    public void Return() => ArrayPool<float>.Shared.Return(Pixels);
}
