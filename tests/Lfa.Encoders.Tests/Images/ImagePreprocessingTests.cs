using System.Text;

namespace Lfa.Encoders.Tests.Images;

public class ImagePreprocessingTests
{
    private static readonly ImagePreprocessing Clip = new();
    private static readonly ImagePreprocessing Standard = Clip with { Mean = new ChannelValues(0.5, 0.5, 0.5), Deviation = new ChannelValues(0.5, 0.5, 0.5) };

    [Fact]
    public void Read_ClipInTheOldForm_IsTheDefault() => ReadTransformers(
        """
        { "crop_size": 224, "do_center_crop": true, "do_normalize": true, "do_resize": true, "feature_extractor_type": "CLIPFeatureExtractor",
          "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711], "resample": 3, "size": 224 }
        """).ShouldBe(Clip);

    [Fact]
    public void Read_ClipInTheNewForm_IsTheDefault() => ReadTransformers(
        """
        { "_valid_processor_keys": ["images"], "crop_size": { "height": 224, "width": 224 }, "do_center_crop": true, "do_convert_rgb": true, "do_normalize": true,
          "do_rescale": true, "do_resize": true, "feature_extractor_type": "CLIPFeatureExtractor", "image_mean": [0.48145466, 0.4578275, 0.40821073],
          "image_processor_type": "CLIPImageProcessor", "image_std": [0.26862954, 0.26130258, 0.27577711], "processor_class": "CLIPProcessor", "resample": 3,
          "rescale_factor": 0.00392156862745098, "size": { "shortest_edge": 224 } }
        """).ShouldBe(Clip);

    [Fact]
    public void Read_FastClip_IgnoresWhatIsNull() => ReadTransformers(
        """
        { "crop_size": { "height": 336, "width": 336 }, "data_format": "channels_first", "default_to_square": false, "device": null, "disable_grouping": null,
          "do_pad": null, "image_processor_type": "CLIPImageProcessorFast", "input_data_format": null, "pad_size": null, "resample": 3, "return_tensors": null,
          "size": { "shortest_edge": 336 } }
        """).ShouldBe(Clip with { Resize = ResizeRule.ShortestEdge(336), Crop = new PixelSize(336, 336) });

    [Theory]
    [InlineData("CLIPImageProcessor"), InlineData("ChineseCLIPFeatureExtractor"), InlineData("BitImageProcessor"), InlineData("CLIPImageProcessorPil")]
    public void Read_TypeOnly_GivesThePublishedDefaultsOfClip(string type) =>
        ReadTransformers($$"""{ "image_processor_type": "{{type}}" }""").ShouldBe(Clip);

    [Fact]
    public void Read_MobileClip_IsBilinearWithoutNormalization() => ReadTransformers(
        """
        { "crop_size": { "height": 256, "width": 256 }, "do_center_crop": true, "do_convert_rgb": true, "do_normalize": false, "do_rescale": true, "do_resize": true,
          "image_mean": [0.0, 0.0, 0.0], "image_processor_type": "CLIPFeatureExtractor", "image_std": [1.0, 1.0, 1.0], "resample": 2, "size": { "shortest_edge": 256 } }
        """).ShouldBe(new ImagePreprocessing
        {
            Resize = ResizeRule.ShortestEdge(256),
            Crop = new PixelSize(256, 256),
            Filter = ResampleFilter.Bilinear,
            Mean = null,
            Deviation = null,
        });

    [Theory, InlineData("SiglipImageProcessor"), InlineData("SiglipImageProcessorFast")]
    public void Read_Siglip_ResizesTheWholeImage(string type) =>
        ReadTransformers($$"""{ "image_processor_type": "{{type}}", "do_convert_rgb": null, "resample": 2, "size": { "height": 384, "width": 256 }, "image_mean": 0.5 }""")
            .ShouldBe(Standard with { Resize = ResizeRule.Exact(new PixelSize(256, 384)), Crop = null, Filter = ResampleFilter.Bilinear });

    [Fact]
    public void Read_ViTWithANumber_MakesASquare() =>
        ReadTransformers("""{ "feature_extractor_type": "ViTFeatureExtractor", "size": 384 }""")
            .ShouldBe(Standard with { Resize = ResizeRule.Exact(new PixelSize(384, 384)), Crop = null, Filter = ResampleFilter.Bilinear });

    [Fact]
    public void Read_Blip_HasTheColoursOfClip() =>
        ReadTransformers("""{ "image_processor_type": "BlipImageProcessor" }""").ShouldBe(Clip with { Resize = ResizeRule.Exact(new PixelSize(384, 384)), Crop = null });

    [Fact]
    public void Read_DeiT_CropsASquare() =>
        ReadTransformers("""{ "image_processor_type": "DeiTImageProcessor" }""").ShouldBe(Standard with { Resize = ResizeRule.Exact(new PixelSize(256, 256)) });

