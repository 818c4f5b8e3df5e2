using Lfa.Data;

namespace Lfa.IO;

/// <summary>Reads the arrays of a feature file into memory, each with a check of its type and dimensions.</summary>
internal static class FeatureFileArrays
{
    /// <summary>Reads the text features, C × d.</summary>
    public static Matrix ReadPrototypes(FeatureFileLayout layout)
    {
        var (array, columns) = (CheckPrototypes(layout), (int)layout.Prototypes!.Shape[^1]);
        var values = array.ToSingle();
        return new Matrix(values, values.Length / columns, columns);
    }

    /// <summary>Reads text features C × P × d; null where they are C × d, or P is 1.</summary>
    public static ClassPrompts? ReadPrompts(StoredArray array)
    {
        if (array.Shape is not [> 0, > 1 and var perClass, var columns])
            return null;
        var values = array.ToSingle();
        var prompts = new Matrix(values, values.Length / (int)columns, (int)columns);
        if (DegenerateRows.FindFirst(values, (int)columns) is var (row, problem))
            throw array.Bad(Invariant($"prompt {row % perClass} of class {row / perClass} {problem}; remove the class or embed its name again."));
        var read = new ClassPrompts(prompts, (int)perClass);
        return read.FindCanceling() is { } label ? throw array.Bad(Invariant($"the prompts of class {label} cancel each other; remove the class or embed its name again.")) : read;
    }

    /// <summary>Requires text features, C × d or C × P × d, without reading them.</summary>
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
        if (ReadPrompts(array) is { } prompts)
            return ReadPrototypes(array, classNames, prompts.ToPrototypes().Values.ToArray()) with { Prompts = prompts };
        return ReadPrototypes(array, classNames, array.ToSingle());
    }

    private static NamedPrototypes ReadPrototypes(StoredArray array, StoredNames? classNames, float[] values)
    {
        var columns = (int)array.Shape[^1];
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
        prototypes.RequireDimensions("classes × components, or classes × prompts × components", 2, 3);
        if (prototypes.Shape.Skip(1).Any(extent => extent is < 1 or > int.MaxValue))
            throw prototypes.Bad($"the shape is {ArrayShape.Describe(prototypes.Shape)}; expected at least one component a row, and one prompt a class.");
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
