namespace Lfa.IO;

/// <summary>Represents an open .npy file: one array without a name.</summary>
internal sealed class NpyFile : ArrayFile
{
    private readonly StoredArray _array;

    public NpyFile(Stream stream, string path)
        : base(path) =>
        _array = StoredArray.FromNpy(ByteSource.FromStream(stream, path));

    public override IReadOnlyList<string> Names => [_array.Name];

    public override FileKind Kind => FileKind.Array;

    public override StoredArray? Find(string name) => name == _array.Name ? _array : null;

    public override StoredArray GetPrototypes() => _array;
}
