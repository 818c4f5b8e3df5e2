using System.Collections.Concurrent;

namespace Lfa.Encoders.Images;

/// <summary>Turns images into the numbers that a model takes: resized, cropped, rescaled and normalized.</summary>
/// <remarks>
/// Pixels and values have the bits of the published pipelines, which resize with Pillow. Instances are safe for use by
/// several threads at once; an image allocates nothing if one of its size has been seen lately.
/// </remarks>
internal sealed class ImagePreprocessor
{
    private const int MostKernels = 128;
    private const int MostWeights = 1 << 16; // of a kernel that is kept; usual ones have some thousands

    private readonly ConcurrentDictionary<(int Input, int Output, int First, int Count), ResampleKernel> _kernels = new();
    private readonly ImagePreprocessing _preprocessing;
    private readonly PixelTable _table;

    /// <summary>Prepares for a model.</summary>
    /// <param name="preprocessing">What the model's files say.</param>
    /// <exception cref="LfaDataException">Images would have sizes of their own, or a side is not 1 to 8192.</exception>
    public ImagePreprocessor(ImagePreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        if (preprocessing.OutputSize is not { } size)
            throw new LfaDataException("Without a crop and without an exact size, images would have sizes of their own; a model takes one.");
        if (!IsSide(size.Width) || !IsSide(size.Height) || preprocessing.Resize.Edge > ImagePreprocessing.LongestSide)
            throw new LfaDataException(Invariant($"The size {size} or the edge {preprocessing.Resize.Edge} is not within 1 to {ImagePreprocessing.LongestSide}."));
        (_preprocessing, _table, Width, Height) = (preprocessing, new PixelTable(preprocessing), size.Width, size.Height);
    }

    /// <summary>Gets the width of a crop in pixels.</summary>
    public int Width { get; }

    /// <summary>Gets the height of a crop in pixels.</summary>
    public int Height { get; }

    /// <summary>Gets the numbers of a crop, 3 · height · width.</summary>
    public int ValuesPerCrop => 3 * Height * Width;

    /// <summary>Returns the number of crops of a set.</summary>
    /// <param name="crops">The set.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public static int CropCount(Crops crops) => crops switch
    {
        Crops.Center => 1,
        Crops.Five => 5,
        Crops.FiveAndFlips => 10,
        _ => throw new ArgumentOutOfRangeException(nameof(crops), crops, "Crops must be Center, Five or FiveAndFlips."),
    };

    /// <summary>Writes the numbers of an image's crops.</summary>
    /// <remarks>
    /// Where the resized image is smaller than the crop, zeros surround it before it is normalized. Where the model
    /// takes the whole image, or the crop is as large as it, the five crops are the same.
    /// </remarks>
    /// <param name="image">The image.</param>
    /// <param name="crops">Which crops are taken.</param>
    /// <param name="destination">The result, crops × 3 × height × width; it may be longer.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    /// <exception cref="LfaDataException">The sides of the image are so unequal that resizing would take absurdly much memory.</exception>
    public void Process(RgbImage image, Crops crops, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        var needed = CropCount(crops) * ValuesPerCrop;
        if (destination.Length < needed)
            throw new ArgumentException(Invariant($"destination holds {destination.Length} numbers but {CropCount(crops)} crops of 3 × {Height} × {Width} have {needed}."), nameof(destination));
        using var resized = Resize(image, crops);
        for (var i = 0; i < CropCount(crops); i++)
            resized.Write(i - CropCount(crops), _table, destination.Slice(i * ValuesPerCrop, ValuesPerCrop));
    }

    /// <summary>Returns the crops before they become numbers, for tests.</summary>
    internal RgbImage[] Crop8(RgbImage image, Crops crops)
    {
        using var resized = Resize(image, crops);
        return [.. Enumerable.Range(-CropCount(crops), CropCount(crops)).Select(resized.Copy)];
    }

    private static bool IsSide(int pixels) => pixels is >= 1 and <= ImagePreprocessing.LongestSide;

    private ResizedPart Resize(RgbImage image, Crops crops)
    {
        var size = _preprocessing.Resize.Apply(new PixelSize(image.Width, image.Height));
        var across = new CropAxis(size.Width, Width, _preprocessing.CropRounding, crops);
        var down = new CropAxis(size.Height, Height, _preprocessing.CropRounding, crops);
        var part = new ResizedPart(across, down);
        try
        {
            Resampler.Resize(image, Kernel(image.Width, across), Kernel(image.Height, down), part.Pixels);
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    private ResampleKernel Kernel(int input, CropAxis axis)
    {
        var key = (input, axis.Size, axis.First, axis.Needed);
        if (_kernels.TryGetValue(key, out var kernel))
            return kernel;
        kernel = ResampleKernel.Create(_preprocessing.Filter, input, axis.Size, axis.First, axis.Needed);
        if (kernel.Weights.Length > MostWeights)
            return kernel;
        if (_kernels.Count >= MostKernels)
            _kernels.Clear();
        return _kernels[key] = kernel;
    }
}
