using System.Numerics.Tensors;

namespace Lfa.Data;

/// <summary>
/// Represents a task: the features of its images, the prototypes of its classes, and which image belongs to which class.
/// </summary>
/// <remarks>
/// Everything is checked once, here: shapes, labels, names, and rows that are zero or not finite.
/// Images and class names may come from encoders that never met, with other dimensions; then only a projection compares them.
/// Instances are safe for use by several threads at once. Labels, names and, where nothing is normalized, features are kept
/// as they were given, without a copy: their owner must not change them.
/// </remarks>
public sealed class FeatureSet
{
    private const double DefaultTemperature = 0.01;

    // Half precision moves the cosine of equal rows by less than 1e-6; that of two photographs is 0.99 at most, if one is no copy of the other.
    private const float LeastCosineOfEqualRows = 1 - 2e-6f;

    private readonly bool _isConstant;

    /// <summary>Initializes a task from the features of one view of each image.</summary>
    /// <param name="imageFeatures">The image features, n × d.</param>
    /// <param name="classPrototypes">The text features of the class names, C × d; or of another number of columns, from an encoder of another space.</param>
    /// <param name="labels">The class of each image, n values from 0 to C − 1; empty for images without labels.</param>
    /// <param name="classNames">The names of the C classes; two classes may share one only where their prototypes are equal. Default: "class 0", "class 1", ….</param>
    /// <param name="fileNames">The names of the n images. Default: none.</param>
    /// <param name="normalize">Whether to scale all rows to unit length (a copy). Default: true.</param>
    /// <exception cref="LfaDataException">The arguments contradict each other, or hold a value that is not allowed; the message names the first.</exception>
    public FeatureSet(Matrix imageFeatures, Matrix classPrototypes, ReadOnlyMemory<int> labels,
        IReadOnlyList<string>? classNames = null, IReadOnlyList<string>? fileNames = null, bool normalize = true)
        : this([imageFeatures], classPrototypes, labels, classNames, fileNames, normalize)
    {
    }

    /// <summary>Initializes a task from the features of several crops of each image.</summary>
    /// <param name="crops">The features of each crop, each n × d, the center crop last, as torchvision's FiveCrop gives them.</param>
    /// <param name="classPrototypes">The text features of the class names, C × d; or of another number of columns, from an encoder of another space.</param>
    /// <param name="labels">The class of each image, n values from 0 to C − 1; empty for images without labels.</param>
    /// <param name="classNames">The names of the C classes; two classes may share one only where their prototypes are equal. Default: "class 0", "class 1", ….</param>
    /// <param name="fileNames">The names of the n images. Default: none.</param>
    /// <param name="normalize">Whether to scale all rows to unit length (a copy). Default: true.</param>
    /// <exception cref="LfaDataException">The arguments contradict each other, or hold a value that is not allowed; the message names the first.</exception>
    public FeatureSet(IReadOnlyList<Matrix> crops, Matrix classPrototypes, ReadOnlyMemory<int> labels,
        IReadOnlyList<string>? classNames = null, IReadOnlyList<string>? fileNames = null, bool normalize = true)
    {
        ArgumentNullException.ThrowIfNull(crops);
        ArgumentNullException.ThrowIfNull(classPrototypes);
        FeatureSetValidation.Check(crops, classPrototypes, labels.Span, classNames, fileNames);
        Crops = normalize ? [.. crops.Select(crop => crop.NormalizeRows())] : [.. crops];
        ClassPrototypes = normalize ? classPrototypes.NormalizeRows() : classPrototypes;
        Labels = labels;
        ClassNames = classNames ?? [.. Enumerable.Range(0, classPrototypes.Rows).Select(DefaultClassName)];
        FileNames = fileNames;
        _isConstant = AreRowsEqual(ImageFeatures);
    }

    private FeatureSet(FeatureSet origin, IReadOnlyList<Matrix> crops, Matrix classPrototypes, ReadOnlyMemory<int> labels,
        IReadOnlyList<string>? classNames, IReadOnlyList<string>? fileNames)
        : this(crops, classPrototypes, labels, classNames, fileNames, normalize: false) =>
        _isConstant &= origin._isConstant; // that some images of many are copies of one is no fault of the encoder

    /// <summary>Gets the image features, n × d: those of the center crop where several are stored.</summary>
    public Matrix ImageFeatures => Crops[^1];

