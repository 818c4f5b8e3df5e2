namespace Lfa.Encoders.Images;

/// <summary>Reads open_clip_config.json, the file of OpenCLIP.</summary>
internal static class OpenClipPreprocessing
{
    public const string FileName = "open_clip_config.json";

    private static readonly string[] Known = ["size", "mode", "mean", "std", "interpolation", "resize_mode", "fill_color"];

    public static ImagePreprocessing Read(JsonSettings file)
    {
        var vision = (file.Section("model_cfg") ?? throw file.Unsupported("model_cfg", "an object")).Section("vision_cfg");
        var side = ReadSide(vision ?? throw file.Unsupported("model_cfg", "an object that holds vision_cfg"));
        var published = new ImagePreprocessing { Resize = ResizeRule.ShortestEdge(side), Crop = new PixelSize(side, side), CropRounding = CropRounding.HalfToEven };
        return file.Section("preprocess_cfg") is { } settings ? Apply(settings, published, side) : published;
    }

    // OpenCLIP's own default is 224; it takes the size of the model whatever preprocess_cfg says.
    private static int ReadSide(JsonSettings vision)
    {
        if (vision.Pair("image_size") is not { } pair)
            return vision.Pixels("image_size") ?? 224;
        return pair.First == pair.Second ? pair.First : throw vision.Unsupported("image_size", "a square");
    }

    private static ImagePreprocessing Apply(JsonSettings settings, ImagePreprocessing published, int side)
    {
        if (settings.Keys.Except(Known).FirstOrDefault() is { } unknown)
            throw settings.Unsupported(unknown, "none of this name");
        if (settings.Text("mode") is not (null or "RGB"))
            throw settings.Unsupported("mode", "RGB");
        var isSquash = settings.Text("resize_mode") switch
        {
            null or "shortest" => false,
            "squash" => true,
            _ => throw settings.Unsupported("resize_mode", "shortest or squash"),
        };
        return published with
        {
            Resize = isSquash ? ResizeRule.Exact(new PixelSize(side, side)) : published.Resize,
            Crop = isSquash ? null : published.Crop,
            Filter = ReadFilter(settings),
            Mean = settings.Channels("mean") ?? published.Mean,
            Deviation = TransformersPreprocessing.ReadDeviation(settings, "std") ?? published.Deviation,
        };
    }

    private static ResampleFilter ReadFilter(JsonSettings settings) => settings.Text("interpolation") switch
    {
        null or "bicubic" or "random" => ResampleFilter.Bicubic, // random is for training
        "bilinear" => ResampleFilter.Bilinear,
        _ => throw settings.Unsupported("interpolation", "bicubic, bilinear or random"),
    };
}
