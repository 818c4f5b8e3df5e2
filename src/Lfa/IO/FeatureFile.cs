using Lfa.Data;

namespace Lfa.IO;

/// <summary>
/// Reads and writes feature files: .npz archives of NumPy arrays, which Python's numpy.savez writes and numpy.load reads.
/// </summary>
/// <remarks>
/// Two layouts are read. The published one: <c>arr_0</c> text features C × d, <c>arr_1</c> image features n × d or
/// n × m × d, <c>arr_2</c> labels, <c>arr_3</c> file names, <c>arr_4</c> the class name of each image, <c>arr_5</c> class
/// names. And the named one: <c>image_features</c>, <c>text_features</c>, <c>labels</c>, <c>class_names</c>,
/// <c>filenames</c>. Only the two arrays of features are required. Features are float16, float32 or float64, labels
/// integers, names strings. Pickled object arrays are refused, since they can run code.
/// </remarks>
public static class FeatureFile
{
    private static readonly string[] PrototypeArrays = ["class_prototypes", "text_features", "arr_0"];

    /// <summary>Reads a task.</summary>
    /// <param name="path">The path of the .npz file.</param>
    /// <param name="options">How to read it. Default: rows of unit length, frames averaged.</param>
    /// <returns>The task; without labels where the file has none.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">The file is not a feature file, is damaged, or contradicts itself; the message names the file and the array.</exception>
    public static FeatureSet Read(string path, FeatureFileOptions? options = null) => Read(path, textFeatures: null, options);

    /// <summary>Reads a task whose text features come from elsewhere; those of the file, which may have none, are passed over.</summary>
    /// <param name="path">The path of the .npz file, which must name its classes.</param>
    /// <param name="textFeatures">Returns the text features of class names, C × d for C names, rows of unit length; d need not be that of the images.</param>
    /// <param name="options">How to read the file. Default: rows of unit length, frames averaged.</param>
    /// <returns>The task; without labels where the file has none.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">The file is not a feature file, names no classes, is damaged, or contradicts itself; the message names the file and the array.</exception>
    public static FeatureSet Read(string path, Func<IReadOnlyList<string>, Matrix>? textFeatures, FeatureFileOptions? options = null)
    {
        options ??= new FeatureFileOptions();
        if (FileFormats.Identify(path) is not FileFormat.Npz and var format)
            throw InputFile.Bad(path, $"this is a .{(format == FileFormat.Npy ? "npy" : "safetensors")} file; expected a .npz file with image and text features (arr_0 and arr_1, or image_features and text_features).");
        using var file = NpzFile.Open(path);
        var layout = FeatureFileLayout.Find(path, file);
        try
        {
            return ReadSet(layout, textFeatures, options);
        }
        catch (LfaDataException e) when (e.Subject != path)
        {
            throw InputFile.Bad(path, layout.WithArrayNames(e.Message), e);
        }
    }

