using Lfa.Data;

namespace Lfa.IO;

/// <summary>Gives the arrays of an open file by what they mean.</summary>
internal sealed class ArraySource(ArrayFile file) : IFeatureSource
{
    private readonly Lazy<FeatureFileLayout> _layout = new(() => FeatureFileLayout.Find(file));

    public long ImageCount => Layout.ImageCount;

    public int MiddleExtent => Layout.MiddleExtent;

    public bool HoldsCrops => Layout.SaysCrops;

    public int Dimension => Layout.Dimension;

    public long? FileNameCount => Layout.FileNames?.Count;

    public EncoderIdentity? ImageEncoder => FeatureFileArrays.ReadEncoder(file, FeatureFileLayout.ImageEncoderName);

    public EncoderIdentity? TextEncoder => FeatureFileArrays.ReadEncoder(file, FeatureFileLayout.TextEncoderName);

    private FeatureFileLayout Layout => _layout.Value;

    public IEnumerable<float[]> ReadImages(int rows) => Layout.Images.IsColumnMajor ? ReadWhole(rows) : ReadStream(rows);

    public Matrix? ReadTextFeatures() => Layout.Prototypes is null ? null : ReadPrompts()?.ToPrototypes() ?? FeatureFileArrays.ReadPrototypes(Layout);

    public ClassPrompts? ReadPrompts() => Layout.Prototypes is null ? null : FeatureFileArrays.ReadPrompts(FeatureFileArrays.CheckPrototypes(Layout));

    public NamedPrototypes ReadPrototypes() =>
        FeatureFileArrays.ReadPrototypes(file.GetPrototypes(), file.FindNames("class_names") ?? file.FindNames("arr_5")) with { TextEncoder = TextEncoder };

    public int[]? ReadLabels() => FeatureFileArrays.ReadLabels(Layout);

    public string[]? ReadClassNames() => Layout.ClassNames?.Read();

    public string[]? ReadFileNames() => Layout.FileNames?.Read();

    public string? NameOf(string part) => part switch
    {
        "imageFeatures" => Layout.Images.Entry,
        "classPrototypes" => Layout.Prototypes?.Entry,
        "labels" => Layout.Labels?.Entry,
        "classNames" => Layout.ClassNames?.Name,
        "fileNames" => Layout.FileNames?.Name,
        _ => null,
    };

    public void Dispose() => file.Dispose();

    private IEnumerable<float[]> ReadStream(int rows)
    {
        using var reader = Layout.Images.OpenReader();
        for (var start = 0L; start < ImageCount; start += rows)
        {
            var count = (int)Math.Min(rows, ImageCount - start) * MiddleExtent * Dimension;
            yield return Layout.Images.ReadGrowing<float>(reader, count, (source, values) => source.Read(values));
        }
        reader.Finish();
    }

    // Stored by columns there are no blocks of rows.
    private IEnumerable<float[]> ReadWhole(int rows)
    {
        var whole = Layout.Images.ToSingle();
        var (length, block) = (MiddleExtent * Dimension, (long)rows * MiddleExtent * Dimension);
        if (block >= whole.Length)
            return whole.Length == 0 ? [] : [whole];
        return Enumerable.Range(0, (whole.Length + (int)block - 1) / (int)block)
            .Select(i => whole[(i * (int)block)..Math.Min(whole.Length, (i + 1) * (int)block)]);
    }
}
