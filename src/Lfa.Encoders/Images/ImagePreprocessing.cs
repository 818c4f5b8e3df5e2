namespace Lfa.Encoders.Images;

/// <summary>Represents what a model's files say about its images: how they become the numbers that the model takes.</summary>
/// <remarks>
/// The defaults are those of CLIP. Images are always converted to red, green and blue: where the files switch that
/// off, the published pipelines fail on other images. Processors named "…Fast" are read as the others: they resize
/// with torch instead of Pillow, which differs by a level or two.
/// </remarks>
internal sealed record ImagePreprocessing
{
    /// <summary>The longest side that a model may take, in pixels.</summary>
    internal const int LongestSide = 8192;

    /// <summary>Gets how the size is changed before the crop. Default: the shorter side becomes 224.</summary>
    public ResizeRule Resize { get; init => field = value ?? throw new ArgumentNullException(nameof(Resize)); } = ResizeRule.ShortestEdge(224);

    /// <summary>Gets the filter of the change of size. Default: bicubic.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public ResampleFilter Filter
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Filter), value, "Filter must be one of Pillow's, 0 to 5.");
    } = ResampleFilter.Bicubic;

    /// <summary>Gets the size of the crops, each side 1 to 8192, or null where the whole image is taken. Default: 224 × 224.</summary>
    public PixelSize? Crop { get; init; } = new PixelSize(224, 224);

    /// <summary>Gets how the offset of the center crop is rounded. Default: down.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public CropRounding CropRounding
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(CropRounding), value, "CropRounding must be Floor or HalfToEven.");
    } = CropRounding.Floor;

    /// <summary>Gets the factor of the values 0 to 255, or null for none. Default: 1/255.</summary>
    public double? RescaleFactor { get; init; } = 1.0 / 255;

    /// <summary>Gets what is added to the values after the factor. Default: 0.</summary>
    public double RescaleOffset { get; init; }

    /// <summary>Gets what is then subtracted from each channel, or null for nothing. Default: the mean of CLIP.</summary>
    public ChannelValues? Mean { get; init; } = new ChannelValues(0.48145466, 0.4578275, 0.40821073);

    /// <summary>Gets what each channel is then divided by, or null for nothing. Default: the deviation of CLIP.</summary>
    public ChannelValues? Deviation { get; init; } = new ChannelValues(0.26862954, 0.26130258, 0.27577711);

    /// <summary>Gets the size of what the model takes: that of the crop, else that of the resized image, else null where images keep sizes of their own.</summary>
    public PixelSize? OutputSize => Crop ?? Resize.Size;

    /// <summary>Reads the files of a model folder: preprocessor_config.json of transformers, else open_clip_config.json of OpenCLIP.</summary>
    /// <param name="folder">The path of the folder.</param>
    /// <exception cref="LfaDataException">Neither file is there, or one is not valid, or it asks for what is not supported; the message names the file, the key and its value.</exception>
    public static ImagePreprocessing Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (JsonSettings.TryRead(Path.Combine(folder, TransformersPreprocessing.FileName)) is { } transformers)
            return TransformersPreprocessing.Read(transformers);
        if (JsonSettings.TryRead(Path.Combine(folder, OpenClipPreprocessing.FileName)) is { } openClip)
            return OpenClipPreprocessing.Read(openClip);
        throw new LfaDataException(
            $"{folder}: there is neither {TransformersPreprocessing.FileName} nor {OpenClipPreprocessing.FileName}; copy the one of the model into its folder.");
    }
}
