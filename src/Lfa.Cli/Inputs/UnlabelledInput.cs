using Lfa.Data;
using Lfa.IO;

namespace Lfa.Cli.Inputs;

/// <summary>Image features without labels, whole in memory.</summary>
/// <param name="Features">The features, m × d.</param>
/// <param name="FileNames">The names of the images, or null where they are not known.</param>
internal sealed record UnlabelledInput(FeatureMatrix Features, IReadOnlyList<string>? FileNames)
{
    private const int BlockRows = 1024;

    /// <summary>Reads a feature file, of which only the image features are needed, or embeds pictures; those that cannot be read are left out.</summary>
    /// <param name="path">A feature file, or pictures.</param>
    /// <param name="reading">How feature files are read.</param>
    /// <param name="input">Embeds pictures.</param>
    public static UnlabelledInput Read(string path, FeatureFileOptions reading, FeatureInput input)
    {
        if (PictureInput.IsPictures(path))
        {
            var names = new List<string>();
            return new UnlabelledInput(Join(input.ReadBlocks(PictureInput.ReadUnlabelled([path], input.Root), names)), names);
        }
        using var reader = FeatureReader.Open(path, reading);
        return new UnlabelledInput(Join(reader.ReadBlocks(BlockRows), reader.Dimension), reader.FileNames);
    }

    /// <summary>Makes a set of the classes of another.</summary>
    /// <param name="task">The set with the classes.</param>
    /// <param name="path">Where the features come from, for messages.</param>
    public FeatureSet For(FeatureSet task, string path) =>
        BadInputException.Naming(path, () => task.WithUnlabelled(Features, FileNames));

    private static FeatureMatrix Join(IEnumerable<FeatureMatrix> blocks, int dimension = 0)
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
        return new FeatureMatrix(values, values.Length / dimension, dimension);
    }
}