    [Fact]
    public void Read_Align_RescalesFromMinusOneToOne() => ReadTransformers(
        """
        { "crop_size": { "height": 289, "width": 289 }, "do_center_crop": true, "do_normalize": false, "do_rescale": true, "do_resize": true, "image_processor_type": "EfficientNetImageProcessor",
          "include_top": false, "resample": 2, "rescale_factor": 0.00784313725490196, "rescale_offset": true, "size": { "height": 346, "width": 346 } }
        """).ShouldBe(new ImagePreprocessing
        {
            Resize = ResizeRule.Exact(new PixelSize(346, 346)),
            Crop = new PixelSize(289, 289),
            Filter = ResampleFilter.Bilinear,
            RescaleFactor = 0.00784313725490196,
            RescaleOffset = -1,
            Mean = null,
            Deviation = null,
        });

    [Theory, InlineData(224, 256), InlineData(320, 365)]
    public void Read_SmallConvNext_ResizesToMoreThanItCrops(int side, int edge) =>
        ReadTransformers($$"""{ "image_processor_type": "ConvNextImageProcessor", "size": { "shortest_edge": {{side}} }, "crop_pct": 0.875 }""")
            .ShouldBe(Standard with { Resize = ResizeRule.ShortestEdge(edge), Crop = new PixelSize(side, side) });

    [Fact]
    public void Read_LargeConvNext_ResizesTheWholeImage() =>
        ReadTransformers("""{ "image_processor_type": "ConvNextImageProcessor" }""").ShouldBe(Standard with { Resize = ResizeRule.Exact(new PixelSize(384, 384)), Crop = null });

    [Fact]
    public void Read_SwitchesOff_SkipTheSteps() =>
        ReadTransformers("""{ "image_processor_type": "CLIPImageProcessor", "do_resize": false, "do_rescale": false, "do_normalize": false }""")
            .ShouldBe(Clip with { Resize = ResizeRule.None, RescaleFactor = null, Mean = null, Deviation = null });

