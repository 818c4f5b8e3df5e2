namespace Lfa.IO;

/// <summary>Represents an open file of named arrays.</summary>
/// <param name="path">The path of the file, or the name of a stream, which begins every message.</param>
internal abstract class ArrayFile(string path) : IDisposable
{
    private static readonly string[] PrototypeArrays = ["class_prototypes", "text_features", "arr_0"];

    /// <summary>Gets the path of the file, or the name of a stream.</summary>
    public string Path => path;

    /// <summary>Gets the names of the arrays, in the order of the file.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>Gets the metadata, strings by name.</summary>
    public virtual IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>();

    /// <summary>Gets what the file is.</summary>
    public virtual FileKind Kind => FeatureFileLayout.IsFeatureFile(this) ? FileKind.FeatureFile : FeatureFileLayout.FindImages(this) is null ? FileKind.Unknown : FileKind.Array;

    /// <summary>Gets an array by its name.</summary>
    /// <exception cref="LfaDataException">There is no such array, or its header is not valid.</exception>
    public StoredArray this[string name] =>
        Find(name) ?? throw InputFile.Bad(path, $"there is no array {name}; the file holds {Contents}.");

    /// <summary>Gets the names of the arrays as text for a message.</summary>
    public string Contents => Names.Count == 0 ? "no arrays" : string.Join(", ", Names.Take(20)) + (Names.Count > 20 ? ", …" : "");

    /// <summary>Gets an array by its name, or null where there is none.</summary>
    public abstract StoredArray? Find(string name);

    /// <summary>Gets names, one for each row of another array, or null where there are none.</summary>
    public virtual StoredNames? FindNames(string name) => Find(name) is { } array ? StoredNames.FromRows(array) : null;

    /// <summary>Gets a text, or null where there is none.</summary>
    public virtual StoredNames? FindText(string name) => Find(name) is { } array ? StoredNames.FromValues(array) : null;

    /// <summary>Gets the array with class prototypes.</summary>
    /// <exception cref="LfaDataException">There is none.</exception>
    public virtual StoredArray GetPrototypes() => PrototypeArrays.Select(Find).FirstOrDefault(array => array is not null)
        ?? throw InputFile.Bad(path, $"there is no array {string.Join(", ", PrototypeArrays)} with class prototypes; the file holds {Contents}.");

    public virtual void Dispose()
    {
    }
}
