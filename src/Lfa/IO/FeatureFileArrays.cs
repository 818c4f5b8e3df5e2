using Lfa.Data;

namespace Lfa.IO;

/// <summary>Reads the arrays of a feature file into memory, each with a check of its type and dimensions.</summary>
internal static class FeatureFileArrays
{
    /// <summary>Reads the text features, C × d.</summary>
    public static Matrix ReadPrototypes(FeatureFileLayout layout)
    {
        var (array, columns) = (CheckPrototypes(layout), (int)layout.Prototypes!.Shape[1]);
        var values = array.ToSingle();
        return new Matrix(values, values.Length / columns, columns);
    }

    /// <summary>Requires text features, C × d, without reading them.</summary>
    public static StoredArray CheckPrototypes(FeatureFileLayout layout)
    {
        if (layout.Prototypes is not { } prototypes)
            throw layout.Images.Bad("these image features come without text features; expected arr_0 or text_features, classes × components, beside them, as in a .npz file.");
        CheckPrototypes(prototypes);
        return prototypes;
    }

    /// <summary>Reads class prototypes with the names of their classes, and checks both.</summary>
    public static NamedPrototypes ReadPrototypes(StoredArray array, StoredNames? classNames)
    {
        CheckPrototypes(array);
        var (values, columns) = (array.ToSingle(), (int)array.Shape[1]);
        var names = classNames?.Read();
        if (values.Length == 0)
            throw array.Bad("the array has no rows; expected one for each class.");
        if (names is not null && (long)names.Length * columns != values.Length)
            throw classNames!.Bad(Invariant($"there are {names.Length} names but {values.Length / columns} rows in {array.Name}; expected one for each row."));
        if (DegenerateRows.FindFirst(values, columns) is var (row, problem))
            throw array.Bad(Invariant($"row {row} {problem}; remove the class or embed its name again."));
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

    /// <summary>Reads who gave the features, or null where the file does not say.</summary>
    public static EncoderIdentity? ReadEncoder(ArrayFile file, string name) => file.FindText(name) is not { } text ? null
        : text.ReadSingle() is { } single && EncoderIdentityJson.TryRead(single) is { } encoder ? encoder
        : throw text.Bad("expected a single string, the JSON object of an encoder; remove it or embed again.");
}