    [Theory]
    [InlineData("""{ }""", "image_processor_type is missing; supported is one of CLIPImageProcessor, ChineseCLIPImageProcessor,")]
    [InlineData("""{ "image_processor_type": "Siglip2ImageProcessor" }""", "image_processor_type is \"Siglip2ImageProcessor\"; supported is one of ")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "do_pad": true }""", "do_pad is true; supported is none of this name.")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "do_flip_channel_order": true }""", "do_flip_channel_order is true;")]
    [InlineData("""{ "image_processor_type": "SiglipImageProcessor", "do_center_crop": true }""", "do_center_crop is true;")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "rescale_offset": true }""", "rescale_offset is true;")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "resample": "bicubic" }""", "resample is \"bicubic\"; supported is a finite number.")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "resample": 6 }""", "resample is 6; supported is a filter of Pillow by its number, 0 to 5.")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "resample": 2.5 }""", "resample is 2.5;")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "size": { "longest_edge": 224 } }""", "size is { \"longest_edge\": 224 }; supported is shortest_edge, or height and width.")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "size": { "shortest_edge": 224, "longest_edge": 500 } }""", "supported is shortest_edge, or height and width.")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "size": { "shortest_edge": 0 } }""", "size.shortest_edge is 0; supported is a number of pixels, 1 to 8192.")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "size": [224, 224] }""", "size is [224, 224]; supported is an object.")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "crop_size": { "height": 224 } }""", "crop_size is { \"height\": 224 }; supported is a number, or height and width.")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "do_center_crop": false }""", "size is missing; supported is a crop, or size.height and size.width")]
    [InlineData("""{ "image_processor_type": "SiglipImageProcessor", "do_resize": false }""", "do_resize is false; supported is a crop, or size.height and size.width")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "do_resize": 1 }""", "do_resize is 1; supported is true or false.")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "image_mean": [0.5, 0.5] }""", "image_mean is [0.5, 0.5]; supported is a number or three.")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "image_std": [0.5, 0, 0.5] }""", "image_std is [0.5, 0, 0.5]; supported is a number other than 0 for each channel.")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "rescale_factor": 1e999 }""", "rescale_factor is 1e999; supported is a finite number.")]
    [InlineData("""{ "image_processor_type": "CLIPImageProcessor", "data_format": "channels_last" }""", "data_format is \"channels_last\"; supported is channels_first.")]
    [InlineData("""{ "image_processor_type": "EfficientNetImageProcessor" }""", "include_top is missing; supported is false")]
    [InlineData("""{ "image_processor_type": "ConvNextImageProcessor", "size": { "shortest_edge": 224 }, "crop_pct": 0 }""", "crop_pct is 0; supported is a fraction above 0 and at most 1.")]
    [InlineData("{ \"image_processor_type\": \"CLIPImageProcessor\", \"a\\nb\": [1,\n2] }", "a\\u000ab is [1,\\u000a2]; supported is none of this name.")]
    [InlineData("""[1]""", "this is not a JSON object;")]
    [InlineData("{\n\"size\": }", "this is not valid JSON at line 2;")]
    public void Read_TransformersFileWithWhatIsUnknown_IsRefusedByName(string json, string message)
    {
        var exception = Should.Throw<LfaDataException>(() => ReadTransformers(json));
        exception.Message.ShouldContain("preprocessor_config.json: ");
        exception.Message.ShouldContain(message);
        exception.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void Read_OpenClip_RoundsAsTorchvision() => ReadOpenClip(
        """
        { "model_cfg": { "embed_dim": 512, "vision_cfg": { "image_size": 256, "layers": 12 }, "text_cfg": {} },
          "preprocess_cfg": { "mean": [0.0, 0.0, 0.0], "std": [1.0, 1.0, 1.0], "interpolation": "bilinear", "resize_mode": "shortest", "fill_color": 0, "mode": "RGB" } }
        """).ShouldBe(new ImagePreprocessing
        {
            Resize = ResizeRule.ShortestEdge(256),
            Crop = new PixelSize(256, 256),
            CropRounding = CropRounding.HalfToEven,
            Filter = ResampleFilter.Bilinear,
            Mean = new ChannelValues(0, 0, 0),
            Deviation = new ChannelValues(1, 1, 1),
        });

    [Fact]
    public void Read_OpenClipThatSquashes_TakesTheWholeImage() =>
        ReadOpenClip("""{ "model_cfg": { "vision_cfg": { "image_size": [384, 384] } }, "preprocess_cfg": { "mean": 0.5, "std": 0.5, "interpolation": "bicubic", "resize_mode": "squash" } }""")
            .ShouldBe(Standard with { Resize = ResizeRule.Exact(new PixelSize(384, 384)), Crop = null, CropRounding = CropRounding.HalfToEven });

    [Fact]
    public void Read_OpenClipWithoutPreprocessing_HasTheDefaultsOfClip() =>
        ReadOpenClip("""{ "model_cfg": { "vision_cfg": {} } }""").ShouldBe(Clip with { CropRounding = CropRounding.HalfToEven });

    [Theory]
    [InlineData("""{ }""", "model_cfg is missing")]
    [InlineData("""{ "model_cfg": { "vision_cfg": { "image_size": [224, 336] } } }""", "model_cfg.vision_cfg.image_size is [224, 336]; supported is a square.")]
    [InlineData("""{ "model_cfg": { "vision_cfg": { } }, "preprocess_cfg": { "resize_mode": "longest" } }""", "preprocess_cfg.resize_mode is \"longest\"; supported is shortest or squash.")]
    [InlineData("""{ "model_cfg": { "vision_cfg": { } }, "preprocess_cfg": { "interpolation": "lanczos" } }""", "preprocess_cfg.interpolation is \"lanczos\";")]
    [InlineData("""{ "model_cfg": { "vision_cfg": { } }, "preprocess_cfg": { "mode": "BGR" } }""", "preprocess_cfg.mode is \"BGR\"; supported is RGB.")]
    [InlineData("""{ "model_cfg": { "vision_cfg": { } }, "preprocess_cfg": { "flip": 1 } }""", "preprocess_cfg.flip is 1; supported is none of this name.")]
    [InlineData("""{ "model_cfg": { "vision_cfg": { } }, "preprocess_cfg": { "std": 0 } }""", "preprocess_cfg.std is 0;")]
    public void Read_OpenClipFileWithWhatIsUnknown_IsRefusedByName(string json, string message) =>
        Should.Throw<LfaDataException>(() => ReadOpenClip(json)).Message.ShouldContain(message);

    [Fact]
    public void Read_BothFiles_TakesTheOneOfTransformers()
    {
        using var folder = new TemporaryFolder();
        folder.Write("preprocessor_config.json", """{ "image_processor_type": "CLIPImageProcessor" }"""u8.ToArray());
        folder.Write("open_clip_config.json", "{ }"u8.ToArray());
        ImagePreprocessing.Read(folder.FullName).ShouldBe(Clip);
    }

    [Fact]
    public void Read_NoFile_NamesBoth()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<LfaDataException>(() => ImagePreprocessing.Read(folder.FullName)).Message
            .ShouldBe($"{folder.FullName}: there is neither preprocessor_config.json nor open_clip_config.json; copy the one of the model into its folder.");
    }

    [Theory]
    [InlineData(300, 199, 337, 224), InlineData(229, 300, 224, 293), InlineData(97, 640, 224, 1477), InlineData(5, 5, 224, 224), InlineData(1, 100_000_000, 224, int.MaxValue)]
    public void ShortestEdge_AnyImage_TruncatesTheLongerSide(int width, int height, int newWidth, int newHeight) =>
        ResizeRule.ShortestEdge(224).Apply(new PixelSize(width, height)).ShouldBe(new PixelSize(newWidth, newHeight));

    private static ImagePreprocessing ReadTransformers(string json) => Read("preprocessor_config.json", json);

    private static ImagePreprocessing ReadOpenClip(string json) => Read("open_clip_config.json", json);

    private static ImagePreprocessing Read(string name, string json)
    {
        using var folder = new TemporaryFolder();
        folder.Write(name, Encoding.UTF8.GetBytes(json));
        return ImagePreprocessing.Read(folder.FullName);
    }
}
