using Lfa.Data;

namespace Lfa.IO;

/// <summary>One array of embeddings, as numpy.save writes it.</summary>
internal sealed class NpyFormat : ArrayFormat
{
    private static readonly ElementType Single = new(ElementKind.Float, sizeof(float));

    public const string FormatName = "npy";

    public override string Name => FormatName;

    public override bool Matches(ReadOnlySpan<byte> prefix, long length) => prefix.StartsWith(NpyHeader.Magic);

    public override void Write(Stream stream, FeatureFileContent content, IEnumerable<ReadOnlyMemory<float>> imageFeatures)
    {
        if (content is not { ClassPrototypes: null, FileNames: null, CropCount: 1 })
            throw new LfaDataException("A .npy file holds one matrix, without class names, labels, names of images or crops; write a .npz file.");
        NpyHeader.Write(stream, Single, content.ImageCount, content.Dimension);
        content.WriteImages(imageFeatures, part => NpyWriter.WriteValues(stream, part.Span));
    }

    public override void WritePrototypes(Stream stream, NamedPrototypes prototypes, ReadOnlyMemory<float> biases)
    {
        if (prototypes.ClassNames is not null || biases.Length > 0)
            throw new LfaDataException("A .npy file holds one matrix, without class names or biases; write a .npz file.");
        var texts = StoredTexts.Of(prototypes.Prototypes, prototypes.Prompts);
        NpyWriter.WriteSingle(stream, texts.Values.Span, texts.Shape);
    }

    protected override ArrayFile OpenArrays(Stream stream, string name) => new NpyFile(stream, name);
}
