namespace Lfa.IO;

/// <summary>Writes the arrays of a feature file.</summary>
internal static class FeatureFileWriter
{
    private const string NamedImages = "image_features";
    private const string NamedFiles = "filenames";

    public static void Write(Stream stream, FeatureFileContent content, IEnumerable<ReadOnlyMemory<float>> imageFeatures)
    {
        using var writer = new NpzWriter(stream);
        if (content.ClassPrototypes is { } prototypes)
            writer.AddSingle("arr_0", prototypes.Values, prototypes.Rows, prototypes.Columns);
        writer.Add(content.ClassPrototypes is null ? NamedImages : "arr_1", data => WriteImages(data, content, imageFeatures));
        if (content.Labels.Length > 0)
            writer.AddInt64("arr_2", content.Labels);
        if (content.FileNames is { } fileNames)
            writer.AddStrings(content.ClassPrototypes is null ? NamedFiles : "arr_3", fileNames);
        if (content.Labels.Length > 0)
            writer.AddStrings("arr_4", [.. content.Labels.ToArray().Select(label => content.ClassNames[label])]);
        if (content.ClassPrototypes is not null)
            writer.AddStrings("arr_5", content.ClassNames);
        if (content.CropCount > 1)
            writer.AddString(FeatureFileLayout.MiddleAxisName, FeatureFileLayout.CropsMark);
    }

    public static void ThrowIfContradictory(FeatureFileContent content)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(content.ImageCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(content.CropCount, 1);
        if (content.ClassPrototypes is { } prototypes && prototypes.Rows != content.ClassNames.Count)
            throw new LfaDataException(Invariant($"classPrototypes is {prototypes.Rows} × {prototypes.Columns} but there are {content.ClassNames.Count} class names; give one for each row."));
        if (content.FileNames is { } names && names.Count != content.ImageCount)
            throw new LfaDataException(Invariant($"There are {names.Count} file names but {content.ImageCount} images."));
        if (content.Labels.Length > 0 && (content.ClassPrototypes is null || content.Labels.Length != content.ImageCount))
            throw new LfaDataException(Invariant($"There are {content.Labels.Length} labels but {content.ImageCount} images and {content.ClassNames.Count} classes."));
        foreach (var label in content.Labels.Span)
        {
            if ((uint)label >= (uint)content.ClassNames.Count)
                throw new LfaDataException(Invariant($"The label {label} is none of the classes 0 to {content.ClassNames.Count - 1}."));
        }
    }

    private static void WriteImages(Stream data, FeatureFileContent content, IEnumerable<ReadOnlyMemory<float>> imageFeatures)
    {
        var type = new ElementType(ElementKind.Float, sizeof(float));
        if (content.CropCount == 1)
            NpyHeader.Write(data, type, content.ImageCount, content.Dimension);
        else
            NpyHeader.Write(data, type, content.ImageCount, content.CropCount, content.Dimension);
        var expected = (long)content.ImageCount * content.CropCount * content.Dimension;
        foreach (var part in imageFeatures)
        {
            NpyWriter.WriteValues(data, part.Span);
            expected -= part.Length;
        }
        if (expected != 0)
            throw new LfaDataException(Invariant($"The image features have {-expected:+#;-#} values beside the {content.ImageCount} × {content.CropCount} × {content.Dimension} announced."));
    }
}
