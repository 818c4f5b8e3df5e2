using System.Runtime.InteropServices;
using Lfa.Data;

namespace Lfa.IO;

/// <summary>
/// Reads and writes feature files, in the formats of <see cref="FeatureFormats.Formats"/>: above all .npz archives of NumPy
/// arrays, which Python's numpy.savez writes and numpy.load reads, and .safetensors files.
/// </summary>
/// <remarks>
/// What is read is told by its first bytes; what is written goes by the extension of its name. Two layouts are read. The published one: <c>arr_0</c> text features C × d, or C × P × d of P prompts a class, <c>arr_1</c> image features n × d or
/// n × m × d, <c>arr_2</c> labels, <c>arr_3</c> file names, <c>arr_4</c> the class name of each image, <c>arr_5</c> class
/// names. And the named one: <c>image_features</c>, <c>text_features</c>, <c>labels</c>, <c>class_names</c>,
/// <c>filenames</c>; in .safetensors files names stand in the metadata, as JSON arrays. Only the two arrays of features are required. Features are float16, float32 or float64, labels
/// integers, names strings. Pickled object arrays are refused, since they can run code.
/// </remarks>
public static class FeatureFile
{
    private static readonly string[] Parts = ["imageFeatures", "classPrototypes", "classNames", "fileNames"];

    /// <summary>Reads a task.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="options">How to read it. Default: rows of unit length, frames averaged.</param>
    /// <returns>The task; without labels where the file has none.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">The file is not a feature file, is damaged, or contradicts itself; the message names the file and the array.</exception>
    public static FeatureSet Read(string path, FeatureFileOptions? options = null) => Read(path, textFeatures: null, options);

    /// <summary>Reads a task whose text features come from elsewhere; those of the file, which may have none, are passed over.</summary>
    /// <param name="path">The path of the file, which must name its classes.</param>
    /// <param name="textFeatures">Returns the text features of class names, C × d for C names, rows of unit length; d need not be that of the images.</param>
    /// <param name="options">How to read the file. Default: rows of unit length, frames averaged.</param>
    /// <returns>The task; without labels where the file has none.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">The file is not a feature file, names no classes, is damaged, or contradicts itself; the message names the file and the array.</exception>
    public static FeatureSet Read(string path, Func<IReadOnlyList<string>, NamedPrototypes>? textFeatures, FeatureFileOptions? options = null)
    {
        using var stream = InputFile.Open(path);
        return Read(stream, path, textFeatures, options);
    }

    /// <summary>Reads a task from a stream.</summary>
    /// <param name="stream">The content of a file, from its start to its end; the stream can seek and is left open.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="textFeatures">Returns the text features of class names, to be used in place of those of the file. Default: those of the file.</param>
    /// <param name="options">How to read it. Default: rows of unit length, frames averaged.</param>
    /// <exception cref="LfaDataException">The content is no feature file, is damaged, or contradicts itself; the message names the stream and the array.</exception>
    public static FeatureSet Read(Stream stream, string name, Func<IReadOnlyList<string>, NamedPrototypes>? textFeatures = null, FeatureFileOptions? options = null)
    {
        using var source = FeatureFormats.Identify(stream, name).Open(stream, name);
        try
        {
            return ReadSet(source, name, textFeatures, options ?? new FeatureFileOptions());
        }
        catch (LfaDataException e) when (e.Subject != name)
        {
            throw InputFile.Bad(name, WithArrayNames(e.Message, source), e);
        }
    }

