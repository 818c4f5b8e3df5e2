using Lfa.Data;

namespace Lfa.IO;

/// <summary>Reads and inspects any format that holds named arrays.</summary>
internal abstract class ArrayFormat : IFeatureFormat
{
    public abstract string Name { get; }

    public string Extension => "." + Name;

    public abstract bool Matches(ReadOnlySpan<byte> prefix, long length);

    public virtual IFeatureSource Open(Stream stream, string name) => new ArraySource(OpenArrays(stream, name));

    public FileReport Inspect(Stream stream, string name)
    {
        using var file = OpenArrays(stream, name);
        return ArrayInspection.Inspect(file);
    }

    public abstract void Write(Stream stream, FeatureFileContent content, IEnumerable<ReadOnlyMemory<float>> imageFeatures);

    public abstract void WritePrototypes(Stream stream, NamedPrototypes prototypes, ReadOnlyMemory<float> biases);

    /// <summary>Opens the arrays of a stream, which is left open.</summary>
    protected abstract ArrayFile OpenArrays(Stream stream, string name);
}
