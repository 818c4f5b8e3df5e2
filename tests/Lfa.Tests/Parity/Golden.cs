using Lfa.Alignment;
using Lfa.Data;
using Lfa.IO;

namespace Lfa.Tests.Parity;

/// <summary>Inputs and outputs of the published implementation on one made-up problem.</summary>
internal sealed class Golden
{
    private readonly Dictionary<string, float[]> _arrays = [];

    private Golden(string name)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Parity", "files", name + ".npz"));
        using var file = new NpzFile(stream, name);
        foreach (var array in file.Names.Where(array => !array.EndsWith("labels", StringComparison.Ordinal)))
            _arrays[array] = file[array].ToSingle();
        var text = file["text_features"];
        (Classes, Dimension) = ((int)text.Shape[0], (int)text.Shape[1]);
        Task = new FeatureSet(Matrix("image_features"), Matrix("text_features"), file["labels"].ToInt32(), normalize: false);
        Test = new FeatureSet(Matrix("test_image_features"), Matrix("text_features"), file["test_labels"].ToInt32(), normalize: false);
    }

    public static TheoryData<string> Names => ["c10_d32_n16", "c20_d64_n8", "c48_d32_n8"];

    public int Classes { get; }

    public int Dimension { get; }

    public FeatureSet Task { get; }

    public FeatureSet Test { get; }

    public float[] this[string array] => _arrays[array];

    public IEnumerable<string> Arrays => _arrays.Keys;

    public static Golden Load(string name) => new(name);

    public Transform Transform(string array) => new(new Matrix(this[array], Dimension, Dimension));

    private Matrix Matrix(string array) => new(this[array], this[array].Length / Dimension, Dimension);
}
