namespace Lfa.IO;

/// <summary>Represents the arrays of a feature file by what they mean, in either layout, before their values are read.</summary>
internal sealed record FeatureFileLayout
{
    /// <summary>Names the array that says that the middle axis is crops; this library writes it.</summary>
    public const string MiddleAxisName = "middle_axis";

    /// <summary>Names the array with the identity of the encoder of images.</summary>
    public const string ImageEncoderName = "image_encoder";

    /// <summary>Names the array with the identity of the encoder of class names.</summary>
    public const string TextEncoderName = "text_encoder";

    /// <summary>Names the images of the named layout.</summary>
    public const string NamedImages = "image_features";

    /// <summary>Names the names of the images of the named layout.</summary>
    public const string NamedFiles = "filenames";

    /// <summary>Stands in the array <see cref="MiddleAxisName"/>.</summary>
    public const string CropsMark = "crops";

    /// <summary>Gets the image features, n × d or n × m × d.</summary>
    public required StoredArray Images { get; init; }

    /// <summary>Gets the text features, C × d or C × P × d.</summary>
    public StoredArray? Prototypes { get; init; }

    /// <summary>Gets the labels, n integers.</summary>
    public StoredArray? Labels { get; init; }

    /// <summary>Gets the names of the classes, C strings.</summary>
    public StoredNames? ClassNames { get; init; }

    /// <summary>Gets the names of the images, n strings.</summary>
    public StoredNames? FileNames { get; init; }

    /// <summary>Gets the class name of each image, n strings.</summary>
    public StoredNames? LabelNames { get; init; }

    /// <summary>Gets whether the file says that its middle axis is crops.</summary>
    public bool SaysCrops { get; init; }

    /// <summary>Gets the number of images n.</summary>
    public long ImageCount => Images.Shape[0];

    /// <summary>Gets the number of frames or crops of an image, 1 for n × d.</summary>
    public int MiddleExtent => Images.Shape.Count == 2 ? 1 : (int)Images.Shape[1];

    /// <summary>Gets the number of components d.</summary>
    public int Dimension => (int)Images.Shape[^1];

    /// <summary>Gets whether <paramref name="file"/> has image features and text features.</summary>
    public static bool IsFeatureFile(ArrayFile file) =>
        IsNamed(file) ? file.Names.Contains("text_features") : file.Names.Contains("arr_0") && file.Names.Contains("arr_1");

    /// <summary>Gets the name of the array with the image features, or null where <paramref name="file"/> has none.</summary>
    public static string? FindImages(ArrayFile file)
    {
        if (IsNamed(file))
            return NamedImages;
        return file.Names is [var only] ? only : file.Names.FirstOrDefault(name => name == "arr_1");
    }

    /// <summary>Finds the arrays of a file, whose headers are checked, and requires image features.</summary>
    public static FeatureFileLayout Find(ArrayFile file)
    {
        var images = FindImages(file) is { } name ? file.Find(name) : null;
        if (images is null)
            throw InputFile.Bad(file.Path, $"there is neither an array image_features nor an array arr_1 with the image features; the file holds {file.Contents}.");
        CheckImages(images);
        var layout = IsNamed(file) ? FindNamed(images, file) : FindPublished(images, file);
        return layout with { SaysCrops = file.FindText(MiddleAxisName) is { } mark && SaysCropsIn(mark) };
    }

    private static bool IsNamed(ArrayFile file) => file.Names.Contains(NamedImages);

    private static FeatureFileLayout FindNamed(StoredArray images, ArrayFile file) => new()
    {
        Images = images,
        Prototypes = file.Find("text_features"),
        Labels = file.Find("labels"),
        ClassNames = file.FindNames("class_names"),
        FileNames = file.FindNames(NamedFiles),
    };

    private static FeatureFileLayout FindPublished(StoredArray images, ArrayFile file) => new()
    {
        Images = images,
        Prototypes = images.Name == "arr_0" ? null : file.Find("arr_0"), // a lone arr_0 is the images
        Labels = file.Find("arr_2"),
        FileNames = file.FindNames("arr_3"),
        LabelNames = file.FindNames("arr_4"),
        ClassNames = file.FindNames("arr_5"),
    };

    private static void CheckImages(StoredArray images)
    {
        images.RequireFloat();
        images.RequireDimensions("images × components, or images × frames × components", 2, 3);
        // Below 2^31 / 4 a row of floats has a length in bytes that fits an int.
        var rowLength = images.Shape.Skip(1).Aggregate((Int128)1, (product, extent) => product * extent);
        if (rowLength < 1 || rowLength > int.MaxValue / sizeof(float))
            throw images.Bad($"the shape is {ArrayShape.Describe(images.Shape)}; expected at least one component a row, and rows that fit in memory.");
    }

    private static bool SaysCropsIn(StoredNames mark) =>
        mark.ReadSingle() == CropsMark
            ? true
            : throw mark.Bad($"expected the single string \"{CropsMark}\"; remove the array or correct it.");
}
