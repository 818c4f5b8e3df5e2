namespace Lfa.Encoders.Images;

/// <summary>Represents a decoded image: 8 bits a channel, red, green and blue, by rows from the top.</summary>
/// <remarks>Instances are safe for use by several threads at once. The pixels are kept without a copy: their owner must not change them.</remarks>
internal sealed class RgbImage
{
    /// <summary>Initializes an image.</summary>
    /// <param name="pixels">The pixels, height × width × 3.</param>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <exception cref="ArgumentException">The length of <paramref name="pixels"/> is not height · width · 3.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public RgbImage(ReadOnlyMemory<byte> pixels, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.Length != 3L * width * height)
            throw new ArgumentException(Invariant($"pixels has {pixels.Length} bytes but an image of {width} × {height} has {3L * width * height}."), nameof(pixels));
        (Pixels, Width, Height) = (pixels, width, height);
    }

    /// <summary>Gets the pixels, height × width × 3.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    /// <summary>Gets the width in pixels.</summary>
    public int Width { get; }

    /// <summary>Gets the height in pixels.</summary>
    public int Height { get; }
}
