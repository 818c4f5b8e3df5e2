using Lfa.Data;
using Lfa.IO;

namespace Lfa.Cli.Inputs;

/// <summary>Image features without labels, whole in memory.</summary>
/// <param name="Features">The features, m × d.</param>
/// <param name="FileNames">The names of the images, or null where they are not known.</param>
internal sealed record UnlabeledInput(Matrix Features, IReadOnlyList<string>? FileNames)
{
    private const int BlockRows = 1024;

    /// <summary>Reads a feature file, of which only the image features are needed, or embeds images; those that cannot be read are left out.</summary>
    /// <param name="path">A feature file, or images.</param>
    /// <param name="reading">How feature files are read.</param>
    /// <param name="input">Embeds images.</param>
    public static UnlabeledInput Read(string path, FeatureFileOptions reading, FeatureInput input)
    {
        if (ImageInput.IsImages(path))
        {
            var names = new List<string>();
            return new UnlabeledInput(Join(input.ReadBlocks(ImageInput.ReadUnlabeled([path], input.Root), names)), names);
        }
        using var reader = FeatureReader.Open(path, reading);
        return new UnlabeledInput(Join(reader.ReadBlocks(BlockRows), reader.Dimension), reader.FileNames);
    }

    /// <summary>Makes a set of the classes of another.</summary>
    /// <param name="task">The set with the classes.</param>
    /// <param name="path">Where the features come from, for messages.</param>
    public FeatureSet For(FeatureSet task, string path) =>
        BadInputException.Naming(path, () => task.WithUnlabeled(Features, FileNames));

    private static Matrix Join(IEnumerable<Matrix> blocks, int dimension = 0)
    {
        var parts = blocks.ToList();
        dimension = parts is [var first, ..] ? first.Columns : dimension;
        var values = new float[checked(parts.Sum(part => part.Values.Length))];
        var start = 0;
        foreach (var part in parts)
        {
            part.Values.CopyTo(values.AsMemory(start));
            start += part.Values.Length;
        }
        return new Matrix(values, values.Length / dimension, dimension);
    }
}
