namespace Lfa.Encoders.Pipeline;

/// <summary>What became of one image.</summary>
/// <param name="Features">The features of its crops, crops × d, each of unit length; null where it could not be read.</param>
/// <param name="Problem">Why it could not be read; null where it was.</param>
internal readonly record struct EncodedImage(float[]? Features, string? Problem)
{
    public void Write(BinaryWriter writer)
    {
        writer.Write(Features is null);
        if (Features is null)
        {
            writer.Write(Problem!);
            return;
        }
        writer.Write(Features.Length);
        foreach (var value in Features)
            writer.Write(value);
    }

    public static EncodedImage Read(BinaryReader reader)
    {
        if (reader.ReadBoolean())
            return new EncodedImage(null, reader.ReadString());
        var features = new float[reader.ReadInt32()];
        for (var i = 0; i < features.Length; i++)
            features[i] = reader.ReadSingle();
        return new EncodedImage(features, null);
    }

    /// <summary>Throws where the images have other components than the class names of the same model.</summary>
    /// <param name="images">The images.</param>
    /// <param name="crops">The number of crops of each.</param>
    /// <param name="width">The number of components of the class names, or null where another encoder gave them.</param>
    public static void RequireWidth(IEnumerable<EncodedImage> images, int crops, int? width)
    {
        foreach (var image in images)
        {
            if (width is not null && image.Features is { } features && features.Length / crops != width)
                throw new LfaDataException(Invariant($"the model gives images {features.Length / crops} components but class names {width}; one of its towers lacks its projection."));
        }
    }
}
