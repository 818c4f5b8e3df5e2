namespace Lfa.Encoders.Images;

/// <summary>Represents an image processor of transformers: what holds where its file says nothing.</summary>
internal sealed record PublishedProcessor
{
    private static readonly ImagePreprocessing Clip = new();
    private static readonly ImagePreprocessing Standard = Clip with { Mean = ChannelValues.Same(0.5), Deviation = ChannelValues.Same(0.5) };

    private static readonly Dictionary<string, PublishedProcessor> Known = new(StringComparer.Ordinal)
    {
        ["CLIP"] = Cropping(Clip, byDefault: true, numberIsEdge: true),
        ["ChineseCLIP"] = Cropping(Clip, byDefault: true, numberIsEdge: true),
        ["Bit"] = Cropping(Clip, byDefault: true, numberIsEdge: true),
        ["Siglip"] = new() { Defaults = Whole(Standard, 224) },
        ["ViT"] = new() { Defaults = Whole(Standard, 224) with { Filter = ResampleFilter.Bilinear } },
        ["Blip"] = new() { Defaults = Whole(Clip, 384) },
        ["DeiT"] = Cropping(Whole(Standard, 256) with { Crop = Clip.Crop }, byDefault: true, numberIsEdge: false),
        ["ConvNext"] = new() { Defaults = Standard with { Resize = ResizeRule.ShortestEdge(384) }, NumberIsEdge = true, CropsByShare = true, OwnKeys = ["crop_pct"] },
        ["EfficientNet"] = Cropping(Whole(Standard, 346) with { Crop = new PixelSize(289, 289), Filter = ResampleFilter.Nearest }, byDefault: false, numberIsEdge: false)
            with
        { OwnKeys = ["do_center_crop", "rescale_offset", "include_top"] },
    };

    /// <summary>Gets the names of the processors as text for a message.</summary>
    public static string Names => string.Join(", ", Known.Keys.Select(name => $"{name}ImageProcessor"));

    /// <summary>Gets what holds by default. Its crop is the one that holds where one is made.</summary>
    public required ImagePreprocessing Defaults { get; init; }

    /// <summary>Gets whether a crop is made by default.</summary>
    public bool CropsByDefault { get; init; }

    /// <summary>Gets whether a size that is a plain number, the old form, means the shorter side; else it is that of a square.</summary>
    public bool NumberIsEdge { get; init; }

    /// <summary>Gets whether the crop follows from the size and the key crop_pct.</summary>
    public bool CropsByShare { get; init; }

    /// <summary>Gets the keys that not all processors know.</summary>
    public IReadOnlyList<string> OwnKeys { get; init; } = [];

    /// <summary>Finds a processor by its type; null where it is unknown. Old types end with FeatureExtractor, variants with Fast or Pil.</summary>
    public static PublishedProcessor? Find(string? type)
    {
        foreach (var ending in (string[])["ImageProcessor", "ImageProcessorFast", "ImageProcessorPil", "FeatureExtractor"])
            if (type is not null && type.EndsWith(ending, StringComparison.Ordinal) && Known.TryGetValue(type[..^ending.Length], out var processor))
                return processor;
        return null;
    }

    private static PublishedProcessor Cropping(ImagePreprocessing defaults, bool byDefault, bool numberIsEdge) =>
        new() { Defaults = defaults, CropsByDefault = byDefault, NumberIsEdge = numberIsEdge, OwnKeys = ["do_center_crop"] };

    private static ImagePreprocessing Whole(ImagePreprocessing defaults, int side) =>
        defaults with { Resize = ResizeRule.Exact(new PixelSize(side, side)), Crop = null };
}