    /// <summary>Writes a task in the published layout, with float32 features; the same task gives the same bytes.</summary>
    /// <param name="path">The path of the .npz file; an existing one is replaced once the new one is complete.</param>
    /// <param name="set">The task. Several crops are written as n × crops × d, with an array that says so.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, FeatureSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var content = new FeatureFileContent
        {
            ImageCount = set.SampleCount,
            Dimension = set.Dimension,
            CropCount = set.Crops.Count,
            ClassPrototypes = set.ClassPrototypes,
            ClassNames = set.ClassNames,
            Labels = set.Labels,
            FileNames = set.FileNames,
        };
        Write(path, content, Enumerable.Range(0, set.SampleCount).SelectMany(row => set.Crops.Select(crop => crop.Values.Slice(row * set.Dimension, set.Dimension))));
    }

    /// <summary>Writes images whose features need not be in memory together, in the published layout, or in the named one where they have no classes.</summary>
    /// <param name="path">The path of the .npz file; an existing one is replaced once the new one is complete.</param>
    /// <param name="content">Everything but the image features.</param>
    /// <param name="imageFeatures">The image features, n · crops · d values in parts of any length: image by image, crop by crop, the center crop last.</param>
    /// <exception cref="LfaDataException">There are more or fewer values than <paramref name="content"/> says, or it contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, FeatureFileContent content, IEnumerable<ReadOnlyMemory<float>> imageFeatures)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(imageFeatures);
        FeatureFileWriter.ThrowIfContradictory(content);
        AtomicFile.Write(path, stream => FeatureFileWriter.Write(stream, content, imageFeatures));
    }

    /// <summary>Writes a matrix, such as the adapted prototypes of a classifier, as one float32 array.</summary>
    /// <param name="path">The path of the .npy file; an existing one is replaced once the new one is complete.</param>
    /// <param name="matrix">The matrix, rows × columns.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteMatrix(string path, Matrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        AtomicFile.Write(path, stream => NpyWriter.WriteSingle(stream, matrix.Values.Span, matrix.Rows, matrix.Columns));
    }

    /// <summary>Writes class prototypes with the names of their classes, as the arrays <c>class_prototypes</c>, <c>class_names</c> and, where there are any, <c>biases</c>.</summary>
    /// <param name="path">The path of the .npz file; an existing one is replaced once the new one is complete.</param>
    /// <param name="prototypes">The prototypes, C × d.</param>
    /// <param name="classNames">The names of the C classes.</param>
    /// <param name="biases">What is added to the products with an embedding of unit length, C values. Default: none.</param>
    /// <exception cref="LfaDataException">There is not one name, or not one bias, for each row.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WritePrototypes(string path, Matrix prototypes, IReadOnlyList<string> classNames, ReadOnlyMemory<float> biases = default)
    {
        ArgumentNullException.ThrowIfNull(prototypes);
        ArgumentNullException.ThrowIfNull(classNames);
        if (classNames.Count != prototypes.Rows)
            throw new LfaDataException(Invariant($"classNames has {classNames.Count} entries but prototypes has {prototypes.Rows} rows; give one for each row."));
        if (biases.Length != 0 && biases.Length != prototypes.Rows)
            throw new LfaDataException(Invariant($"biases has {biases.Length} entries but prototypes has {prototypes.Rows} rows; give one for each row, or none."));
        AtomicFile.Write(path, stream =>
        {
            using var writer = new NpzWriter(stream);
            writer.AddSingle("class_prototypes", prototypes.Values, prototypes.Rows, prototypes.Columns);
            writer.AddStrings("class_names", classNames);
            if (biases.Length > 0)
                writer.AddSingle("biases", biases, biases.Length);
        });
    }

    /// <summary>Reads class prototypes, of a feature file or of one that <see cref="WritePrototypes"/> wrote, or a lone matrix.</summary>
    /// <param name="path">The path of a .npz file with <c>class_prototypes</c>, <c>text_features</c> or <c>arr_0</c>, C × d, and perhaps <c>class_names</c> or <c>arr_5</c>; or of a .npy file, C × d.</param>
    /// <param name="normalize">Whether to scale the rows to unit length. Default: true.</param>
    /// <returns>The prototypes, with the names of their classes where the file has them.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">The file holds no prototypes, is damaged, or has a row that is zero or not finite; the message names the file and the array.</exception>
    public static NamedPrototypes ReadPrototypes(string path, bool normalize = true)
    {
        switch (FileFormats.Identify(path))
        {
            case FileFormat.Npy:
                return FeatureFileArrays.ReadPrototypes(StoredArray.FromNpy(ByteSource.OfFile(path)), null, normalize);
            case FileFormat.Npz:
                using (var file = NpzFile.Open(path))
                {
                    var array = PrototypeArrays.Select(file.Find).FirstOrDefault(array => array is not null)
                        ?? throw InputFile.Bad(path, $"there is no array {string.Join(", ", PrototypeArrays)} with class prototypes; the file holds {file.Contents}.");
                    return FeatureFileArrays.ReadPrototypes(array, file.Find("class_names") ?? file.Find("arr_5"), normalize);
                }
            default:
                throw InputFile.Bad(path, "this is a .safetensors file; expected a .npz or .npy file with class prototypes, as WritePrototypes gives them.");
        }
    }

    private static FeatureSet ReadSet(FeatureFileLayout layout, Func<IReadOnlyList<string>, Matrix>? textFeatures, FeatureFileOptions options)
    {
        var labels = FeatureFileArrays.ReadLabels(layout) ?? [];
        var classNames = FeatureFileArrays.ReadNames(layout.ClassNames);
        var fileNames = FeatureFileArrays.ReadNames(layout.FileNames);
        var own = textFeatures is null ? FeatureFileArrays.ReadPrototypes(layout) : null;
        var prototypes = own is null
            ? textFeatures!(classNames ?? throw layout.Images.Bad("these image features come without the names of their classes; expected arr_5 or class_names beside them, to find text features by."))
            : ToMatrix(own, (int)layout.Prototypes!.Shape[1]);
        var crops = FeatureFileArrays.ReadCrops(layout, options.MiddleAxis);
        var set = new FeatureSet([.. crops.Select(crop => ToMatrix(crop, layout.Dimension))], prototypes, labels, classNames, fileNames, normalize: false);
        if (!options.Normalize)
            return set;
        // In place, which saves a copy: nobody else has seen the arrays, and the set has found no row without direction.
        foreach (var crop in crops)
            Matrix.NormalizeRows(crop, layout.Dimension);
        if (own is not null)
            Matrix.NormalizeRows(own, prototypes.Columns);
        return set;
    }

    private static Matrix ToMatrix(float[] values, int columns) => new(values, values.Length / columns, columns);
}
