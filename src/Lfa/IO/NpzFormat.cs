using Lfa.Data;

namespace Lfa.IO;

/// <summary>An archive of NumPy arrays, as numpy.savez writes it.</summary>
internal sealed class NpzFormat : ArrayFormat
{
    public const string FormatName = "npz";

    public override string Name => FormatName;

    public override bool Matches(ReadOnlySpan<byte> prefix, long length) => prefix.StartsWith("PK\u0003\u0004"u8) || prefix.StartsWith("PK\u0005\u0006"u8);

    public override void Write(Stream stream, FeatureFileContent content, IEnumerable<ReadOnlyMemory<float>> imageFeatures)
    {
        using var writer = new NpzWriter(stream);
        if (content.ClassPrototypes is { } prototypes)
            Add(writer, "arr_0", StoredTexts.Of(prototypes, content.Prompts));
        writer.Add(content.ClassPrototypes is null ? FeatureFileLayout.NamedImages : "arr_1", data => WriteImages(data, content, imageFeatures));
        if (content.Labels.Length > 0)
            writer.AddInt64("arr_2", content.Labels);
        if (content.FileNames is { } fileNames)
            writer.AddStrings(content.ClassPrototypes is null ? FeatureFileLayout.NamedFiles : "arr_3", fileNames);
        if (content.Labels.Length > 0)
            writer.AddStrings("arr_4", [.. content.Labels.ToArray().Select(label => content.ClassNames[label])]);
        if (content.ClassPrototypes is not null)
            writer.AddStrings("arr_5", content.ClassNames);
        if (content.CropCount > 1)
            writer.AddString(FeatureFileLayout.MiddleAxisName, FeatureFileLayout.CropsMark);
        if (content.ImageEncoder is { } imageEncoder)
            writer.AddString(FeatureFileLayout.ImageEncoderName, EncoderIdentityJson.Write(imageEncoder));
        if (content.TextEncoder is { } textEncoder)
            writer.AddString(FeatureFileLayout.TextEncoderName, EncoderIdentityJson.Write(textEncoder));
    }

    public override void WritePrototypes(Stream stream, NamedPrototypes prototypes, ReadOnlyMemory<float> biases)
    {
        using var writer = new NpzWriter(stream);
        Add(writer, "class_prototypes", StoredTexts.Of(prototypes.Prototypes, prototypes.Prompts));
        if (prototypes.ClassNames is { } classNames)
            writer.AddStrings("class_names", classNames);
        if (biases.Length > 0)
            writer.AddSingle("biases", biases, biases.Length);
        if (prototypes.TextEncoder is { } encoder)
            writer.AddString(FeatureFileLayout.TextEncoderName, EncoderIdentityJson.Write(encoder));
    }

    protected override ArrayFile OpenArrays(Stream stream, string name) => new NpzFile(stream, name);

    private static void Add(NpzWriter writer, string name, StoredTexts texts) => writer.AddSingle(name, texts.Values, texts.Shape);

    private static void WriteImages(Stream data, FeatureFileContent content, IEnumerable<ReadOnlyMemory<float>> imageFeatures)
    {
        NpyHeader.Write(data, new ElementType(ElementKind.Float, sizeof(float)), content.ImageShape);
        content.WriteImages(imageFeatures, part => NpyWriter.WriteValues(data, part.Span));
    }
}
