namespace Lfa.IO;

/// <summary>Represents the arrays of a feature file by what they mean, in either layout, before their values are read.</summary>
internal sealed record FeatureFileLayout
{
    /// <summary>Names the array that says that the middle axis is crops; this library writes it.</summary>
    public const string MiddleAxisName = "middle_axis";

    /// <summary>Stands in the array <see cref="MiddleAxisName"/>.</summary>
    public const string CropsMark = "crops";

    /// <summary>Gets the image features, n × d or n × m × d.</summary>
    public required StoredArray Images { get; init; }

    /// <summary>Gets the text features, C × d.</summary>
    public StoredArray? Prototypes { get; init; }

    /// <summary>Gets the labels, n integers.</summary>
    public StoredArray? Labels { get; init; }

    /// <summary>Gets the names of the classes, C strings.</summary>
    public StoredArray? ClassNames { get; init; }

    /// <summary>Gets the names of the images, n strings.</summary>
    public StoredArray? FileNames { get; init; }

    /// <summary>Gets the class name of each image, n strings.</summary>
    public StoredArray? LabelNames { get; init; }

    /// <summary>Gets whether the file says that its middle axis is crops.</summary>
    public bool SaysCrops { get; init; }

    /// <summary>Gets the number of images n.</summary>
    public long ImageCount => Images.Shape[0];

    /// <summary>Gets the number of frames or crops of an image, 1 for n × d.</summary>
    public int MiddleExtent => Images.Shape.Count == 2 ? 1 : (int)Images.Shape[1];

    /// <summary>Gets the number of components d.</summary>
    public int Dimension => (int)Images.Shape[^1];

    /// <summary>Gets whether <paramref name="file"/> has image features and text features.</summary>
    public static bool IsFeatureFile(NpzFile file) =>
        IsNamed(file) ? file.Names.Contains("text_features") : file.Names.Contains("arr_0") && file.Names.Contains("arr_1");

    /// <summary>Gets the name of the array with the image features, or null where <paramref name="file"/> has none.</summary>
    public static string? FindImages(NpzFile file)
    {
        if (IsNamed(file))
            return "image_features";
        return file.Names is [var only] ? only : file.Names.FirstOrDefault(name => name == "arr_1");
    }

    /// <summary>Finds the arrays of a file, whose headers are checked, and requires image features.</summary>
    public static FeatureFileLayout Find(string path, NpzFile file) => Find(path, file, file.Find);

    /// <summary>Finds the arrays of a file through <paramref name="find"/>, which may leave damaged ones out.</summary>
    public static FeatureFileLayout Find(string path, NpzFile file, Func<string, StoredArray?> find)
    {
        var images = FindImages(file) is { } name ? find(name) : null;
        if (images is null)
            throw InputFile.Bad(path, $"there is neither an array image_features nor an array arr_1 with the image features; the file holds {file.Contents}.");
        CheckImages(images);
        var layout = IsNamed(file) ? FindNamed(images, find) : FindPublished(images, find);
        return layout with { SaysCrops = find(MiddleAxisName) is { } mark && SaysCropsIn(mark) };
    }

    /// <summary>Takes a lone array as image features.</summary>
    public static FeatureFileLayout FromArray(StoredArray array)
    {
        CheckImages(array);
        return new FeatureFileLayout { Images = array };
    }

    /// <summary>Combines what the file says of the middle axis with what the caller does.</summary>
    public MiddleAxis ChooseMiddleAxis(MiddleAxis requested) => SaysCrops ? MiddleAxis.Crops : requested;

    private static bool IsNamed(NpzFile file) => file.Names.Contains("image_features");

    private static FeatureFileLayout FindNamed(StoredArray images, Func<string, StoredArray?> find) => new()
    {
        Images = images,
        Prototypes = find("text_features"),
        Labels = find("labels"),
        ClassNames = find("class_names"),
        FileNames = find("filenames"),
    };

    private static FeatureFileLayout FindPublished(StoredArray images, Func<string, StoredArray?> find) => new()
    {
        Images = images,
        Prototypes = images.Name == "arr_0" ? null : find("arr_0"), // a lone arr_0 is the images
        Labels = find("arr_2"),
        FileNames = find("arr_3"),
        LabelNames = find("arr_4"),
        ClassNames = find("arr_5"),
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

    /// <summary>Replaces what <see cref="Data.FeatureSet"/> calls its parts by the names of the arrays they came from.</summary>
    public string WithArrayNames(string message) => message
        .Replace("imageFeatures", Images.Name, StringComparison.Ordinal)
        .Replace("classPrototypes", Prototypes?.Name, StringComparison.Ordinal)
        .Replace("classNames", ClassNames?.Name, StringComparison.Ordinal)
        .Replace("fileNames", FileNames?.Name, StringComparison.Ordinal);

    private static bool SaysCropsIn(StoredArray mark) =>
        mark.Count == 1 && mark.ToStrings()[0] == CropsMark
            ? true
            : throw mark.Bad($"expected the single string \"{CropsMark}\"; remove the array or correct it.");
}
