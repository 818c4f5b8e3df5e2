using Lfa.Data;

namespace Lfa.IO;

/// <summary>Reads the arrays of a feature file into memory, each with a check of its type and dimensions.</summary>
internal static class FeatureFileArrays
{
    private static readonly string[] PrototypeNames = ["text_features", "arr_0"];
    private static readonly string[] ClassNamesNames = ["class_names", "arr_5"];

    /// <summary>Reads the text features, C × d.</summary>
    public static float[] ReadPrototypes(FeatureFileLayout layout) => CheckPrototypes(layout).ToSingle();

    /// <summary>Reads text features of unit length and the names of their classes, whether there are images or not.</summary>
    public static (FeatureMatrix Prototypes, IReadOnlyList<string> ClassNames) ReadNamedPrototypes(string path, NpzFile file)
    {
        var prototypes = PrototypeNames.Select(file.Find).FirstOrDefault(array => array is not null)
            ?? throw InputFile.Bad(path, $"there are no text features ({string.Join(", ", PrototypeNames)}); the file holds {file.Contents}.");
        var names = ReadNames(ClassNamesNames.Select(file.Find).FirstOrDefault(array => array is not null))
            ?? throw InputFile.Bad(path, $"there are no class names ({string.Join(", ", ClassNamesNames)}); the file holds {file.Contents}.");
        CheckPrototypes(prototypes);
        var columns = (int)prototypes.Shape[1];
        if (prototypes.Shape[0] < 1 || names.Length != prototypes.Shape[0])
            throw prototypes.Bad(Invariant($"the shape is {ArrayShape.Describe(prototypes.Shape)} but there are {names.Length} class names; expected a row for each, and at least one."));
        try
        {
            return (new FeatureMatrix(prototypes.ToSingle(), names.Length, columns).NormalizeRows(), names);
        }
        catch (ArgumentException e)
        {
            throw InputFile.Bad(path, e.Message.Replace("features", prototypes.Name, StringComparison.Ordinal), e);
        }
    }

    /// <summary>Requires text features, C × d, without reading them.</summary>
    public static StoredArray CheckPrototypes(FeatureFileLayout layout) => CheckPrototypes(
        layout.Prototypes ?? throw layout.Images.Bad("these image features come without text features; expected arr_0 or text_features, classes × components, beside them."));

    private static StoredArray CheckPrototypes(StoredArray prototypes)
    {
        prototypes.RequireFloat();
        prototypes.RequireDimensions("classes × components", 2);
        if (prototypes.Shape[1] is < 1 or > int.MaxValue)
            throw prototypes.Bad($"the shape is {ArrayShape.Describe(prototypes.Shape)}; expected at least one component a row.");
        return prototypes;
    }

    /// <summary>Reads the labels, or null where there are none.</summary>
    public static int[]? ReadLabels(FeatureFileLayout layout)
    {
        layout.Labels?.RequireDimensions("one label for each image", 1);
        return layout.Labels?.ToInt32();
    }

    /// <summary>Reads names, or null where there are none.</summary>
    public static string[]? ReadNames(StoredArray? names)
    {
        names?.RequireDimensions("one name for each row", 1);
        return names?.ToStrings();
    }

    /// <summary>Reads the image features: of each crop n × d, or of the reduced frames n × d.</summary>
    public static float[][] ReadCrops(FeatureFileLayout layout, MiddleAxis requested)
    {
        var axis = layout.ChooseMiddleAxis(requested);
        var (stored, middle, columns) = (layout.Images.ToSingle(), layout.MiddleExtent, layout.Dimension);
        return axis != MiddleAxis.Crops || middle == 1
            ? [MiddleAxisReduction.Reduce(stored, middle, columns, axis)]
            : [.. Enumerable.Range(0, middle).Select(crop => MiddleAxisReduction.TakeCrop(stored, middle, columns, crop))];
    }
}
