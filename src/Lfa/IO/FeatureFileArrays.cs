using Lfa.Data;

namespace Lfa.IO;

/// <summary>Reads the arrays of a feature file into memory, each with a check of its type and dimensions.</summary>
internal static class FeatureFileArrays
{
    /// <summary>Reads the text features, C × d.</summary>
    public static float[] ReadPrototypes(FeatureFileLayout layout) => CheckPrototypes(layout).ToSingle();

    /// <summary>Requires text features, C × d, without reading them.</summary>
    public static StoredArray CheckPrototypes(FeatureFileLayout layout)
    {
        if (layout.Prototypes is not { } prototypes)
            throw layout.Images.Bad("these image features come without text features; expected arr_0 or text_features, classes × components, beside them.");
        CheckPrototypes(prototypes);
        return prototypes;
    }

    /// <summary>Reads class prototypes with the names of their classes, and checks both.</summary>
    public static NamedPrototypes ReadPrototypes(StoredArray array, StoredArray? classNames, bool normalize)
    {
        CheckPrototypes(array);
        var (values, columns) = (array.ToSingle(), (int)array.Shape[1]);
        var names = ReadNames(classNames);
        if (values.Length == 0)
            throw array.Bad("the array has no rows; expected one for each class.");
        if (names is not null && (long)names.Length * columns != values.Length)
            throw classNames!.Bad(Invariant($"there are {names.Length} names but {values.Length / columns} rows in {array.Name}; expected one for each row."));
        if (RowCheck.FindFirst(values, columns) is var (row, problem))
            throw array.Bad(Invariant($"row {row} {problem}; remove the class or embed its name again."));
        if (normalize)
            Matrix.NormalizeRows(values, columns);
        return new NamedPrototypes(new Matrix(values, values.Length / columns, columns), names);
    }

    private static void CheckPrototypes(StoredArray prototypes)
    {
        prototypes.RequireFloat();
        prototypes.RequireDimensions("classes × components", 2);
        if (prototypes.Shape[1] is < 1 or > int.MaxValue)
            throw prototypes.Bad($"the shape is {ArrayShape.Describe(prototypes.Shape)}; expected at least one component a row.");
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