    /// <summary>Gets the features of every stored crop, each n × d, the center crop last, as torchvision's FiveCrop gives them.</summary>
    public IReadOnlyList<Matrix> Crops { get; }

    /// <summary>Gets the class prototypes, C × d, or C × d_text in two spaces: the text features of the class names.</summary>
    public Matrix ClassPrototypes { get; }

    /// <summary>Gets the prompts of each class, several and kept apart, whose means are <see cref="ClassPrototypes"/>; null where there is one a class, or only the mean is known.</summary>
    public ClassPrompts? Prompts { get; internal init; }

    /// <summary>Gets the class of each image, n values from 0 to C − 1, or none for images without labels.</summary>
    public ReadOnlyMemory<int> Labels { get; }

    /// <summary>Gets the names of the C classes.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Gets the names of the n images, or null where they are not known.</summary>
    public IReadOnlyList<string>? FileNames { get; }

    /// <summary>Gets the encoder of the images. Default: unknown.</summary>
    /// <exception cref="LfaDataException">Its embeddings have another number of components than these.</exception>
    public EncoderIdentity? ImageEncoder
    {
        get;
        init => field = RequireDimension(value, Dimension, "imageFeatures");
    }

    /// <summary>Gets the encoder of the class names. Default: unknown.</summary>
    /// <exception cref="LfaDataException">Its embeddings have another number of components than these.</exception>
    public EncoderIdentity? TextEncoder
    {
        get;
        init => field = RequireDimension(value, TextDimension, "classPrototypes");
    }

    /// <summary>Gets the number of images n.</summary>
    public int SampleCount => ImageFeatures.Rows;

    /// <summary>Gets the number of classes C.</summary>
    public int ClassCount => ClassPrototypes.Rows;

    /// <summary>Gets the number of components d of the embedding of an image.</summary>
    public int Dimension => ImageFeatures.Columns;

    /// <summary>Gets the number of components of the embedding of a class name.</summary>
    public int TextDimension => ClassPrototypes.Columns;

    /// <summary>Gets whether images and class names can be compared as they are: they have as many components, and their encoders are not known to be of different spaces.</summary>
    public bool SharesSpace => TextDimension == Dimension && !EncoderIdentity.DifferInSpace(ImageEncoder, TextEncoder);

    /// <summary>Gets the temperature of the encoder's own probabilities: that of the texts or, in one space, of the images; 0.01, that of CLIP, where none is known.</summary>
    public double Temperature => TextEncoder?.Temperature ?? (SharesSpace ? ImageEncoder?.Temperature : null) ?? DefaultTemperature;

    /// <summary>Gets whether the images have labels.</summary>
    public bool IsLabeled => Labels.Length > 0;

    /// <summary>Copies the given images into a task with the same classes.</summary>
    /// <param name="rows">The images to take, each from 0.</param>
    /// <returns>The task with these images only.</returns>
    public FeatureSet SelectRows(ReadOnlySpan<int> rows)
    {
        var labels = new int[IsLabeled ? rows.Length : 0];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = Labels.Span[rows[i]];
        var crops = new Matrix[Crops.Count];
        for (var crop = 0; crop < crops.Length; crop++)
            crops[crop] = Crops[crop].SelectRows(rows);
        return Derive(crops, ClassPrototypes, labels, ClassNames, SelectNames(rows));
    }

    /// <summary>Makes a set of other images, without labels, of the same classes.</summary>
    /// <param name="imageFeatures">The image features, m × d, as they are to be used.</param>
    /// <param name="fileNames">The names of the m images. Default: none.</param>
    /// <exception cref="LfaDataException">The features have other columns than these images, a row that is zero or not finite, or all rows the same.</exception>
    public FeatureSet WithUnlabeled(Matrix imageFeatures, IReadOnlyList<string>? fileNames = null)
    {
        ArgumentNullException.ThrowIfNull(imageFeatures);
        if (imageFeatures.Columns != Dimension)
            throw new LfaDataException(Invariant($"imageFeatures is {imageFeatures.Rows} × {imageFeatures.Columns} but the other images have {Dimension} columns; both must come from the same encoder."));
        var set = new FeatureSet(imageFeatures, ClassPrototypes, default, ClassNames, fileNames, normalize: false) { ImageEncoder = ImageEncoder, TextEncoder = TextEncoder, Prompts = Prompts };
        set.ThrowIfConstant();
        return set;
    }

