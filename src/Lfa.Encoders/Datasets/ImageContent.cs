namespace Lfa.Encoders.Datasets;

/// <summary>The content of an image that is no file.</summary>
/// <param name="Bytes">The encoded image; null where only a stream gives it.</param>
/// <param name="Open">Opens the encoded image at its beginning.</param>
internal sealed record ImageContent(ReadOnlyMemory<byte>? Bytes, Func<Stream> Open) : ImageOrigin
{
    public override string Folder => "";

    public override string? PathOf(string file) => null;
}
