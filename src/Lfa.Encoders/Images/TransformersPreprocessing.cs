namespace Lfa.Encoders.Images;

/// <summary>Reads preprocessor_config.json, the file of transformers, in its old and new forms.</summary>
internal static class TransformersPreprocessing
{
    public const string FileName = "preprocessor_config.json";

    private const int ConvNextWholeSide = 384; // from here on ConvNeXT resizes without a crop

    // What changes no pixels here. Keys with a leading underscore are notes, too.
    private static readonly string[] Harmless =
    [
        "image_processor_type", "feature_extractor_type", "processor_class", "auto_map", "return_tensors", "input_data_format", "default_to_square",
        "do_convert_rgb", "crop_size", "device", "disable_grouping", "image_seq_length", "do_reduce_labels", "reduce_labels",
    ];

    private static readonly string[] Common =
    [
        "do_resize", "size", "resample", "do_rescale", "rescale_factor", "do_normalize", "image_mean", "image_std", "data_format",
    ];

    public static ImagePreprocessing Read(JsonSettings file)
    {
        var published = FindProcessor(file);
        RefuseUnknown(file, published);
        var preprocessing = published.Defaults with
        {
            Resize = ReadResize(file, published),
            Crop = ReadCrop(file, published),
            Filter = ReadFilter(file) ?? published.Defaults.Filter,
            Mean = file.Channels("image_mean") ?? published.Defaults.Mean,
            Deviation = ReadDeviation(file, "image_std") ?? published.Defaults.Deviation,
            RescaleFactor = file.Number("rescale_factor") ?? published.Defaults.RescaleFactor,
            RescaleOffset = file.Flag("rescale_offset") == true ? -1 : 0,
        };
        if (published.CropsByShare)
            preprocessing = CropByShare(file, preprocessing);
        preprocessing = SkipSwitchedOff(file, preprocessing);
        return preprocessing.OutputSize is not null ? preprocessing : throw file.Unsupported(
            file.Flag("do_resize") == false ? "do_resize" : "size", "a crop, or size.height and size.width: without either, images have sizes of their own");
    }

    /// <summary>Reads a deviation, which must not be zero.</summary>
    public static ChannelValues? ReadDeviation(JsonSettings settings, string key) => settings.Channels(key) switch
    {
        { Red: 0 } or { Green: 0 } or { Blue: 0 } => throw settings.Unsupported(key, "a number other than 0 for each channel"),
        var deviation => deviation,
    };

    private static PublishedProcessor FindProcessor(JsonSettings file)
    {
        var isOld = file.Text("image_processor_type") is null && file.Text("feature_extractor_type") is not null;
        var key = isOld ? "feature_extractor_type" : "image_processor_type";
        return PublishedProcessor.Find(file.Text(key)) ?? throw file.Unsupported(key, $"one of {PublishedProcessor.Names}");
    }

    private static void RefuseUnknown(JsonSettings file, PublishedProcessor published)
    {
        foreach (var key in file.Keys.Except(Harmless).Except(Common).Except(published.OwnKeys))
            if (!key.StartsWith('_') && !file.IsFalse(key))
                throw file.Unsupported(key, "none of this name");
        if (file.Text("data_format") is not (null or "channels_first"))
            throw file.Unsupported("data_format", "channels_first");
        if (published.OwnKeys.Contains("include_top") && file.Flag("include_top") != false)
            throw file.Unsupported("include_top", "false: a second division is for classifiers");
    }

    private static ResizeRule ReadResize(JsonSettings file, PublishedProcessor published)
    {
        if (file.Flag("do_resize") == false)
            return ResizeRule.None;
        if (file.IsNumber("size"))
            return published.NumberIsEdge ? ResizeRule.ShortestEdge(file.Pixels("size")!.Value) : ResizeRule.Exact(Square(file, "size"));
        if (file.Section("size") is not { } size)
            return published.Defaults.Resize;
        var keys = size.Keys.Order(StringComparer.Ordinal).ToArray();
        if (keys is ["shortest_edge"])
            return ResizeRule.ShortestEdge(size.Pixels("shortest_edge")!.Value);
        return keys is ["height", "width"] ? ResizeRule.Exact(ReadSize(size)) : throw file.Unsupported("size", "shortest_edge, or height and width");
    }

    private static PixelSize? ReadCrop(JsonSettings file, PublishedProcessor published)
    {
        if (!(file.Flag("do_center_crop") ?? published.CropsByDefault))
            return null;
        if (file.IsNumber("crop_size"))
            return Square(file, "crop_size");
        if (file.Section("crop_size") is not { } size)
            return published.Defaults.Crop;
        return size.Keys.Order(StringComparer.Ordinal).ToArray() is ["height", "width"] ? ReadSize(size) : throw file.Unsupported("crop_size", "a number, or height and width");
    }

    // ConvNeXT: a small image is resized to more than its size and cropped, a large one resized as a whole.
    private static ImagePreprocessing CropByShare(JsonSettings file, ImagePreprocessing preprocessing)
    {
        if (preprocessing.Resize == ResizeRule.None)
            return preprocessing;
        var side = preprocessing.Resize.Edge ?? throw file.Unsupported("size", "shortest_edge");
        var fraction = file.Number("crop_pct") ?? 224.0 / 256;
        if (side >= ConvNextWholeSide)
            return preprocessing with { Resize = ResizeRule.Exact(new PixelSize(side, side)), Crop = null };
        var edge = (int)(side / fraction);
        return edge >= side && edge <= ImagePreprocessing.LongestSide
            ? preprocessing with { Resize = ResizeRule.ShortestEdge(edge), Crop = new PixelSize(side, side) }
            : throw file.Unsupported("crop_pct", "a fraction above 0 and at most 1");
    }

    private static ResampleFilter? ReadFilter(JsonSettings file) => file.Number("resample") switch
    {
        null => null,
        >= 0 and <= 5 and var number when number == Math.Floor(number) => (ResampleFilter)(int)number,
        _ => throw file.Unsupported("resample", "a filter of Pillow by its number, 0 to 5"),
    };

    private static ImagePreprocessing SkipSwitchedOff(JsonSettings file, ImagePreprocessing preprocessing)
    {
        if (file.Flag("do_rescale") == false)
            preprocessing = preprocessing with { RescaleFactor = null, RescaleOffset = 0 };
        if (file.Flag("do_normalize") == false)
            preprocessing = preprocessing with { Mean = null, Deviation = null };
        return preprocessing;
    }

    private static PixelSize Square(JsonSettings settings, string key)
    {
        var side = settings.Pixels(key)!.Value;
        return new PixelSize(side, side);
    }

    private static PixelSize ReadSize(JsonSettings size) => new(size.Pixels("width")!.Value, size.Pixels("height")!.Value);
}
