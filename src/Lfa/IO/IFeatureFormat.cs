using Lfa.Data;

namespace Lfa.IO;

/// <summary>Defines a format of feature files. An implementation registered in <see cref="FeatureFormats.Formats"/> is read, written and inspected like those of this library.</summary>
/// <remarks>Instances are safe for use by several threads at once. Streams are left open; one that is read can seek and is read from its start to its end.</remarks>
public interface IFeatureFormat : INamed
{
    /// <summary>Gets what the names of such files end in, with the dot, in lower case: ".npz".</summary>
    string Extension { get; }

    /// <summary>Returns whether a file is of this format; its name is not trusted.</summary>
    /// <param name="prefix">The first bytes of the file, 16 or all there are.</param>
    /// <param name="length">The length of the file in bytes.</param>
    bool Matches(ReadOnlySpan<byte> prefix, long length);

    /// <summary>Opens the content of a stream; its headers are checked, its values not read yet.</summary>
    /// <param name="stream">The stream, which must stay open as long as what is returned.</param>
    /// <param name="name">What messages call it: the path of a file.</param>
    /// <exception cref="LfaDataException">The content is damaged; the message begins with <paramref name="name"/>.</exception>
    IFeatureSource Open(Stream stream, string name);

    /// <summary>Reads the content of a stream whole and reports what is there and everything that is wrong.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">What messages call it: the path of a file.</param>
    /// <exception cref="LfaDataException">The content is too damaged to list what it holds.</exception>
    FileReport Inspect(Stream stream, string name);

    /// <summary>Writes images with all that is known of them.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="content">Everything but the image features, without contradictions.</param>
    /// <param name="imageFeatures">The image features, n · crops · d values in parts of any length: image by image, crop by crop, the center crop last.</param>
    /// <exception cref="LfaDataException">There are more or fewer values than <paramref name="content"/> says, or something that the format has no place for.</exception>
    void Write(Stream stream, FeatureFileContent content, IEnumerable<ReadOnlyMemory<float>> imageFeatures);

    /// <summary>Writes class prototypes, or a matrix alone where they have no names.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="prototypes">The prototypes, C × d.</param>
    /// <param name="biases">What is added to the products with an embedding of unit length, C values; empty for none.</param>
    /// <exception cref="LfaDataException">The format has no place for the names or the biases.</exception>
    void WritePrototypes(Stream stream, NamedPrototypes prototypes, ReadOnlyMemory<float> biases);
}
