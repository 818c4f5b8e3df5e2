using Lfa.Data;

namespace Lfa.IO;

/// <summary>Defines what an open feature file holds, as it is stored; values are read when asked for.</summary>
/// <remarks>What is returned belongs to the caller. What is not there, or damaged, is an <see cref="LfaDataException"/> that names the file. Not safe for use by several threads at once.</remarks>
public interface IFeatureSource : IDisposable
{
    /// <summary>Gets the number of images n.</summary>
    /// <exception cref="LfaDataException">The file holds no image features.</exception>
    long ImageCount { get; }

    /// <summary>Gets the number of frames or crops m stored of each image; 1 where rows are images.</summary>
    int MiddleExtent { get; }

    /// <summary>Gets whether the file says that these are crops.</summary>
    bool HoldsCrops { get; }

    /// <summary>Gets the number of components d of an embedding of an image.</summary>
    int Dimension { get; }

    /// <summary>Gets the number of names of images; null where there are none.</summary>
    long? FileNameCount { get; }

    /// <summary>Gets the encoder of the images; null where it is unknown.</summary>
    EncoderIdentity? ImageEncoder { get; }

    /// <summary>Gets the encoder of the class names; null where it is unknown.</summary>
    EncoderIdentity? TextEncoder { get; }

    /// <summary>Reads the image features from the first row to the last; each call starts again.</summary>
    /// <param name="rows">The images of a block, at least 1; the last block may have fewer.</param>
    /// <returns>The blocks, each rows · m · d values: image by image, frame by frame.</returns>
    IEnumerable<float[]> ReadImages(int rows);

    /// <summary>Reads the text features of the classes of the images, C × d; of several prompts a class, their means; null where there are none.</summary>
    Matrix? ReadTextFeatures();

    /// <summary>Reads the prompts of the classes of the images; null where the file does not keep several apart. Default: null.</summary>
    ClassPrompts? ReadPrompts() => null;

    /// <summary>Reads class prototypes: those of a file of prototypes, or else the text features, with the names of their classes where they are known.</summary>
    NamedPrototypes ReadPrototypes();

    /// <summary>Reads the labels, n values; null where there are none.</summary>
    int[]? ReadLabels();

    /// <summary>Reads the names of the classes, C of them; null where there are none.</summary>
    string[]? ReadClassNames();

    /// <summary>Reads the names of the images, n of them; null where there are none.</summary>
    string[]? ReadFileNames();

    /// <summary>Gets what the file calls a part, for messages; null where it is the whole file.</summary>
    /// <param name="part">The name of a parameter of <see cref="FeatureSet"/>: "imageFeatures", "classPrototypes", "labels", "classNames" or "fileNames".</param>
    string? NameOf(string part);
}