    /// <summary>Writes a task, with float32 features; the same task gives the same bytes.</summary>
    /// <param name="path">The path of the file, whose extension says its format: .npz in the published layout where it is that of no other; an existing file is replaced once the new one is complete.</param>
    /// <param name="set">The task. Several crops are written as n × crops × d, with an array that says so.</param>
    /// <exception cref="LfaDataException">The format has no place for a part of the task.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, FeatureSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        Write(path, FeatureFileContent.From(set), ImageFeatures(set));
    }

    /// <summary>Writes a task to a stream.</summary>
    /// <param name="stream">The stream, which is left open and need not seek.</param>
    /// <param name="set">The task.</param>
    /// <param name="format">The format. Default: .npz.</param>
    /// <exception cref="LfaDataException">The format has no place for a part of the task.</exception>
    public static void Write(Stream stream, FeatureSet set, IFeatureFormat? format = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        Write(stream, FeatureFileContent.From(set), ImageFeatures(set), format);
    }

    /// <summary>Writes images whose features need not be in memory together; a .npz in the published layout, or in the named one where they have no classes.</summary>
    /// <param name="path">The path of the file, whose extension says its format: .npz where it is that of no other; an existing file is replaced once the new one is complete.</param>
    /// <param name="content">Everything but the image features.</param>
    /// <param name="imageFeatures">The image features, n · crops · d values in parts of any length: image by image, crop by crop, the center crop last.</param>
    /// <exception cref="LfaDataException">There are more or fewer values than <paramref name="content"/> says, it contradicts itself, or the format has no place for a part of it.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, FeatureFileContent content, IEnumerable<ReadOnlyMemory<float>> imageFeatures)
    {
        Check(content, imageFeatures);
        AtomicFile.Write(path, stream => FeatureFormats.ForPath(path, FeatureFormats.Default).Write(stream, content, imageFeatures));
    }

    /// <summary>Writes images whose features need not be in memory together to a stream.</summary>
    /// <param name="stream">The stream, which is left open and need not seek.</param>
    /// <param name="content">Everything but the image features.</param>
    /// <param name="imageFeatures">The image features, n · crops · d values in parts of any length: image by image, crop by crop, the center crop last.</param>
    /// <param name="format">The format. Default: .npz.</param>
    /// <exception cref="LfaDataException">There are more or fewer values than <paramref name="content"/> says, it contradicts itself, or the format has no place for a part of it.</exception>
    public static void Write(Stream stream, FeatureFileContent content, IEnumerable<ReadOnlyMemory<float>> imageFeatures, IFeatureFormat? format = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Check(content, imageFeatures);
        (format ?? FeatureFormats.Default).Write(stream, content, imageFeatures);
    }

    /// <summary>Writes a matrix, such as the adapted prototypes of a classifier, as one float32 array.</summary>
    /// <param name="path">The path of the file, whose extension says its format: .npy where it is that of no other; an existing file is replaced once the new one is complete.</param>
    /// <param name="matrix">The matrix, rows × columns.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteMatrix(string path, Matrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var format = FeatureFormats.ForPath(path, FeatureFormats.Formats.Get(NpyFormat.FormatName));
        AtomicFile.Write(path, stream => format.WritePrototypes(stream, new NamedPrototypes(matrix, null), default));
    }

    /// <summary>Writes class prototypes with the names of their classes, as the arrays <c>class_prototypes</c>, <c>class_names</c> and, where there are any, <c>biases</c>.</summary>
    /// <param name="path">The path of the file, whose extension says its format: .npz where it is that of no other; an existing file is replaced once the new one is complete.</param>
    /// <param name="prototypes">The prototypes, C × d.</param>
    /// <param name="classNames">The names of the C classes.</param>
    /// <param name="biases">What is added to the products with an embedding of unit length, C values. Default: none.</param>
    /// <exception cref="LfaDataException">There is not one name, or not one bias, for each row, or the format has no place for them.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WritePrototypes(string path, Matrix prototypes, IReadOnlyList<string> classNames, ReadOnlyMemory<float> biases = default)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        WritePrototypes(path, new NamedPrototypes(prototypes, classNames), biases);
    }

    /// <summary>Writes class prototypes with all that is known of them.</summary>
    /// <inheritdoc cref="WritePrototypes(string, Matrix, IReadOnlyList{string}, ReadOnlyMemory{float})"/>
    public static void WritePrototypes(string path, NamedPrototypes prototypes, ReadOnlyMemory<float> biases = default)
    {
        Check(prototypes, biases);
        AtomicFile.Write(path, stream => FeatureFormats.ForPath(path, FeatureFormats.Default).WritePrototypes(stream, prototypes, biases));
    }

    /// <summary>Writes class prototypes with all that is known of them to a stream.</summary>
    /// <param name="stream">The stream, which is left open and need not seek.</param>
    /// <param name="prototypes">The prototypes, C × d.</param>
    /// <param name="biases">What is added to the products with an embedding of unit length, C values. Default: none.</param>
    /// <param name="format">The format. Default: .npz.</param>
    /// <exception cref="LfaDataException">There is not one name, or not one bias, for each row, or the format has no place for them.</exception>
    public static void WritePrototypes(Stream stream, NamedPrototypes prototypes, ReadOnlyMemory<float> biases = default, IFeatureFormat? format = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Check(prototypes, biases);
        (format ?? FeatureFormats.Default).WritePrototypes(stream, prototypes, biases);
    }

    /// <summary>Reads class prototypes, of a feature file or of one that <see cref="WritePrototypes(string, NamedPrototypes, ReadOnlyMemory{float})"/> wrote, or a lone matrix.</summary>
    /// <param name="path">The path of a file with <c>class_prototypes</c>, <c>text_features</c> or <c>arr_0</c>, C × d, or C × P × d of P prompts a class, and perhaps <c>class_names</c> or <c>arr_5</c>; or of a .npy file of such an array.</param>
    /// <param name="normalize">Whether to scale the rows to unit length. Default: true.</param>
    /// <returns>The prototypes, with the names of their classes and their encoder where the file has them.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="LfaDataException">The file holds no prototypes, is damaged, or has a row that is zero or not finite; the message names the file and the array.</exception>
    public static NamedPrototypes ReadPrototypes(string path, bool normalize = true)
    {
        using var stream = InputFile.Open(path);
        return ReadPrototypes(stream, path, normalize);
    }

    /// <summary>Reads class prototypes from a stream.</summary>
    /// <param name="stream">The content of a file, from its start to its end; the stream can seek and is left open.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="normalize">Whether to scale the rows to unit length. Default: true.</param>
    /// <exception cref="LfaDataException">There are no prototypes, the content is damaged, or a row is zero or not finite; the message names the stream and the array.</exception>
    public static NamedPrototypes ReadPrototypes(Stream stream, string name, bool normalize = true)
    {
        using var source = FeatureFormats.Identify(stream, name).Open(stream, name);
        var read = source.ReadPrototypes();
        if (read.TextEncoder?.Dimension is { } dimension && dimension != read.Prototypes.Columns)
            throw InputFile.Bad(name, Invariant($"the prototypes have {read.Prototypes.Columns} columns but the embeddings of {read.TextEncoder.Name}, their encoder, have {dimension} components; write the file again."));
        return normalize ? read with { Prototypes = read.Prototypes.NormalizeRows() } : read;
    }

    private static FeatureSet ReadSet(IFeatureSource source, string name, Func<IReadOnlyList<string>, NamedPrototypes>? textFeatures, FeatureFileOptions options)
    {
        var (count, columns) = (source.ImageCount, source.Dimension); // which finds that there are no images before anything is read
        var labels = source.ReadLabels() ?? [];
        var classNames = source.ReadClassNames();
        var fileNames = source.ReadFileNames();
        var given = textFeatures?.Invoke(classNames ?? throw Bad("these image features come without the names of their classes; expected arr_5 or class_names beside them, to find text features by."));
        var prompts = given is null ? source.ReadPrompts() : given.Prompts;
        var own = given is null ? prompts?.ToPrototypes() ?? source.ReadTextFeatures() ?? throw Bad("these image features come without text features; expected arr_0 or text_features, classes × components, beside them, as in a .npz file.") : null;
        var prototypes = given?.Prototypes ?? own!;
        var crops = ReadCrops(source, name, count, options);
        var set = new FeatureSet([.. crops.Select(crop => new Matrix(crop, crop.Length / columns, columns))], prototypes, labels, classNames, fileNames, normalize: false)
        {
            ImageEncoder = source.ImageEncoder,
            TextEncoder = given is null ? source.TextEncoder : given.TextEncoder,
            Prompts = prompts,
        };
        if (!options.Normalize)
            return set;
        // In place, which saves a copy: nobody else has seen the arrays, and the set has found no row without direction.
        foreach (var crop in crops)
            Matrix.NormalizeRows(crop, columns);
        if (own is not null)
            Matrix.NormalizeRows(MemoryMarshal.AsMemory(own.Values).Span, own.Columns);
        return set;

        LfaDataException Bad(string problem) => InputFile.Bad(name, source.NameOf("imageFeatures") is { } images ? $"{images}: {problem}" : problem);
    }

    /// <summary>Reads the image features whole: of each crop n × d, or of the reduced frames n × d.</summary>
    private static float[][] ReadCrops(IFeatureSource source, string name, long count, FeatureFileOptions options)
    {
        var (middle, columns) = (source.MiddleExtent, source.Dimension);
        if ((Int128)count * middle * columns > Array.MaxLength)
            throw InputFile.Bad(name, Invariant($"{(Int128)count * middle * columns} values are more than memory takes in one piece; split the file."));
        var stored = count == 0 ? [] : source.ReadImages((int)count).Single();
        var axis = source.HoldsCrops ? MiddleAxis.Crops : options.MiddleAxis;
        return axis != MiddleAxis.Crops || middle == 1
            ? [MiddleAxisReduction.Reduce(stored, middle, columns, axis)]
            : [.. Enumerable.Range(0, middle).Select(crop => MiddleAxisReduction.TakeCrop(stored, middle, columns, crop))];
    }

    private static IEnumerable<ReadOnlyMemory<float>> ImageFeatures(FeatureSet set) =>
        Enumerable.Range(0, set.SampleCount).SelectMany(row => set.Crops.Select(crop => crop.Values.Slice(row * set.Dimension, set.Dimension)));

    private static void Check(FeatureFileContent content, IEnumerable<ReadOnlyMemory<float>> imageFeatures)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(imageFeatures);
        content.ThrowIfContradictory();
    }

    private static void Check(NamedPrototypes prototypes, ReadOnlyMemory<float> biases)
    {
        ArgumentNullException.ThrowIfNull(prototypes);
        ArgumentNullException.ThrowIfNull(prototypes.Prototypes);
        var rows = prototypes.Prototypes.Rows;
        if (prototypes.ClassNames is { } names && names.Count != rows)
            throw new LfaDataException(Invariant($"classNames has {names.Count} entries but prototypes has {rows} rows; give one for each row."));
        if (biases.Length != 0 && biases.Length != rows)
            throw new LfaDataException(Invariant($"biases has {biases.Length} entries but prototypes has {rows} rows; give one for each row, or none."));
    }

    /// <summary>Replaces what <see cref="FeatureSet"/> calls its parts by the names of the arrays they came from.</summary>
    private static string WithArrayNames(string message, IFeatureSource source)
    {
        foreach (var part in Parts)
            message = source.NameOf(part) is { } array ? message.Replace(part, array, StringComparison.Ordinal) : message;
        return message;
    }
}