    /// <summary>Makes a set of the same images with other text features of the same classes.</summary>
    /// <param name="classPrototypes">The text features of the class names, C × d_text, as they are to be used.</param>
    /// <param name="textEncoder">The encoder of these. Default: unknown.</param>
    /// <returns>The set; it shares the image features with this one.</returns>
    /// <exception cref="LfaDataException">There is not one row for each class, or a row is zero or not finite.</exception>
    public FeatureSet WithClassPrototypes(Matrix classPrototypes, EncoderIdentity? textEncoder = null)
    {
        ArgumentNullException.ThrowIfNull(classPrototypes);
        return new FeatureSet(this, Crops, classPrototypes, Labels, ClassNames, FileNames) { ImageEncoder = ImageEncoder, TextEncoder = textEncoder };
    }

    /// <summary>Makes a set of the same images with several prompts of each of the same classes; their means become the class prototypes.</summary>
    /// <param name="prompts">The prompts of the C classes.</param>
    /// <param name="textEncoder">The encoder of these. Default: unknown.</param>
    /// <returns>The set; it shares the image features with this one.</returns>
    /// <exception cref="LfaDataException">There are prompts of more or fewer classes, or those of a class cancel each other.</exception>
    public FeatureSet WithPrompts(ClassPrompts prompts, EncoderIdentity? textEncoder = null)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        if (prompts.ClassCount != ClassCount)
            throw new LfaDataException(Invariant($"prompts are of {prompts.ClassCount} classes but classPrototypes is {ClassCount} × {TextDimension}; give prompts of the same classes."));
        return new FeatureSet(this, Crops, prompts.ToPrototypes(), Labels, ClassNames, FileNames)
        {
            ImageEncoder = ImageEncoder,
            TextEncoder = textEncoder,
            Prompts = prompts.PerClass > 1 ? prompts : null,
        };
    }

    /// <summary>Makes the same set with what is known of its encoders.</summary>
    /// <param name="imageEncoder">The encoder of the images, or null where it is unknown.</param>
    /// <param name="textEncoder">The encoder of the class names, or null where it is unknown.</param>
    /// <exception cref="LfaDataException">Embeddings of an encoder have another number of components than these.</exception>
    public FeatureSet WithEncoders(EncoderIdentity? imageEncoder, EncoderIdentity? textEncoder) =>
        new(this, Crops, ClassPrototypes, Labels, ClassNames, FileNames) { ImageEncoder = imageEncoder, TextEncoder = textEncoder, Prompts = Prompts };

    /// <summary>Makes a set of images and class names of the same encoders: some of these, others, or both. What makes a set from a set calls this, so that none forgets the encoders.</summary>
    internal FeatureSet Derive(IReadOnlyList<Matrix> crops, Matrix classPrototypes, ReadOnlyMemory<int> labels, IReadOnlyList<string>? classNames = null, IReadOnlyList<string>? fileNames = null) =>
        new(this, crops, classPrototypes, labels, classNames, fileNames)
        {
            ImageEncoder = ImageEncoder,
            TextEncoder = classPrototypes.Columns == TextDimension ? TextEncoder : null, // prototypes of a model may be mapped already
            Prompts = ReferenceEquals(classPrototypes, ClassPrototypes) ? Prompts : null,
        };

    /// <summary>Makes a set of images of some of the classes.</summary>
    internal FeatureSet DeriveClasses(IReadOnlyList<Matrix> crops, int[] classes, ReadOnlyMemory<int> labels, IReadOnlyList<string>? classNames = null, IReadOnlyList<string>? fileNames = null) =>
        new(this, crops, ClassPrototypes.SelectRows(classes), labels, classNames, fileNames)
        {
            ImageEncoder = ImageEncoder,
            TextEncoder = TextEncoder,
            Prompts = Prompts?.SelectClasses(classes),
        };

    /// <summary>Returns the set with encoders for the sides whose own is unknown.</summary>
    internal FeatureSet WithEncodersWhereUnknown(EncoderIdentity? images, EncoderIdentity? texts) =>
        new(this, Crops, ClassPrototypes, Labels, ClassNames, FileNames) { ImageEncoder = ImageEncoder ?? images, TextEncoder = TextEncoder ?? texts, Prompts = Prompts };

    /// <summary>Makes a set of the same images and classes in a space that both sides are mapped to, which is that of no encoder.</summary>
    internal FeatureSet Map(IReadOnlyList<Matrix> crops, Matrix classPrototypes) => new(this, crops, classPrototypes, Labels, ClassNames, FileNames);

    /// <summary>Throws unless another set can test a classifier fitted on this one: labeled, of the same dimension and the same classes.</summary>
    /// <param name="test">The labeled images to test with.</param>
    /// <exception cref="LfaDataException">The images have no labels, or other columns or classes; the message names the first class that differs.</exception>
    public void ThrowIfNotTestedBy(FeatureSet test)
    {
        ArgumentNullException.ThrowIfNull(test);
        TestSetValidation.Check(test, ClassNames, Dimension);
    }

    /// <summary>Returns the name of a class where none was given.</summary>
    internal static string DefaultClassName(int index) => Invariant($"class {index}");

    private string[]? SelectNames(ReadOnlySpan<int> rows)
    {
        if (FileNames is null)
            return null;
        var names = new string[rows.Length];
        for (var i = 0; i < names.Length; i++)
            names[i] = FileNames[rows[i]];
        return names;
    }

    /// <summary>Throws where images and class names cannot be compared as they are.</summary>
    /// <param name="method">What would compare them, such as "zero-shot".</param>
    internal void ThrowIfTwoSpaces(string method)
    {
        if (!SharesSpace)
            throw new LfaDataException(Invariant($"{DescribeSpaces()}: two spaces, which {method} cannot compare; fit a projection between them, or give text features of the encoder of the images."));
    }

    /// <summary>Throws when a transform of as many components does not fit in memory.</summary>
    internal void ThrowIfTooWide()
    {
        var larger = Math.Max(Dimension, TextDimension);
        if ((long)larger * larger > Array.MaxLength)
            throw new LfaDataException(Invariant($"The features have {larger} columns; a transform of {larger} × {larger} does not fit in memory, reduce the dimension to 46,000 or less."));
    }

    /// <summary>Names both sides and their shapes.</summary>
    internal string DescribeSpaces() => EncoderIdentity.DifferInSpace(ImageEncoder, TextEncoder)
        ? Invariant($"imageFeatures is {SampleCount} × {Dimension} of {ImageEncoder!.Name} but classPrototypes is {ClassCount} × {TextDimension} of {TextEncoder!.Name}")
        : Invariant($"imageFeatures is {SampleCount} × {Dimension} but classPrototypes is {ClassCount} × {TextDimension}");

    /// <summary>Throws when all of several images have the same features: the encoder did not look at them.</summary>
    internal void ThrowIfConstant()
    {
        if (_isConstant && SampleCount > 1)
            throw new LfaDataException(Invariant($"imageFeatures: all {SampleCount} rows are the same but for rounding, so that nothing tells the images apart; embed the images again, their encoder did not look at them."));
    }

    /// <summary>Throws when a class has no example to learn from, or all images have the same features.</summary>
    internal void ThrowIfNotTrainable()
    {
        if (!IsLabeled)
            throw new LfaDataException("The images have no labels; supervised alignment needs one for each image.");
        ThrowIfTooWide();
        var counts = new int[ClassCount];
        foreach (var label in Labels.Span)
            counts[label]++;
        var missing = Array.IndexOf(counts, 0);
        if (missing >= 0)
            throw new LfaDataException(Invariant($"Class {missing} (\"{ClassNames[missing]}\") has no example among the {SampleCount} labeled images; add one or remove the class."));
        ThrowIfConstant();
    }

    private static EncoderIdentity? RequireDimension(EncoderIdentity? encoder, int columns, string features) =>
        encoder?.Dimension is { } dimension && dimension != columns
            ? throw new LfaDataException(Invariant($"{features} has {columns} columns but the embeddings of {encoder.Name} have {dimension} components; these are not its features. Embed again, or leave its identity out."))
            : encoder;

    // Usually two rows tell.
    private static bool AreRowsEqual(Matrix features)
    {
        for (var i = 1; i < features.Rows; i++)
        {
            if (TensorPrimitives.CosineSimilarity(features.Row(0), features.Row(i)) < LeastCosineOfEqualRows)
                return false;
        }
        return features.Rows > 1;
    }
}
