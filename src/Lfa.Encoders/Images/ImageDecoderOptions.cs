namespace Lfa.Encoders.Images;

/// <summary>Represents how images are decoded.</summary>
public sealed record ImageDecoderOptions
{
    /// <summary>
    /// Gets the number of pixels that an image may have, 1 to 2²⁹ − 1; a larger one is refused from its header, before
    /// memory is taken. An image takes 3 bytes a pixel, and up to 6 more while it is decoded where the format does not
    /// come by rows (progressive JPEG, interlaced PNG, WebP, GIF, AVIF, a turned TIFF). Default: 2²⁷, 134 million, which is 403 MB.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not within 1 to 2²⁹ − 1.</exception>
    public int MaxPixels
    {
        get;
        init => field = value is >= 1 and < 1 << 29 ? value : throw new ArgumentOutOfRangeException(nameof(MaxPixels), value, "MaxPixels must be within 1 to 2^29 - 1.");
    } = 1 << 27;

    /// <summary>Gets whether an image is turned as its EXIF orientation says, which published pipelines do for TIFF alone: a TIFF always is. Default: false.</summary>
    public bool ApplyOrientation { get; init; }
}
